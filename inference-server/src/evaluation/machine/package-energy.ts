/** Energy that the processor's packages have taken, from RAPL, where the kernel lets this process read it. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { EnergyMeter } from './energy-meter.ts'

/** A counter of microjoules that begins again at `rangeMicrojoules`. */
interface Counter {
  readonly path: string
  readonly rangeMicrojoules: number
}

const folder = '/sys/class/powercap'
/** One for each package; what lies below (`intel-rapl:0:0`) is part of it. */
const packages = /^intel-rapl:\d+$/

const numberAt = async (path: string): Promise<number> => Number(await readFile(path, 'utf8'))

const counterAt = async (dir: string): Promise<Counter | undefined> => {
  try {
    const path = join(dir, 'energy_uj')
    await numberAt(path) // only root may read it on many systems
    return { path, rangeMicrojoules: await numberAt(join(dir, 'max_energy_range_uj')) }
  } catch {
    return undefined
  }
}

/** @returns undefined where there are no counters that can be read */
export const openPackageMeter = async (root = folder): Promise<EnergyMeter | undefined> => {
  const names = (await readdir(root).catch(() => [])).filter((name) => packages.test(name))
  const counters = (await Promise.all(names.map((name) => counterAt(join(root, name))))).filter(
    (counter) => counter !== undefined,
  )
  if (counters.length === 0) return undefined
  let last: readonly number[] | undefined
  return {
    joules: async () => {
      const now = await Promise.all(counters.map(({ path }) => numberAt(path)))
      const before = last ?? now
      last = now
      const microjoules = now.map((value, index) => {
        const since = value - Number(before[index])
        return since < 0 ? since + Number(counters[index]?.rangeMicrojoules) : since
      })
      return microjoules.reduce((sum, value) => sum + value, 0) / 1e6
    },
    close: async () => undefined,
  }
}
