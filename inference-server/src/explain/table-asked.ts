/** What a request for the explanation of a row of a table asks for. */
import { Failure } from '../failures/errors.ts'
import type { Served } from '../inference/served.ts'
import { isObject, type JsonObject, withoutNulls } from '../json/json-object.ts'
import { decodeInfer, parseJson } from '../protocol/protocol.ts'
import { parameterReader } from '../tasks/parameters.ts'
import type { NamedTensors } from '../tensors/tensor.ts'
import { commonOptions } from './asked.ts'
import { type Background, backgroundOf } from './background.ts'
import type { AskedItem, Brought } from './explaining.ts'
import { type Input, inputsOf, refuseNaN } from './features.ts'

const tableOptions = ['target', 'output', 'samples', 'seed', 'link'] as const
const bodyMembers = ['id', 'inputs', 'parameters', 'background']

/** What is explained: the answer as it is, or the logarithm of the odds where it is a probability. */
const links = ['identity', 'logit'] as const
export type Link = (typeof links)[number]

/** Coalitions of one explanation. */
const mostSamples = 20_000
/** Largest seed: the whole numbers of JSON. */
const mostSeed = Number.MAX_SAFE_INTEGER

const refused = (message: string, field: string): Failure => new Failure('invalid', message, { field })

export interface AskedTable {
  readonly row: NamedTensors
  readonly inputs: readonly Input[]
  readonly background: Background
  readonly item: AskedItem
  readonly link: Link
  readonly seed: number
  readonly samples: number | undefined
}

/** @throws Failure naming a member that is not known: a mistake in its name would go unseen */
const refuseUnknown = (members: object, known: readonly string[], pathOf: AskedItem['pathOf']): void => {
  const unknown = Object.keys(members).find((name) => !known.includes(name))
  if (unknown === undefined) return
  throw refused(
    `${pathOf(unknown)} is not known here, where ${known.join(', ')} are; leave it out`,
    pathOf(unknown),
  )
}

const bodyOf = (brought: Brought): { readonly json: Buffer; readonly body: JsonObject } => {
  if (brought.kind === 'form')
    throw new Failure('unsupported-media-type', 'this model reads no files; send application/json')
  const body = parseJson(brought.json)
  if (!isObject(body))
    throw new Failure('malformed', 'the body has to be a JSON object with a list "inputs", as infer has it')
  refuseUnknown(withoutNulls(body), bodyMembers, (name) => name)
  return { json: brought.json, body }
}

/** @throws Failure naming the member that is wrong */
export const askedTable = async ({ model, task }: Served, brought: Brought): Promise<AskedTable> => {
  const { json, body } = bodyOf(brought)
  const { inputs: row, parameters } = decodeInfer(json, undefined, { signature: model, items: task })
  const pathOf = (name: string): string => `parameters.${name}`
  refuseUnknown(parameters, [...tableOptions, ...commonOptions], pathOf)
  const inputs = inputsOf(row)
  refuseNaN(row, 'the row', 'inputs')
  const { whole, choice } = parameterReader(parameters, pathOf)
  return {
    row,
    inputs,
    background: await backgroundOf(body['background'], model.dir, inputs),
    item: { members: parameters, pathOf },
    link: choice('link', links, 'identity'),
    seed: whole('seed', { from: 0, to: mostSeed }, 0),
    samples: whole('samples', { from: 2, to: mostSamples }, undefined),
  }
}
