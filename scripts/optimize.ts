/**
 * `npm run optimize -- --model DIR --output DIR [options]`: makes a model smaller and faster, from a checkout. It installs the
 * optimizer's packages, has the server turn the data set into tensors, runs the optimizer, and measures both models with `evaluate`.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import type { Metric } from '../contract/evaluation.ts'
import { progressOn } from '../local-cluster/progress.ts'
import { type EnvironmentKind, ensureEnvironment, optimizerFolder } from './optimizer/environment.ts'
import { candidates, type EvaluationResults, refusalBy } from './optimizer/final-numbers.ts'

const server = join(import.meta.dirname, '../inference-server/src/main.ts')

/** Options of this script; those of the optimizer are passed on. */
const own = { task: { type: 'string' }, labels: { type: 'string' }, metric: { type: 'string' } } as const
const paths = {
  model: { type: 'string' },
  output: { type: 'string' },
  dataset: { type: 'string' },
  report: { type: 'string' },
  failure: { type: 'string' },
} as const
const passed = {
  file: { type: 'string' },
  graph: { type: 'string' },
  quantize: { type: 'string' },
  prune: { type: 'string' },
  'max-accuracy-drop': { type: 'string' },
  threads: { type: 'string' },
} as const
const switches = { 'prune-heads': { type: 'boolean' }, replace: { type: 'boolean' } } as const

export const usage = `usage: optimize --model DIR --output DIR [options]

Makes the ONNX model of a folder smaller and faster, and measures that it is not worse.

  --model DIR            folder of the model
  --output DIR           folder that is written
  --file GRAPH           the graph, where the folder has several
  --graph LEVEL          none | basic | all: merge nodes (default: none)
  --prune METHOD:RATIO   l1-unstructured:0.3 | structured:0.4
  --prune-heads          structured pruning may take attention heads, too
  --quantize FORMAT      none | int8-dynamic | int8-static | int4 | fp16 (default: none)
  --dataset FILE         samples: of --task as for evaluate, or .safetensors, .npz or .jsonl of numbers
  --task TASK            as spec.model.task; the data set is one of texts, pictures or features, with labels
  --labels A,B           class names in output order, where the folder has none
  --metric METRIC        what labels are (default: accuracy)
  --max-accuracy-drop X  how much accuracy may be lost, or how many answers may differ (default: 0.01)
  --threads N            threads of a run while it is measured (default: 1)
  --report FILE          the report, as JSON
  --failure FILE         a failure goes here, too, as JSON
  --replace              the output may be there already
  --help                 this text

optimize --export PATH --output DIR [--class FILE.py:NAME] [--dataset FILE] [--no-missing-values] [--report FILE] [--failure FILE]
[--replace] writes a model of PyTorch (.pt2; .safetensors or .pt with a class), a folder of Hugging Face, or a model of scikit-learn
(.skops), XGBoost (.json, .ubj), LightGBM (.txt) or CatBoost (.cbm) as ONNX.

Exit code 0: written, and not worse than allowed. 1: nothing is written, and why. 2: the command line is wrong.
`

type Values = ReturnType<typeof parse>

const parse = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    options: { ...own, ...paths, ...passed, ...switches, help: { type: 'boolean' } },
  }).values

/** What the optimizer is given. @param dataset the file that it reads */
export const optimizerArguments = (values: Values, dataset: string | undefined): readonly string[] => [
  ...Object.keys(paths).flatMap((name) => {
    const value = name === 'dataset' ? dataset : values[name as keyof typeof paths]
    return value === undefined ? [] : [`--${name}`, resolve(value)]
  }),
  ...Object.keys(passed).flatMap((name) => {
    const value = values[name as keyof typeof passed]
    return value === undefined ? [] : [`--${name}`, value]
  }),
  ...Object.keys(switches).flatMap((name) => (values[name as keyof typeof switches] ? [`--${name}`] : [])),
]

const wrong = (problem: string): never => {
  console.error(`${problem}; see optimize --help`)
  process.exit(2)
}

/** @returns the exit code, which is 1 where a signal ended the program */
const runs = (command: string, args: readonly string[], cwd?: string): number =>
  spawnSync(command, args, {
    stdio: 'inherit',
    ...(cwd !== undefined && { cwd }),
    env: {
      ...process.env,
      PYTHONPATH: optimizerFolder,
      ORT_DISABLE_TELEMETRY: '1',
      PYTHONDONTWRITEBYTECODE: '1',
    },
  }).status ?? 1

const serverRuns = (...args: readonly string[]): number =>
  runs(process.execPath, ['--disable-warning=ExperimentalWarning', server, ...args])

/** A path, or an address as `evaluate` takes it. */
const addressOf = (dataset: string): string =>
  /^[a-z]+:\/\//.test(dataset) ? dataset : pathToFileURL(resolve(dataset)).href

/** Half of the samples make the model and judge its steps, and the others judge what is served: none does both. */
const judgingShare = 0.5

const partOf = (part: 'held-out' | 'rest') => ({ split: { share: judgingShare, part } })

/** What `samples` is asked for: the tensors that the optimizer works with. */
export const samplesRequestOf = ({ model = '', dataset = '', file, task, labels, metric }: Values) => ({
  ...{ folder: resolve(model), task, metric: metric ?? 'accuracy' },
  ...(file !== undefined && { file }),
  ...(labels !== undefined && { labels: labels.split(',') }),
  dataset: { source: addressOf(dataset), ...partOf('rest') },
})

