/** Energy of what computes: the processor's packages, and the GPUs where sessions run on them. */
import type { EnergyMeter } from './energy-meter.ts'
import { openGpuMeter } from './gpu-energy.ts'
import type { Driver } from './gpus.ts'
import { openPackageMeter } from './package-energy.ts'

/**
 * @param driver of the GPUs, where sessions run on one
 * @returns undefined where no energy can be read; the sum of what can be, otherwise
 */
export const openEnergyMeter = async (
  driver: Driver | undefined,
  nowMs: () => number,
): Promise<EnergyMeter | undefined> => {
  const opened = [await openPackageMeter(), driver && (await openGpuMeter(driver, nowMs))]
  const meters = opened.filter((meter) => meter !== undefined)
  if (meters.length === 0) return undefined
  return {
    joules: async () => {
      const all = await Promise.all(meters.map((meter) => meter.joules()))
      return all.reduce((sum, joules) => sum + joules, 0)
    },
    close: async () => {
      await Promise.all(meters.map((meter) => meter.close()))
    },
  }
}
