import { Failure } from '../failures/errors.ts'
import { isObject, withoutNulls } from '../json/json-object.ts'
import type { Members, PathOf } from '../requests/members.ts'
import { checkShared } from './shared-members.ts'
import type { LoadedTask, TaskItem } from './task.ts'
import { kindOf } from './text/texts.ts'

/** Most items in one call of /predict. */
const maxInstances = 256

/** The items of a /predict body. */
export interface Instances {
  readonly items: readonly TaskItem[]
  /** One item that is the body itself: the answer is one result, not a list of them. */
  readonly single: boolean
}

/** What decides how a body is read. */
export type InstanceReader = Pick<LoadedTask, 'fields' | 'lists' | 'parameters' | 'read'>

/**
 * Reads `{"text": …}` (under the names of the task's members) or `{"instances": […]}`, whose items are such objects
 * or the main member alone. `parameters` and lists beside `instances` are for all of them.
 * @param body parsed JSON
 * @throws Failure naming the member that is wrong
 */
export const readInstances = (body: unknown, task: InstanceReader): Instances => {
  const members = objectOf(body)
  if (!members) throw new Failure('malformed', `the body has to be a JSON object such as ${example(task)}`)
  const parameters = readParameters(members['parameters'], task)
  const { instances } = members
  if (instances === undefined) {
    const pathOf: PathOf = (name) => (name in parameters && !(name in members) ? `parameters.${name}` : name)
    const item = task.read({ ...parameters, ...itemMembers(members, task) }, pathOf)
    checkMembers(members, task, pathOf)
    return { items: [item], single: true }
  }
  if (!Array.isArray(instances) || instances.length === 0)
    throw new Failure('invalid', 'instances has to be a list of at least one item', { field: 'instances' })
  if (instances.length > maxInstances)
    throw new Failure(
      'too-large',
      `instances has ${instances.length} items; send at most ${maxInstances} in one call`,
      { field: 'instances' },
    )
  const misplaced = task.fields.find((name) => members[name] !== undefined)
  if (misplaced !== undefined)
    throw new Failure(
      'invalid',
      `${misplaced} stands beside instances, where it would not be read; make it one of the instances`,
      { field: misplaced },
    )
  checkMembers(members, task, (name) => name)
  const shared = { ...parameters, ...pick(members, task.lists) }
  checkShared(shared, instances.length, (name) => (name in parameters ? `parameters.${name}` : name))
  const items = instances.map((value, index) => instance(value, index, shared, parameters, task))
  return { items, single: false }
}

/**
 * `{"predictions": […]}` for a list, the result itself for a single item.
 * @param list JSON of the list of results
 */
export const predictAnswer = (list: string, { single }: Pick<Instances, 'single'>): string =>
  single ? list.slice(1, -1) : `{"predictions":${list}}`

const example = ({ fields, lists }: InstanceReader): string => {
  const members = [
    ...fields.map((name) => `"${name}": "${name === 'image' ? '<base64>' : '…'}"`),
    ...lists.map((name) => `"${name}": ["…"]`),
  ]
  return `{${members.join(', ')}}`
}

const objectOf = (value: unknown): Members | undefined => (isObject(value) ? withoutNulls(value) : undefined)

const pick = (members: Members, names: readonly string[]): Members =>
  Object.fromEntries(
    names.filter((name) => Object.hasOwn(members, name)).map((name) => [name, members[name]]),
  )

const itemMembers = (members: Members, { fields, lists }: InstanceReader): Members =>
  pick(members, [...fields, ...lists])

/**
 * An unknown member would change no answer, so a mistake in its name would go unseen.
 * @throws Failure naming a member that the task does not have
 */
const checkMembers = (
  members: Members,
  { fields, lists, parameters }: InstanceReader,
  pathOf: PathOf,
  others: readonly string[] = ['instances', 'parameters'],
): void => {
  const known = [...fields, ...lists, ...others]
  const unknown = Object.keys(members).find((name) => !known.includes(name))
  if (unknown === undefined) return
  const field = pathOf(unknown)
  throw new Failure(
    'invalid',
    parameters.includes(unknown)
      ? `${field} stands where it is not read; send it as "parameters": {"${unknown}": …} beside ${fields[0]} or instances`
      : `${field} is not known to this model's task, which reads ${known.join(', ')} here; leave it out`,
    { field },
  )
}

/**
 * An unknown parameter is a mistake in its name, which would go unseen.
 * @throws Failure naming it
 */
export const readParameters = (
  value: unknown,
  { lists, parameters }: Pick<LoadedTask, 'lists' | 'parameters'>,
): Members => {
  if (value === undefined) return {}
  const members = objectOf(value)
  if (!members)
    throw new Failure('invalid', `parameters has to be an object, not ${kindOf(value)}`, {
      field: 'parameters',
    })
  const known = [...parameters, ...lists]
  const unknown = Object.keys(members).find((name) => !known.includes(name))
  if (unknown === undefined) return members
  const list =
    unknown === 'timeout'
      ? 'POST /v2/models/NAME/infer takes one'
      : known.length > 0
        ? `it takes ${known.join(', ')}`
        : 'it takes none'
  throw new Failure('invalid', `this model's task has no parameter ${unknown}; ${list}`, {
    field: `parameters.${unknown}`,
  })
}

const instance = (
  value: unknown,
  index: number,
  shared: Members,
  parameters: Members,
  task: InstanceReader,
): TaskItem => {
  const members = objectOf(value)
  const own = members ? itemMembers(members, task) : { [String(task.fields[0])]: value }
  const pathOf: PathOf = (name) => {
    if (!(name in own) && name in parameters) return `parameters.${name}`
    if (!(name in own) && name in shared) return name
    const bare = !members && name === task.fields[0]
    return bare ? `instances[${index}]` : `instances[${index}].${name}`
  }
  return () => {
    // Read when its turn comes: hundreds of long texts would hold the thread.
    const item = task.read({ ...shared, ...own }, pathOf)
    if (members) checkMembers(members, task, (name) => `instances[${index}].${name}`, [])
    return item()
  }
}
