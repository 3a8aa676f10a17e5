/** The story of a request between protocol and workers: preprocess, batch, run, postprocess, each step timed. */
import type { Batcher } from './batcher.ts'
import type { Classification, LoadedTask, TaskInput } from './tasks/task.ts'
import { type NamedTensors, stack, type Tensor } from './tensor.ts'
import type { Timings } from './timings.ts'

/** Who waits for an answer. */
export interface Caller {
  /** Filled in on the way. */
  readonly timings: Timings
  /** Whether nobody waits any more. */
  readonly gone?: () => boolean
}

export interface Predictor {
  /** Runs the model on tensors; takes their memory. */
  readonly tensors: (inputs: NamedTensors, caller: Caller) => Promise<NamedTensors>
  /** Runs the model's task on texts or pictures: one result each, in order. */
  readonly items: (inputs: readonly TaskInput[], caller: Caller) => Promise<readonly Classification[]>
}

export interface PredictorOptions {
  readonly batcher: Batcher
  readonly task: LoadedTask | undefined
  readonly nowMs: () => number
}

/** Pictures that are decoded at a time for one caller: each takes memory and a thread. */
const preprocessAtATime = 4

const preprocessAll = async (
  task: LoadedTask,
  inputs: readonly TaskInput[],
): Promise<readonly NamedTensors[]> => {
  const prepared: NamedTensors[] = []
  for (let start = 0; start < inputs.length; start += preprocessAtATime) {
    const some = inputs.slice(start, start + preprocessAtATime)
    prepared.push(...(await Promise.all(some.map((input) => task.preprocess(input)))))
  }
  return prepared
}

const shapesOf = (tensors: NamedTensors): string =>
  Object.values(tensors)
    .map(({ shape }) => shape.slice(1).join(','))
    .join(';')

/** Positions of items whose tensors can be stacked. */
const groups = (items: readonly NamedTensors[]): readonly (readonly number[])[] => {
  const byShape = new Map<string, number[]>()
  for (const [index, item] of items.entries()) {
    const key = shapesOf(item)
    const group = byShape.get(key)
    if (group) group.push(index)
    else byShape.set(key, [index])
  }
  return [...byShape.values()]
}

const stackItems = (items: readonly NamedTensors[]): NamedTensors =>
  Object.fromEntries(
    Object.keys(items[0] as NamedTensors).map((name) => [
      name,
      stack(items.map((item) => item[name] as Tensor) as [Tensor, ...Tensor[]]),
    ]),
  )

export const createPredictor = ({ batcher, task, nowMs }: PredictorOptions): Predictor => {
  const submit = async (inputs: NamedTensors, { timings, gone }: Caller): Promise<NamedTensors> => {
    const { outputs, queueMs, inferMs } = await batcher.submit(gone ? { inputs, gone } : { inputs })
    // Several groups of one request run side by side: what counts is the longest.
    timings.queueMs = Math.max(timings.queueMs, queueMs)
    timings.inferMs = Math.max(timings.inferMs, inferMs)
    return outputs
  }

  const items = async (inputs: readonly TaskInput[], caller: Caller): Promise<readonly Classification[]> => {
    if (!task) throw new Error('a model of task tensor takes tensors only')
    const { timings } = caller
    const startedMs = nowMs()
    const prepared = await preprocessAll(task, inputs)
    timings.preprocessMs += nowMs() - startedMs
    const results: Classification[] = new Array(inputs.length)
    const runGroup = async (group: readonly number[]): Promise<void> => {
      const outputs = await submit(stackItems(group.map((index) => prepared[index] as NamedTensors)), caller)
      const answeredMs = nowMs()
      const found = task.postprocess(outputs)
      for (const [position, index] of group.entries()) results[index] = found[position] as Classification
      timings.postprocessMs += nowMs() - answeredMs
    }
    await Promise.all(groups(prepared).map(runGroup))
    return results
  }

  return { tensors: submit, items }
}