/** The ModelEvaluation of both folders, on the samples that the optimizer has not seen. */
export const evaluationOf = ({
  model = '',
  output = '',
  dataset = '',
  file,
  task,
  labels,
  metric,
}: Values) => {
  const candidate = (name: string, uri: string) => ({
    ...{ name, task, source: { uri: resolve(uri), ...(file !== undefined && { file }) } },
    ...(labels !== undefined && { labels: labels.split(',') }),
  })
  return {
    ...{ apiVersion: 'gantry.dev/v1alpha1', kind: 'ModelEvaluation', metadata: { name: 'optimized' } },
    spec: {
      candidates: [candidate(candidates.before, model), candidate(candidates.after, output)],
      ...{ dataset: { uri: addressOf(dataset), ...partOf('held-out') }, metric: metric ?? 'accuracy' },
    },
  }
}

/** @returns the file that the optimizer reads, or the code to end with */
const samplesFile = (values: Values, folder: string): string | number | undefined => {
  const { dataset, task } = values
  if (dataset === undefined || task === undefined) return dataset
  const samples = join(folder, 'samples.safetensors')
  const request = JSON.stringify(samplesRequestOf(values))
  const code = serverRuns('samples', '--request', request, '--output', samples)
  return code === 0 ? samples : code
}

/**
 * Measures both folders as the server serves them. A model that loses too much is removed.
 * @returns the exit code
 */
const evaluateBoth = (values: Values, folder: string): number => {
  const drop = Number(values['max-accuracy-drop'] ?? '0.01')
  const evaluation = evaluationOf(values)
  const { metric } = evaluation.spec
  const file = join(folder, 'evaluation.json')
  writeFileSync(file, JSON.stringify(evaluation))
  const code = serverRuns('evaluate', '--file', file, '--report', folder)
  const refusal =
    code === 0
      ? refusalBy(results(join(folder, 'report.json')), metric as Metric, drop)
      : 'The server could not measure both models.'
  return refusal === undefined ? 0 : refuse(values, refusal)
}

const results = (path: string): EvaluationResults =>
  JSON.parse(readFileSync(path, 'utf8')) as EvaluationResults

const refuse = ({ output = '', report, failure }: Values, message: string): number => {
  rmSync(output, { recursive: true, force: true })
  const document = { outcome: 'failed', reason: 'AgreementTooLow', message }
  for (const path of [report, failure]) if (path !== undefined) writeFileSync(path, JSON.stringify(document))
  console.error(`AgreementTooLow: ${message}`)
  return 1
}

/** Stands above the table of `evaluate`, whose speed is another one than that of the steps. */
const tableRemark =
  'Both models as the server serves them; `after` is the new one. Speed has HTTP in it here, and a large SPREAD says that the machine was busy:'

/** Where the new folder is, and the command that serves it. */
export const nextStep = ({ output = '', task }: Values): string =>
  `The new folder is ${resolve(output)}. To serve it: npm run serve -- --model ${resolve(output)}${task === undefined ? ', with the --task of the model' : ` --task ${task}`}`

const optimize = async (values: Values): Promise<number> => {
  const python = await ensureEnvironment('run', progressOn(process.stderr))
  const folder = mkdtempSync(join(tmpdir(), 'gantry-optimize-'))
  try {
    const dataset = samplesFile(values, folder)
    if (typeof dataset === 'number') return dataset
    const args = optimizerArguments(values, dataset)
    const code = runs(python, ['-m', 'gantry_optimizer', ...args], optimizerFolder)
    if (code !== 0) return code
    const isMeasured = values.dataset !== undefined && values.task !== undefined
    if (isMeasured) process.stdout.write(`\n${tableRemark}\n\n`)
    const judged = isMeasured ? evaluateBoth(values, folder) : 0
    if (judged === 0) process.stdout.write(`\n${nextStep(values)}\n`)
    return judged
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const isExport = (arg: string): boolean => arg === '--export' || arg.startsWith('--export=')

const tables = /\.(skops|json|ubj|txt|cbm)$/i
const ofTorch = /\.(pt2|safetensors|pt|pth|bin)$/i

/** The packages that an export may need. What no name says is refused without any, such as a pickle. */
export const exporterOf = (args: readonly string[]): EnvironmentKind => {
  const at = args.findIndex(isExport)
  const path = args[at]?.includes('=') ? args[at].slice('--export='.length) : (args[at + 1] ?? '')
  if (tables.test(path)) return 'trees'
  return ofTorch.test(path) || existsSync(join(path, 'config.json')) ? 'torch' : 'run'
}

/** The optimizer checks these options itself; paths stay those of the caller's folder. */
const exportModel = async (args: readonly string[]): Promise<number> => {
  const python = await ensureEnvironment(exporterOf(args), progressOn(process.stderr))
  return runs(python, ['-P', '-m', 'gantry_optimizer', ...args])
}

const main = async (args: readonly string[]): Promise<number> => {
  if (args.some(isExport) && !args.includes('--help')) return exportModel(args)
  let values: Values
  try {
    values = parse(args)
  } catch (error) {
    return wrong((error as Error).message)
  }
  if (values.help) {
    process.stdout.write(usage)
    return 0
  }
  for (const name of ['model', 'output'] as const) if (!values[name]) wrong(`--${name} is missing`)
  if (values.task !== undefined && values.dataset === undefined) wrong('--task needs --dataset')
  return optimize(values)
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2))
