import { Failure } from '../errors.ts'
import type { TaskInput } from './task.ts'
import { textInput } from './texts.ts'

/** Most items in one call of /predict. */
const maxInstances = 256

/** The items of a /predict body. */
export interface Instances {
  readonly inputs: readonly TaskInput[]
  /** One `{"text": …}` or `{"image": …}`: the answer is one result, not a list of them. */
  readonly single: boolean
}

/**
 * Reads `{"text": …}`, `{"image": "<base64>"}` or `{"instances": […]}`, whose items are texts, base64 pictures, or
 * objects with the member `text` or `image`.
 * @param body parsed JSON
 * @param accepts what the model's task reads
 * @throws Failure naming the member that is wrong
 */
export const readInstances = (body: unknown, accepts: TaskInput['kind']): Instances => {
  const members = objectOf(body)
  if (!members) throw new Failure('malformed', `the body has to be a JSON object such as ${example(accepts)}`)
  const { instances } = members
  if (instances === undefined) return { inputs: [item(members[accepts], accepts, accepts)], single: true }
  if (!Array.isArray(instances) || instances.length === 0)
    throw new Failure('invalid', 'instances has to be a list of at least one item', { field: 'instances' })
  if (instances.length > maxInstances)
    throw new Failure(
      'too-large',
      `instances has ${instances.length} items; send at most ${maxInstances} in one call`,
      {
        field: 'instances',
      },
    )
  return { inputs: instances.map((value, index) => instance(value, index, accepts)), single: false }
}

/** `{"predictions": […]}` for a list, the result itself for a single item. */
export const predictAnswer = <Result>(
  results: readonly Result[],
  { single }: Instances,
): Result | { readonly predictions: readonly Result[] } =>
  single && results[0] !== undefined ? results[0] : { predictions: results }

const example = (accepts: TaskInput['kind']): string =>
  accepts === 'text'
    ? '{"text": "…"} or {"instances": ["…"]}'
    : '{"image": "<base64>"} or {"instances": ["<base64>"]}'

const objectOf = (value: unknown): Record<string, unknown> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined

const instance = (value: unknown, index: number, accepts: TaskInput['kind']): TaskInput => {
  const field = `instances[${index}]`
  const members = objectOf(value)
  return members ? item(members[accepts], `${field}.${accepts}`, accepts) : item(value, field, accepts)
}

const item = (value: unknown, field: string, accepts: TaskInput['kind']): TaskInput =>
  accepts === 'text' ? textInput(value, field) : base64Image(value, field)

const base64Image = (value: unknown, field: string): TaskInput => {
  if (value === undefined || value === null) throw new Failure('invalid', `${field} is missing`, { field })
  if (typeof value !== 'string' || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(value))
    throw new Failure('invalid', `${field} has to be a picture in base64`, { field })
  return { kind: 'image', bytes: Buffer.from(value, 'base64') }
}
