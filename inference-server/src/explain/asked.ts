/** What an explanation is asked for: the item and the options, as JSON or a form brings them. */
import { Failure, quoted } from '../failures/errors.ts'
import { timeoutOf } from '../inference/infer.ts'
import { isObject } from '../json/json-object.ts'
import { decodeInfer, parseJson } from '../protocol/protocol.ts'
import type { Members } from '../requests/members.ts'
import { readInstances } from '../tasks/instances.ts'
import { parameterReader } from '../tasks/parameters.ts'
import type { LoadedTask } from '../tasks/task.ts'
import type { Signature } from '../tensors/tensor.ts'
import type { AskedItem, Brought } from './explaining.ts'

/** Names of what any explanation may set. */
export const commonOptions = ['maxEvaluations', 'timeout'] as const

/** Bounds that a request sets for its explanation. */
export interface Bounds {
  /** Most rows that the model is asked about. */
  readonly mostRows: number
  /** A deadline of its own. */
  readonly timeoutMs: number | undefined
}

/** @param mostRows of the server @throws Failure naming the member that is wrong */
export const boundsOf = ({ members, pathOf }: AskedItem, mostRows: number): Bounds => ({
  mostRows: parameterReader(members, pathOf).whole('maxEvaluations', { from: 1, to: mostRows }, mostRows),
  timeoutMs: timeoutOf(members, pathOf('timeout')),
})

const several = (field: string): Failure =>
  new Failure(
    'invalid',
    `${field} asks for several items; an explanation is of one, so send them one by one`,
    {
      field,
    },
  )

const unread = (): never => {
  throw new Error('an item that is explained is made ready by its explanation')
}

/**
 * Reads a body as /predict has it for one item, with the options of the explanation among the parameters.
 * @param options their names @throws Failure naming the member that is wrong
 */
export const readItem = (body: unknown, task: LoadedTask, options: readonly string[]): AskedItem => {
  if (isObject(body) && body['instances'] != null) throw several('instances')
  const { fields, lists } = task
  const parameters = [...task.parameters, ...commonOptions, ...options]
  let asked: AskedItem = { members: {}, pathOf: (name) => name }
  readInstances(body, {
    fields,
    lists,
    parameters,
    read: (members, pathOf) => {
      asked = { members, pathOf }
      return unread
    },
  })
  return asked
}

const notJson = (): Failure =>
  new Failure('unsupported-media-type', 'this model reads no files; send application/json')

/** One element of each BYTES tensor, as members. */
const membersOfTensors = (
  json: Buffer,
  { model, task }: { readonly model: Signature; readonly task: LoadedTask },
): Members => {
  const { inputs, items, parameters } = decodeInfer(json, undefined, { signature: model, items: task })
  if (!items)
    throw new Failure(
      'invalid',
      `inputs are tensors of the model, but what is explained are ${quoted(task.fields)}; send those`,
      { field: 'inputs' },
    )
  const fields = task.fields.filter((name) => inputs.has(name))
  const [first = ''] = fields
  if (inputs.get(first)?.data.length !== 1) throw several(first)
  return {
    ...Object.fromEntries(fields.map((name) => [name, inputs.get(name)?.data[0]])),
    ...Object.fromEntries(
      task.lists.filter((name) => inputs.has(name)).map((name) => [name, inputs.get(name)?.data]),
    ),
    parameters,
  }
}

/**
 * The body of a request to a model with a task, as /predict has it; one of the Open Inference Protocol, with a tensor of one
 * element for each member, counts as such.
 * @throws Failure
 */
export const itemBody = (
  brought: Brought,
  of: { readonly model: Signature; readonly task: LoadedTask },
): unknown => {
  if (brought.kind === 'form') throw notJson()
  const body = parseJson(brought.json)
  return isObject(body) && body['inputs'] != null ? membersOfTensors(brought.json, of) : body
}

/** The same of a form, whose fields are members and options alike. @throws Failure naming the field that is wrong */
export const readForm = (
  fields: Readonly<Record<string, string>>,
  file: Uint8Array,
  task: LoadedTask,
  options: readonly string[],
): AskedItem => {
  const { image: _, ...parameters } = fields
  const { members } = readItem({ image: 'file', parameters }, task, options)
  return { members: { ...members, image: file }, pathOf: (name) => name }
}
