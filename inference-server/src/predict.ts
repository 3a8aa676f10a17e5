/** The story of a request between protocol and workers: preprocess, batch, run, postprocess, each step timed. */
import type { Batcher } from './batching/batcher.ts'
import { maxRequestRows } from './binding.ts'
import { Failure } from './errors.ts'
import type { Prepared, TaskItem, TaskResult } from './tasks/task.ts'
import { type NamedTensors, rowsOfNamed, stackNamed } from './tensor.ts'
import type { Timings } from './timings.ts'
import { inTurns } from './turns.ts'
import type { Usage } from './usage.ts'

/** Who waits for an answer. */
export interface Caller {
  /** Filled in on the way. */
  readonly timings: Timings
  /** Filled in on the way, too. */
  readonly usage: Usage
  /** Whether nobody waits any more. */
  readonly gone?: () => boolean
  /** Told each piece of a text that is written, as soon as it is certain. */
  readonly onPiece?: (text: string) => void
  /** A deadline of its own, where it is earlier than the server's. */
  readonly timeoutMs?: number | undefined
  /** Calls back when the answer has left, and the outputs are read no more. Without it, the garbage collector frees them later. */
  readonly whenSent?: (callback: () => void) => void
}

export interface Predictor {
  /** Runs the model on tensors; takes their memory. */
  readonly tensors: (inputs: NamedTensors, caller: Caller) => Promise<NamedTensors>
  /** Runs the items of the model's task: one result each, in order. */
  readonly items: (items: readonly TaskItem[], caller: Caller) => Promise<readonly TaskResult[]>
}

export interface PredictorOptions {
  readonly batcher: Batcher
  /** Whether rows may share a run; where not, each goes alone. Asked anew each time: a model may turn out to couple its rows. */
  readonly isBatched: () => boolean
  /** Whether tensors as a caller sent them may share no run, though those that a task makes may. */
  readonly runsAlone?: ((inputs: NamedTensors) => boolean) | undefined
  readonly nowMs: () => number
}

/** Of one caller's items: pictures that are decoded at a time, each taking memory and a thread, and rows that wait alone. */
const atATime = 4

const tooManyRows = (): Failure =>
  new Failure(
    'too-large',
    `the request makes more than ${maxRequestRows} rows for the model, which is the most that are run; send fewer or shorter items`,
  )

/** Refuses as soon as there are too many rows: what is left of the request is not prepared. */
const prepareAll = (items: readonly TaskItem[], nowMs: () => number): Promise<readonly Prepared[]> => {
  let rows = 0
  const counted = (prepared: Prepared): Prepared => {
    rows += prepared.rows.length
    if (rows > maxRequestRows) throw tooManyRows()
    return prepared
  }
  const prepare = (item: TaskItem): Promise<Prepared> | Prepared => {
    const prepared = item()
    return prepared instanceof Promise ? prepared.then(counted) : counted(prepared)
  }
  return inTurns(items, prepare, { atATime, nowMs })
}

const shapesOf = (tensors: NamedTensors): string =>
  Array.from(tensors.values(), ({ shape }) => shape.slice(1).join(',')).join(';')

/** Positions of rows whose tensors can be stacked. */
const groups = (rows: readonly NamedTensors[]): readonly (readonly number[])[] => {
  const byShape = new Map<string, number[]>()
  for (const [index, item] of rows.entries()) {
    const key = shapesOf(item)
    const group = byShape.get(key)
    if (group) group.push(index)
    else byShape.set(key, [index])
  }
  return [...byShape.values()]
}

export const createPredictor = ({
  batcher,
  isBatched,
  runsAlone = () => false,
  nowMs,
}: PredictorOptions): Predictor => {
  const submit = async (
    inputs: NamedTensors,
    { timings, usage, gone, timeoutMs, whenSent }: Caller,
    alone = false,
  ): Promise<NamedTensors> => {
    const { outputs, queueMs, inferMs, batchRows, done } = await batcher.submit({
      ...(gone && { gone }),
      ...{ inputs, timeoutMs, alone },
    })
    // Several groups of one request run side by side: what counts is the longest.
    timings.queueMs = Math.max(timings.queueMs, queueMs)
    timings.inferMs = Math.max(timings.inferMs, inferMs)
    usage.batchRows = Math.max(usage.batchRows, batchRows)
    if (done) whenSent?.(done)
    return outputs
  }

  /** @returns outputs per row, in order */
  const runRows = async (rows: readonly NamedTensors[], caller: Caller): Promise<readonly NamedTensors[]> => {
    if (!isBatched()) return inTurns(rows, (row) => submit(row, caller), { atATime, nowMs })
    const results: NamedTensors[] = new Array(rows.length)
    const runGroup = async (group: readonly number[]): Promise<void> => {
      const outputs = await submit(
        stackNamed(group.map((index) => rows[index]) as [NamedTensors, ...NamedTensors[]]),
        caller,
      )
      for (const [position, index] of group.entries())
        results[index] = group.length === 1 ? outputs : rowsOfNamed(outputs, position, position + 1)
    }
    await Promise.all(groups(rows).map(runGroup))
    return results
  }

  const items = async (list: readonly TaskItem[], caller: Caller): Promise<readonly TaskResult[]> => {
    const { timings, usage } = caller
    const startedMs = nowMs()
    const prepared = await prepareAll(list, nowMs)
    timings.preprocessMs += nowMs() - startedMs
    for (const { tokens = 0 } of prepared) usage.promptTokens += tokens
    const [outputs] = await Promise.all([
      runRows(
        prepared.flatMap(({ rows }) => rows),
        caller,
      ),
      ...prepared.map(({ write }) => write?.(caller)),
    ])
    const answeredMs = nowMs()
    let taken = 0
    const results = prepared.map(({ rows, postprocess }) => {
      taken += rows.length
      return postprocess(outputs.slice(taken - rows.length, taken))
    })
    timings.postprocessMs += nowMs() - answeredMs
    return results
  }

  return { tensors: (inputs, caller) => submit(inputs, caller, runsAlone(inputs)), items }
}
