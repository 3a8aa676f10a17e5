/** Where an evaluation runs, and with what. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { arch, availableParallelism, cpus } from 'node:os'
import type { MeasuringHardware } from '@gantry/contract/evaluation.ts'
import { plainText } from '@gantry/contract/plain-text.ts'
import type { Accelerator } from '@gantry/contract/server.ts'
import { memoryBytes } from '../../process/memory.ts'
import { type Driver, readGpus } from './gpus.ts'

const require = createRequire(import.meta.url)
const versionOf = (path: string): string => (require(path) as { readonly version: string }).version

/** Arm's processors have no model name in /proc/cpuinfo. */
const processorName = (): string => plainText(cpus()[0]?.model.trim() || `unknown ${arch()} processor`, 200)

/** Processors that the cgroup allows, in parts: `max` where it sets no limit. */
const quota = async (): Promise<number | undefined> => {
  const [limit, period] = (await readFile('/sys/fs/cgroup/cpu.max', 'utf8').catch(() => 'max 100000')).split(
    ' ',
  )
  return limit === 'max' ? undefined : Number(limit) / Number(period)
}

export interface Machine {
  readonly hardware: Omit<MeasuringHardware, 'accelerator' | 'gpu'>
  /** Names of the GPUs, where there are any. */
  readonly gpu: string | undefined
}

/** @param node name of the node, where there is one */
export const readMachine = async (node: string | undefined, driver: Driver): Promise<Machine> => {
  const limit = await quota()
  const processors = availableParallelism()
  return {
    hardware: {
      processor: processorName(),
      cores: limit === undefined ? processors : Math.min(limit, processors),
      memoryBytes: memoryBytes(),
      onnxruntime: versionOf('onnxruntime-node/package.json'),
      server: versionOf('../../../package.json'),
      ...(node !== undefined && node !== '' && { node }),
    },
    gpu: await readGpus(driver),
  }
}

export const hardwareOf = ({ hardware, gpu }: Machine, accelerator: Accelerator): MeasuringHardware => ({
  ...hardware,
  accelerator,
  ...(accelerator === 'cuda' && gpu !== undefined && { gpu }),
})
