/** `npm run optimize -- --export PATH`: installs what the model needs, and has the server turn samples into tensors. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tasks } from '../../contract/documents.gen.ts'
import { progressOn } from '../../local-cluster/progress.ts'
import { type EnvironmentKind, ensureEnvironment } from './environment.ts'
import { nextStep, unknownWord } from './next-step.ts'
import { addressOf, runs } from './programs.ts'
import { makeSamples } from './samples.ts'

/** @returns the value of an option that is given as `--name value` or `--name=value` */
const optionOf = (args: readonly string[], name: string): string | undefined => {
  const at = args.findIndex((arg) => arg === name || arg.startsWith(`${name}=`))
  return args[at] === name ? args[at + 1] : args[at]?.slice(name.length + 1)
}

/** @returns the options without some, which have a value each */
const without = (args: readonly string[], ...names: readonly string[]): readonly string[] =>
  args.filter((arg, at) => {
    const isNamed = names.some((name) => arg === name || arg.startsWith(`${name}=`))
    return !isNamed && !names.includes(args[at - 1] ?? '')
  })

export const isExport = (arg: string): boolean => arg === '--export' || arg.startsWith('--export=')

const tables = /\.(skops|json|ubj|txt|cbm)$/i
const ofTorch = /\.(pt2|safetensors|pt|pth|bin)$/i

/** The packages that an export may need. What no name says is refused without any, such as a pickle. */
export const exporterOf = (args: readonly string[]): EnvironmentKind => {
  const path = optionOf(args, '--export') ?? ''
  if (tables.test(path)) return 'trees'
  return ofTorch.test(path) || existsSync(join(path, 'config.json')) ? 'torch' : 'run'
}

export interface Steps {
  /** Exports without samples into a folder that goes. */
  readonly first: readonly string[]
  /** What `samples` is asked for. */
  readonly samples: object
  /** Exports again, and compares on the tensors. */
  readonly last: readonly string[]
}

/**
 * What is done where samples are texts or pictures. Only a graph says which tensors the server makes of them, so the model is exported twice.
 * @param folder for what goes afterwards
 */
export const stepsOf = (args: readonly string[], task: string, dataset: string, folder: string): Steps => {
  const model = join(folder, 'model')
  const plain = without(args, '--task')
  return {
    first: [...without(plain, '--dataset', '--output', '--report'), '--output', model],
    samples: { folder: model, task, metric: 'accuracy', dataset: { source: addressOf(dataset) } },
    last: [
      ...without(plain, '--dataset'),
      ...['--dataset', join(folder, 'samples.safetensors'), '--dataset-name', dataset],
    ],
  }
}

const exportOnSamples = async (
  optimizer: (args: readonly string[]) => Promise<number>,
  steps: Steps,
  folder: string,
  told: readonly (string | undefined)[],
): Promise<number> => {
  const first = await optimizer(steps.first)
  if (first !== 0) return first
  const made = await makeSamples(steps.samples, folder, told)
  return typeof made === 'string' ? optimizer(steps.last) : made
}

/** @returns what is wrong with the options of this script */
const problemOf = (task: string | undefined, dataset: string | undefined): string | undefined =>
  task !== undefined && dataset === undefined ? '--task needs --dataset' : unknownWord('task', task, tasks)

/** @returns the exit code */
const exported = async (args: readonly string[], task?: string, dataset?: string): Promise<number> => {
  const python = await ensureEnvironment(exporterOf(args), progressOn(process.stderr))
  const optimizer = (given: readonly string[]): Promise<number> =>
    runs(python, ['-P', '-m', 'gantry_optimizer', ...given])
  if (task === undefined || dataset === undefined) return optimizer(args)
  const folder = mkdtempSync(join(tmpdir(), 'gantry-export-'))
  try {
    const told = [optionOf(args, '--report'), optionOf(args, '--failure')]
    return await exportOnSamples(optimizer, stepsOf(args, task, dataset, folder), folder, told)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The optimizer checks its own options; paths stay those of the caller's folder. @returns the exit code */
export const exportModel = async (args: readonly string[]): Promise<number> => {
  const [task, dataset] = [optionOf(args, '--task'), optionOf(args, '--dataset')]
  const problem = problemOf(task, dataset)
  if (problem !== undefined) {
    console.error(`${problem}; see optimize --help`)
    return 2
  }
  const code = await exported(args, task, dataset)
  if (code === 0) process.stdout.write(`\n${nextStep(optionOf(args, '--output'), task)}\n`)
  return code
}
