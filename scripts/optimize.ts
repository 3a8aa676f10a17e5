/**
 * `npm run optimize -- --model DIR --output DIR [options]`: makes a model smaller and faster, from a checkout. It installs the
 * optimizer's packages, has the server turn the data set into tensors, runs the optimizer, and measures both models with `evaluate`.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { metrics, tasks } from '../contract/documents.gen.ts'
import type { Metric } from '../contract/evaluation.ts'
import { defaultMaxAccuracyDrop } from '../contract/optimizing.ts'
import { progressOn } from '../local-cluster/progress.ts'
import { ensureEnvironment, optimizerFolder } from './optimizer/environment.ts'
import { exportModel, isExport } from './optimizer/export.ts'
import type { JudgeRequest } from './optimizer/judge.ts'
import { nextStep, unknownWord } from './optimizer/next-step.ts'
import { addressOf, isAddress, runs } from './optimizer/programs.ts'
import { makeSamples } from './optimizer/samples.ts'

const judge = join(import.meta.dirname, 'optimizer/judge.ts')

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
  distill: { type: 'string' },
  'distill-epochs': { type: 'string' },
  'distill-seconds': { type: 'string' },
  'distill-seed': { type: 'string' },
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
  --distill PART:SHARE   layers:0.5 | width:0.5 | both with a comma: trains a smaller student; needs --dataset
  --distill-epochs N     most epochs that it learns (default: 60)
  --distill-seconds N    most seconds that it learns (default: 1800)
  --distill-seed N       decides the order of its samples (default: 0)
  --graph LEVEL          none | basic | all: merge nodes (default: none)
  --prune METHOD:RATIO   l1-unstructured:0.3 | structured:0.4
  --prune-heads          structured pruning may take attention heads, too
  --quantize FORMAT      none | int8-dynamic | int8-static | int4 | fp16 (default: none)
  --dataset FILE         samples: of --task as for evaluate, or .safetensors, .npz or .jsonl of numbers
  --task TASK            as spec.model.task; the data set is one of texts, pictures or features, with labels
  --labels A,B           class names in output order, where the folder has none
  --metric METRIC        what labels are (default: accuracy)
  --max-accuracy-drop X  how much accuracy may be lost, or how many answers may differ (default: ${defaultMaxAccuracyDrop})
  --threads N            threads of a run while it is measured (default: 1)
  --report FILE          the report, as JSON
  --failure FILE         a failure goes here, too, as JSON
  --replace              the output may be there already
  --help                 this text

optimize --export PATH --output DIR [--class FILE.py:NAME] [--dataset FILE [--task TASK]] [--no-missing-values] [--report FILE]
[--failure FILE] [--replace] writes a model of PyTorch (.pt2; .safetensors or .pt with a class), a folder of Hugging Face, or a model of scikit-learn
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

/** A data set on this machine, which the output must not hold. */
const pathOf = (dataset = ''): string | undefined => (isAddress(dataset) ? undefined : dataset)

/** Half of the samples make the model and judge its steps, and the others judge what is served: none does both. */
const judgingShare = 0.5

const partOf = (part: 'held-out' | 'rest') => ({ split: { share: judgingShare, part } })

/** What `samples` is asked for: the tensors that the optimizer works with. */
export const samplesRequestOf = ({
  model = '',
  dataset = '',
  file,
  task,
  labels,
  metric,
  distill,
}: Values) => ({
  ...{ folder: resolve(model), task, metric: metric ?? 'accuracy' },
  ...(file !== undefined && { file }),
  ...(labels !== undefined && { labels: labels.split(',') }),
  dataset: { source: addressOf(dataset), ...partOf('rest') },
  ...(distill !== undefined && { trains: true }),
})

/** What judges at the end: the samples that the optimizer has not seen. */
export const judgeRequestOf = (values: Values): JudgeRequest => {
  const { model = '', dataset = '', file, task = '', labels, metric } = values
  return {
    ...{ model: resolve(model), task, metric: (metric ?? 'accuracy') as Metric },
    ...(file !== undefined && { file }),
    ...(labels !== undefined && { labels: labels.split(',') }),
    dataset: { uri: addressOf(dataset), ...partOf('held-out') },
    maxAccuracyDrop: Number(values['max-accuracy-drop'] ?? defaultMaxAccuracyDrop),
  }
}

/** @returns the file that the optimizer reads, or the code to end with */
const samplesFile = async (values: Values, folder: string): Promise<string | number | undefined> => {
  const { dataset, task, report, failure } = values
  if (dataset === undefined || task === undefined) return dataset
  return makeSamples(samplesRequestOf(values), folder, [report, failure])
}

/** The words of the command that judges the new folder; the optimizer runs it, and only then gives the folder its name. */
const judgeWords = (values: Values, folder: string): readonly string[] => {
  const request = join(folder, 'judge.json')
  writeFileSync(request, JSON.stringify(judgeRequestOf(values)))
  return [process.execPath, '--disable-warning=ExperimentalWarning', judge, request]
}

const optimizerOf = async (kind: 'run' | 'torch') => {
  const python = await ensureEnvironment(kind, progressOn(process.stderr))
  return (...args: readonly string[]): Promise<number> =>
    runs(python, ['-m', 'gantry_optimizer', ...args], optimizerFolder)
}

/** What messages call the data set, of which the server has made another file. */
const namesOf = ({ dataset, task }: Values): readonly string[] =>
  dataset !== undefined && task !== undefined ? [`--dataset-name=${dataset}`] : []

const optimize = async (values: Values): Promise<number> => {
  const isDistilled = values.distill !== undefined
  const light = await optimizerOf('run')
  const folder = mkdtempSync(join(tmpdir(), 'gantry-optimize-'))
  try {
    const isMeasured = values.dataset !== undefined && values.task !== undefined
    // What is wrong with the options is said before samples are made, which may take minutes, and before PyTorch is installed.
    const checked =
      isMeasured || isDistilled
        ? await light(...optimizerArguments(values, pathOf(values.dataset)), '--check-only')
        : 0
    if (checked !== 0) return checked
    const optimizer = isDistilled ? await optimizerOf('torch') : light
    const dataset = await samplesFile(values, folder)
    if (typeof dataset === 'number') return dataset
    const judging = isMeasured ? judgeWords(values, folder).map((word) => `--judge=${word}`) : []
    const code = await optimizer(...optimizerArguments(values, dataset), ...namesOf(values), ...judging)
    if (code === 0) process.stdout.write(`\n${nextStep(values.output, values.task)}\n`)
    return code
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
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
  // PyTorch is some GB, so this is said before it is installed.
  if (values.distill !== undefined && values.dataset === undefined)
    wrong('--distill needs --dataset: generated inputs teach a student nothing')
  if (values.task !== undefined && values.dataset === undefined) wrong('--task needs --dataset')
  const problem = unknownWord('task', values.task, tasks) ?? unknownWord('metric', values.metric, metrics)
  if (problem !== undefined) wrong(problem)
  return optimize(values)
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2))
