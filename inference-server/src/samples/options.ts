/** The command line of `samples`. */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { samplesOptions } from '@gantry/contract/commands.ts'
import { isSamplesRequest } from '@gantry/contract/documents.ts'
import { type Metric, metrics } from '@gantry/contract/evaluation.ts'
import type { SamplesRequest } from '@gantry/contract/optimizing.ts'
import { type Task, tasks } from '@gantry/contract/server.ts'
import { datasetVariable } from '@gantry/contract/source.ts'
import { oneOf, wholeNumber } from '../config/option-values.ts'
import { type SourceOptions, sourceOptions } from '../evaluation/source-options.ts'
import { StartError } from '../failures/errors.ts'
import { schemeOf } from '../import/sources/source.ts'
import { parseJsonText } from '../json/json-object.ts'

export const usage = `usage: samples --model DIR --task TASK --dataset SOURCE --output FILE [options]

Writes the tensors that the server would give the model for each sample of a data set, for an optimizer to calibrate with.

  --model DIR            folder of the model
  --task TASK            as spec.model.task
  --dataset SOURCE       JSON lines or CSV: a path, file:///, https:// or http://
  --output FILE          a .safetensors file
  --metric METRIC        what labels are (default: accuracy)
  --sample N             how many samples, drawn by a fixed seed (default: all)
  --calibration PART     only | without: a quarter of the samples, or all others
  --labels A,B           class names in output order, where the folder has none
  --max-bytes N          most bytes that the data set may unpack to (default: what is free)
  --allow-http-credentials, --allow-loopback, --refuse-private-addresses, --ca-file FILE
                         as of evaluate
  --help                 this text

Exit code 0: written. 1: the model or the data set cannot be used. 2: the command line is wrong.
Credentials of the data set: environment ${datasetVariable('token')} and so on.

The operator gives --request JSON instead of the first options, with --models DIR where there is room for what is fetched,
and --report FILE for why nothing was written.
`

const options = {
  ...samplesOptions,
  model: { type: 'string' },
  task: { type: 'string' },
  dataset: { type: 'string' },
  metric: { type: 'string' },
  sample: { type: 'string' },
  calibration: { type: 'string' },
  labels: { type: 'string' },
  'allow-loopback': { type: 'boolean' },
  help: { type: 'boolean' },
} as const

export interface SamplesOptions {
  readonly request: SamplesRequest
  /** Absolute path of the file. */
  readonly output: string
  /** Path of the file for why nothing was written. */
  readonly report: string | undefined
  /** Absolute folder in which there is room for what is fetched; undefined: that of temporary files. */
  readonly models: string | undefined
  readonly sources: SourceOptions
}

const wrong = (problem: string): StartError => new StartError(`${problem}; see samples --help`, 2)

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({ args: [...args], options }).values
  } catch (error) {
    throw wrong((error as Error).message)
  }
}

type Values = ReturnType<typeof parse>

const needed = (values: Values, name: 'model' | 'task' | 'dataset' | 'output'): string => {
  const value = values[name]
  if (value !== undefined) return value
  throw wrong(`--${name} is missing`)
}

const calibrations = ['only', 'without'] as const

const requestOfFlags = (values: Values): SamplesRequest => {
  const source = needed(values, 'dataset')
  const size = wholeNumber('--sample', values.sample, wrong)
  const { metric, calibration, labels } = values
  return {
    folder: resolve(needed(values, 'model')),
    task: oneOf<Task>('--task', needed(values, 'task'), tasks, wrong),
    dataset: {
      source: schemeOf(source) === undefined ? `file://${resolve(source)}` : source,
      ...(size !== undefined && { sample: { size } }),
      ...(calibration !== undefined && {
        calibration: oneOf('--calibration', calibration, calibrations, wrong),
      }),
    },
    ...(metric !== undefined && { metric: oneOf<Metric>('--metric', metric, metrics, wrong) }),
    ...(labels !== undefined && { labels: labels.split(',') }),
  }
}

const requestOfJson = (text: string): SamplesRequest => {
  let request: unknown
  try {
    request = parseJsonText(text)
  } catch (error) {
    throw wrong(`--request is not JSON: ${(error as Error).message}`)
  }
  if (isSamplesRequest(request)) return request
  throw wrong('--request is no SamplesRequest of this version')
}

/**
 * @returns undefined where help is asked for
 * @throws StartError with exit code 2
 */
export const readOptions = (args: readonly string[]): SamplesOptions | undefined => {
  const values = parse(args)
  if (values.help) return undefined
  const { request, models } = values
  if (request !== undefined && (values.model ?? values.task ?? values.dataset) !== undefined)
    throw wrong('--request says all that --model, --task and --dataset would; give one or the other')
  return {
    request: request === undefined ? requestOfFlags(values) : requestOfJson(request.join('')),
    output: resolve(needed(values, 'output')),
    report: values.report,
    models: models === undefined ? undefined : resolve(models),
    sources: sourceOptions(values, wrong),
  }
}
