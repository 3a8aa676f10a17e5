/** Runs a decoded infer request of any protocol: tensors as they are, items through the model's task. */

import { Failure } from '../failures/errors.ts'
import { shapeRefusal } from '../failures/shape-refusal.ts'
import type { InferInputs } from '../protocol/binding.ts'
import type { Caller } from '../requests/caller.ts'
import type { Members, PathOf } from '../requests/members.ts'
import { checkShared } from '../tasks/shared-members.ts'
import type { LoadedTask, TaskItem, TaskResult } from '../tasks/task.ts'
import { type NamedTensors, noTensors, stack, type Tensor } from '../tensors/tensor.ts'
import type { Predictor } from './predict.ts'
import type { Served } from './served.ts'

/** Inputs, and what the request says beside them. */
export interface InferTensors extends InferInputs {
  readonly parameters: Members
}

/**
 * Elements of the BYTES tensors as what the task reads. Parameters that the task does not know belong to others on the
 * way, as the protocol has it.
 * @returns items that throw a Failure naming the element
 */
const itemsOf = (task: LoadedTask, { inputs, parameters }: InferTensors): readonly TaskItem[] => {
  const own = (names: readonly string[], members: Members): Members =>
    Object.fromEntries(names.filter((name) => name in members).map((name) => [name, members[name]]))
  const lists = task.lists.flatMap((name) => (inputs.has(name) ? [[name, inputs.get(name)?.data]] : []))
  const shared = { ...own([...task.parameters, ...task.lists], parameters), ...Object.fromEntries(lists) }
  const fields = task.fields.filter((name) => inputs.has(name))
  const count = inputs.get(task.fields[0] ?? '')?.data.length ?? 0
  checkShared(shared, count, (name) => name)
  return Array.from({ length: count }, (_, index) => {
    const members = Object.fromEntries(fields.map((name) => [name, inputs.get(name)?.data[index]]))
    const pathOf: PathOf = (name) => (fields.includes(name) ? `${name}[${index}]` : name)
    // Read when its turn comes: thousands of items, each with hundreds of labels, would hold the thread.
    return () => task.read({ ...shared, ...members }, pathOf)()
  })
}

/** @throws Failure where the items' answers differ in shape */
const resultTensors = (results: readonly TaskResult[]): NamedTensors => {
  const rows = results.map((result) => result.tensors())
  const [first = noTensors] = rows
  return new Map(
    Array.from(first.keys(), (name) => {
      const parts = rows.map((row) => row.get(name) as Tensor) as [Tensor, ...Tensor[]]
      const shapes = new Set(parts.map(({ shape }) => shape.slice(1).join()))
      if (shapes.size === 1) return [name, stack(parts)]
      throw new Failure(
        'invalid',
        `the items' answers differ in the shape of output "${name}"; send them one by one`,
        { field: name },
      )
    }),
  )
}

/**
 * Triton's `timeout` of a request, in microseconds; 0 is none.
 * @param field its name in the request @returns milliseconds @throws Failure
 */
export const timeoutOf = ({ timeout }: Members, field = 'timeout'): number | undefined => {
  if (timeout === undefined || timeout === 0) return undefined
  if (Number.isSafeInteger(timeout) && Number(timeout) > 0) return Number(timeout) / 1000
  throw new Failure(
    'invalid',
    `${field} has to be a whole number of microseconds, at most ${Number.MAX_SAFE_INTEGER}`,
    { field },
  )
}

/** Requests that a model with a state puts together; harmless as they are where a client names no sequence. */
const sequenceParameters = ['sequence_id', 'sequence_start', 'sequence_end'] as const

/** Every request is answered by itself, which for a part of a sequence would be wrong. @throws Failure invalid */
const refuseSequence = (parameters: Members): void => {
  for (const name of sequenceParameters) {
    if (!parameters[name]) continue
    throw new Failure(
      'invalid',
      `${name}: sequences are not supported, each request stands alone; leave it out`,
      {
        field: name,
      },
    )
  }
}

const runItems = async (
  task: LoadedTask,
  predictor: Predictor,
  request: InferTensors,
  caller: Caller,
): Promise<NamedTensors> => resultTensors(await predictor.items(itemsOf(task, request), caller))

/** @throws Failure, at once or in the promise */
export const runInfer = (
  { task, predictor }: Pick<Served, 'task' | 'predictor'>,
  request: InferTensors,
  caller: Caller,
): Promise<NamedTensors> => {
  refuseSequence(request.parameters)
  const timeoutMs = timeoutOf(request.parameters)
  const withDeadline = timeoutMs === undefined ? caller : { ...caller, timeoutMs }
  if (request.items && task) return runItems(task, predictor, request, withDeadline)
  return predictor.tensors(request.inputs, withDeadline).catch((error: unknown) => {
    throw shapeRefusal(error) ?? error
  })
}
