/** The story of a request between protocol and workers: preprocess, batch, run, postprocess, each step timed. */
import type { Batcher } from '../batching/batcher.ts'
import type { BatchedOutputs } from '../batching/submission.ts'
import type { Observer } from '../drift/observer.ts'
import { inTurns } from '../process/turns.ts'
import type { Caller } from '../requests/caller.ts'
import type { Prepared, TaskItem, TaskResult } from '../tasks/task.ts'
import type { NamedTensors, Signature } from '../tensors/tensor.ts'
import { outputBytesOf, outputSizeCheck } from './output-size.ts'
import { prepareAll } from './prepared-items.ts'
import { collectRows } from './row-groups.ts'
import { createRowRuns } from './row-runs.ts'

export interface Predictor {
  /** Runs the model on tensors; takes their memory. */
  readonly tensors: (inputs: NamedTensors, caller: Caller) => Promise<NamedTensors>
  /** Runs the items of the model's task: one result each, in order. */
  readonly items: (items: readonly TaskItem[], caller: Caller) => Promise<readonly TaskResult[]>
}

export interface PredictorOptions {
  readonly batcher: Pick<Batcher, 'submit'>
  /** Whether rows may share a run; where not, each goes alone. Asked anew each time: a model may turn out to couple its rows. */
  readonly isBatched: () => boolean
  /** Whether tensors as a caller sent them may share no run, though those that a task makes may. */
  readonly runsAlone?: ((inputs: NamedTensors) => boolean) | undefined
  /** What the model declares. */
  readonly signature: Signature
  /** Most bytes of an answer as JSON. */
  readonly maxAnswerBytes: number
  /** Deadline of a request, however often it has to wait. */
  readonly timeoutMs: number
  readonly nowMs: () => number
  /** Looks at rows on their way; undefined where there is nothing to compare them with. */
  readonly observer?: Observer | undefined
}

export const createPredictor = (options: PredictorOptions): Predictor => {
  const { batcher, runsAlone = () => false, nowMs, observer } = options
  const checkOutputSize = outputSizeCheck(options.signature)

  const submit = async (
    inputs: NamedTensors,
    { timings, usage, gone, timeoutMs, isBeside }: Caller,
    alone = false,
  ): Promise<BatchedOutputs> => {
    const result = await batcher.submit({ ...(gone && { gone }), ...{ inputs, timeoutMs, alone, isBeside } })
    // Several groups of one request run side by side: what counts is the longest.
    timings.queueMs = Math.max(timings.queueMs, result.queueMs)
    timings.inferMs = Math.max(timings.inferMs, result.inferMs)
    usage.batchRows = Math.max(usage.batchRows, result.batchRows)
    return result
  }

  const tensors = async (inputs: NamedTensors, caller: Caller): Promise<NamedTensors> => {
    checkOutputSize(inputs)
    // They are read before the run, which takes their memory.
    const seen = observer && !caller.isBeside ? observer.tensors(inputs) : undefined
    const { outputs, done } = await submit(inputs, caller, runsAlone(inputs))
    seen?.(outputs)
    if (done) caller.whenSent?.(done)
    return outputs
  }

  const runRows = createRowRuns({ submit, outputBytes: outputBytesOf(options.signature), ...options })

  const items = async (list: readonly TaskItem[], caller: Caller): Promise<readonly TaskResult[]> => {
    const { timings, usage } = caller
    const startedMs = nowMs()
    const prepared = await prepareAll(list, options)
    timings.preprocessMs += nowMs() - startedMs
    for (const { tokens = 0 } of prepared) usage.promptTokens += tokens
    const seen = observer && !caller.isBeside ? observer.items(prepared) : undefined
    const results: TaskResult[] = new Array(prepared.length)
    const finish = async (index: number, outputs: readonly NamedTensors[]): Promise<void> => {
      const answeredMs = nowMs()
      const result = await (prepared[index] as Prepared).postprocess(outputs)
      results[index] = result
      seen?.(index, result)
      timings.postprocessMs += nowMs() - answeredMs
    }
    const collected = collectRows(prepared)
    await Promise.all([
      runRows(
        prepared.flatMap(({ rows }) => rows),
        caller,
        async (outputs) => {
          const whole = outputs.flatMap(([row, tensors]) => collected.add(row, tensors))
          await inTurns(whole, ({ item, outputs }) => finish(item, outputs), { atATime: 1, nowMs })
          return collected.isSimple
        },
      ),
      ...prepared.map(({ write }) => write?.(caller)),
    ])
    // An item without rows is a text that has been written.
    for (const [index, { rows }] of prepared.entries()) if (rows.length === 0) await finish(index, [])
    return results
  }

  return { tensors, items }
}
