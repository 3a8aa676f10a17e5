/**
 * Work beside predictions: it is in no queue and in no batch with others, and nothing is learned from it about how predictions run
 * best. Who asks for it waits until predictions leave room.
 */
import { commonRows, type NamedTensors } from '../tensors/tensor.ts'
import { readBy } from '../tensors/tensor-memory.ts'
import type { RunBatch } from './runners.ts'
import type { BatchedOutputs } from './submission.ts'

/** What the runners have beside predictions. */
export interface Spare {
  /** Whether no prediction waits and a run would begin at once. */
  readonly isFree: () => boolean
  /** When the latest prediction was submitted; -Infinity before the first. */
  readonly submittedMs: () => number
}

/** @param batchable whether rows are independent @throws what `run` throws, or the failure of a row that could not be computed */
export const runBeside = async (
  run: RunBatch,
  inputs: NamedTensors,
  batchable: boolean,
): Promise<BatchedOutputs> => {
  const rows = commonRows(inputs)
  const { outputs, inferMs, lost } = await run(inputs, batchable ? rows : undefined)
  if (lost) throw lost.failure
  return { outputs, queueMs: 0, inferMs, batchRows: rows ?? 0, done: readBy(outputs, 1) }
}
