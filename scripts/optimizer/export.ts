/** `npm run optimize -- --export PATH`: installs what the model needs, and has the server turn samples into tensors. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { tasks } from '../../contract/documents.gen.ts'
import { progressOn } from '../../local-cluster/progress.ts'
import { type EnvironmentKind, ensureEnvironment } from './environment.ts'
import { nextStep, unknownWord } from './next-step.ts'
import { addressOf, runs } from './programs.ts'

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

const sampling = fileURLToPath(new URL('./sampling.ts', import.meta.url))

/**
 * Options where samples are texts or pictures. Only a graph says which tensors the server makes of them, so the optimizer has them made for the
 * graph before it compares.
 * @param request file of what `samples` is asked for
 */
export const sampledOptions = (
  args: readonly string[],
  dataset: string,
  request: string,
): readonly string[] => [
  ...without(args, '--task', '--dataset'),
  `--dataset-name=${dataset}`,
  ...[process.execPath, '--disable-warning=ExperimentalWarning', sampling, request].map(
    (word) => `--sampler=${word}`,
  ),
]

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
    const request = join(folder, 'samples.json')
    const asked = { task, metric: 'accuracy', dataset: { source: addressOf(dataset) } }
    writeFileSync(request, JSON.stringify(asked))
    return await optimizer(sampledOptions(args, dataset, request))
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
