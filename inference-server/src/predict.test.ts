import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Batcher } from './batching/batcher.ts'
import type { Submission } from './batching/submission.ts'
import { createPredictor } from './predict.ts'
import { fp32, named } from './testing/tensors.ts'
import { newTimings } from './timings.ts'
import { newUsage } from './usage.ts'

test('tensors of callers run alone where only those of the task may share runs', async () => {
  const submitted: Submission[] = []
  const outputs = named({ y: fp32([1, 1], [1]) })
  const batcher: Batcher = {
    submit: async (submission) => {
      submitted.push(submission)
      return { outputs, queueMs: 0, inferMs: 0, batchRows: 1, done: undefined }
    },
    queueLength: () => 0,
    pending: () => 0,
  }
  const runsAlone = (): boolean => true
  const predictor = createPredictor({
    batcher,
    isBatched: () => true,
    runsAlone,
    outputs: [],
    maxAnswerBytes: 2 ** 20,
    timeoutMs: 1000,
    nowMs: () => 0,
  })
  const caller = { timings: newTimings(), usage: newUsage() }
  const row = named({ x: fp32([1, 1], [1]) })
  await predictor.tensors(row, caller)
  await predictor.items(
    [() => ({ rows: [row], postprocess: () => ({ answer: () => ({}), tensors: () => row }) })],
    caller,
  )
  assert.deepEqual(
    submitted.map(({ alone }) => alone),
    [true, false],
  )
})
