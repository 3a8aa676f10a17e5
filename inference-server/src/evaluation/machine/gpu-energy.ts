/** Energy that GPUs have taken: the power that nvidia-smi tells, again and again, over time. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { EnergyMeter } from './energy-meter.ts'
import { type Driver, visibleGpus } from './gpus.ts'

/** The power of a GPU, and the energy that it has taken until then. */
interface Drawn {
  readonly watts: number
  readonly atMs: number
  readonly joules: number
}

/** Newer drivers tell the power of the moment; `power.draw` is that of up to a second before. */
const fields = ['power.draw.instant', 'power.draw'] as const
/** Time from one sample to the next, in milliseconds: a usual round has five. */
const intervalMs = 100
/** Longest time until the first sample, in milliseconds: nvidia-smi may have to load the driver. */
const firstMs = 20_000

const joulesUntil = ({ watts, atMs, joules }: Drawn, nowMs: number): number =>
  joules + (watts * (nowMs - atMs)) / 1000

/** @param line `0, 62.51`: index and watts; what cannot be measured is `[N/A]` */
const readLine = (line: string): readonly [gpu: string, watts: number] | undefined => {
  const [, gpu = '', watts] = /^(\d+), *([\d.]+)$/.exec(line.trim()) ?? []
  return watts === undefined || !Number.isFinite(Number(watts)) ? undefined : [gpu, Number(watts)]
}

const end = async (child: ChildProcess): Promise<void> => {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const closed = once(child, 'close')
  child.kill('SIGKILL')
  await closed
}

const openField = async (
  field: string,
  { command, env }: Driver,
  nowMs: () => number,
): Promise<EnergyMeter | undefined> => {
  const query = [`--query-gpu=index,${field}`, '--format=csv,noheader,nounits', `--loop-ms=${intervalMs}`]
  const child = spawn(command, [...query, ...visibleGpus(env)], { env, stdio: ['ignore', 'pipe', 'ignore'] })
  const drawn = new Map<string, Drawn>()
  let isOver = false
  const over = new Promise<void>((resolve) => {
    for (const event of ['error', 'exit'] as const)
      child.on(event, () => {
        isOver = true
        resolve()
      })
  })
  const without = new Set<string>()
  const begun = new Promise<void>((resolve) => {
    createInterface({ input: child.stdout as Readable }).on('line', (line) => {
      const [gpu, watts] = readLine(line) ?? []
      if (gpu === undefined || watts === undefined) {
        if (without.has(line)) resolve() // the second time, so that all GPUs have been asked
        without.add(line)
        return
      }
      const atMs = nowMs()
      const before = drawn.get(gpu)
      drawn.set(gpu, { watts, atMs, joules: before ? joulesUntil(before, atMs) : 0 })
      resolve()
    })
  })
  const total = (): number => {
    if (isOver) return Number.NaN
    return [...drawn.values()].reduce((sum, one) => sum + joulesUntil(one, nowMs()), 0)
  }
  await Promise.race([begun, over, sleep(firstMs, undefined, { ref: false })])
  if (drawn.size === 0) {
    await end(child)
    return undefined
  }
  let last: number | undefined
  return {
    joules: async () => {
      const now = total()
      const since = now - (last ?? now)
      last = now
      return since
    },
    close: () => end(child),
  }
}

/** @returns undefined where nvidia-smi is not there, or tells no power */
export const openGpuMeter = async (driver: Driver, nowMs: () => number): Promise<EnergyMeter | undefined> => {
  for (const field of fields) {
    const meter = await openField(field, driver, nowMs)
    if (meter) return meter
  }
  return undefined
}
