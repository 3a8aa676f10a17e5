/** The command line of `evaluate`. */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { evaluateOptions } from '@gantry/contract/commands.ts'
import { isEvaluationRequest } from '@gantry/contract/documents.ts'
import type { EvaluationRequest } from '@gantry/contract/evaluation.ts'
import { datasetVariable, sourceVariable } from '@gantry/contract/source.ts'
import { oneOf } from '../config/option-values.ts'
import { StartError } from '../failures/errors.ts'
import { parseJsonText } from '../json/json-object.ts'
import { type SourceOptions, sourceOptions } from './source-options.ts'

export const usage = `usage: evaluate --file FILE [options]

  --file FILE            a ModelEvaluation (YAML or JSON): candidates, data set, metric, requirements, weights.
                         A source is a path (relative to FILE), file:///, https:// or http://
  -o, --output FORM      table | json | yaml: how the result is printed (default: table)
  --report DIR           folder for report.md, report.json and report.html
  --compare-with NAME    the candidate that each other one is compared with, sample by sample, in the report
  --prices FILE          the price sheet, where spec.costModel.prices names one
  --work DIR             folder for optimized models and measured rounds of spec.variants: the same command goes on from there
  --optimizer WORD       the command of the optimizer, once for each of its words (npm run evaluate gives it)
  --max-bytes N          most bytes that a source may unpack to (default: what is free)
  --allow-http-credentials
                         credentials may be sent over http, which everyone on the network path can read
  --allow-loopback       a source may be on this machine: http://127.0.0.1:8000/model.onnx
  --refuse-private-addresses
                         sources have to be on the internet
  --ca-file FILE         certificates (PEM) of those who may have signed the certificate of a source's host
  --help                 this text

Exit code 0: measured. 1: no candidate was measured, or the data set or metric cannot be used. 2: the file, the command line or the folder of the report is wrong.
Credentials: environment ${sourceVariable('token')}, or ${sourceVariable('username')} and ${sourceVariable('password')}, with ${sourceVariable('hosts')}, for models;
${datasetVariable('token')} and so on for the data set. Downloads go through the proxies of HTTPS_PROXY and HTTP_PROXY, but for the hosts of NO_PROXY.

The operator gives --request JSON instead of --file, with --models DIR where there is room for what is fetched, and --report FILE for the outcome.
`

const options = {
  ...evaluateOptions,
  file: { type: 'string' },
  output: { type: 'string', short: 'o' },
  prices: { type: 'string' },
  'compare-with': { type: 'string' },
  work: { type: 'string' },
  optimizer: { type: 'string', multiple: true },
  'allow-loopback': { type: 'boolean' },
  help: { type: 'boolean' },
} as const

const outputForms = ['table', 'json', 'yaml'] as const
export type OutputForm = (typeof outputForms)[number]

export type EvaluateOptions = {
  readonly sources: SourceOptions
} & (
  | {
      readonly kind: 'request'
      readonly request: EvaluationRequest
      /** Absolute folder in which there is room for what is fetched; undefined: that of temporary files. */
      readonly models: string | undefined
      /** Path of the file for the outcome. */
      readonly report: string | undefined
    }
  | {
      readonly kind: 'file'
      readonly file: string
      readonly output: OutputForm
      /** Path of the folder for the report. */
      readonly report: string | undefined
      /** Path of the price sheet. */
      readonly prices: string | undefined
      /** Name of the candidate that the others are compared with. */
      readonly compareWith: string | undefined
      /** Absolute folder for what the next run of a search may go on with. */
      readonly work: string | undefined
      /** Words of the command of the optimizer. */
      readonly optimizer: readonly string[] | undefined
    }
)

const wrong = (problem: string): StartError => new StartError(`${problem}; see evaluate --help`, 2)

const parse = (args: readonly string[]) => {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    const [stray] = positionals
    if (stray === undefined) return values
    throw new Error(`${stray} belongs to no option, such as --file`)
  } catch (error) {
    throw wrong((error as Error).message)
  }
}

const requestOf = (text: string): EvaluationRequest => {
  let request: unknown
  try {
    request = parseJsonText(text)
  } catch (error) {
    throw wrong(`--request is not JSON: ${(error as Error).message}`)
  }
  if (isEvaluationRequest(request)) return request
  throw wrong('--request is no EvaluationRequest of this version')
}

const outputOf = (value: string | undefined): OutputForm =>
  value === undefined ? 'table' : oneOf('--output', value, outputForms, wrong)

/**
 * @returns undefined where help is asked for
 * @throws StartError with exit code 2
 */
export const readOptions = (args: readonly string[]): EvaluateOptions | undefined => {
  const values = parse(args)
  if (values.help) return undefined
  const {
    request,
    file,
    models,
    report,
    output,
    prices,
    work,
    optimizer,
    'compare-with': compareWith,
  } = values
  const sources = sourceOptions(values, wrong)
  if ((request === undefined) === (file === undefined)) throw wrong('give either --file or --request')
  if (file !== undefined) {
    if (models !== undefined) throw wrong('--models belongs to --request')
    return {
      ...{ kind: 'file', sources, file: resolve(file), output: outputOf(output), report, prices, optimizer },
      work: work === undefined ? undefined : resolve(work),
      compareWith,
    }
  }
  if ([output, prices, work, optimizer, compareWith].some((value) => value !== undefined))
    throw wrong('--output, --prices, --work, --optimizer and --compare-with belong to --file')
  return {
    kind: 'request',
    sources,
    request: requestOf(request?.join('') ?? ''),
    models: models === undefined ? undefined : resolve(models),
    report,
  }
}
