import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Submission } from '../batching/submission.ts'
import { newTimings } from '../requests/timings.ts'
import { newUsage } from '../requests/usage.ts'
import type { Prepared, TaskItem, TaskResult } from '../tasks/task.ts'
import { type NamedTensors, rowCount, type Tensor } from '../tensors/tensor.ts'
import { fp32, named } from '../testing/tensors.ts'
import { createPredictor, type PredictorOptions } from './predict.ts'

const result: TaskResult = { answer: () => ({}), tensors: () => new Map() }
const caller = () => ({ timings: newTimings(), usage: newUsage() })
const row = (length = 1): NamedTensors => named({ x: fp32([1, length], new Array(length).fill(1)) })
const rowsOfSubmission = ({ inputs }: Submission): number => rowCount(inputs.get('x') as Tensor)

/** Answers each row with what was asked. */
const batcherOf = (
  submit: (submission: Submission) => Promise<{ done?: () => void }>,
): PredictorOptions['batcher'] => ({
  submit: async (submission) => {
    const { done } = await submit(submission)
    return {
      outputs: named({ y: submission.inputs.get('x') as Tensor }),
      queueMs: 0,
      inferMs: 0,
      batchRows: 1,
      done,
    }
  },
})

const predictorOf = (batcher: PredictorOptions['batcher'], change: Partial<PredictorOptions> = {}) =>
  createPredictor({
    batcher,
    isBatched: () => true,
    signature: { inputs: [], outputs: [] },
    maxAnswerBytes: 2 ** 20,
    timeoutMs: 1000,
    nowMs: () => 0,
    ...change,
  })

const item =
  (change: Partial<Prepared> = {}): TaskItem =>
  () => ({
    rows: [row()],
    postprocess: () => result,
    ...change,
  })

test('tensors of callers run alone where only those of the task may share runs', async () => {
  const submitted: Submission[] = []
  const batcher = batcherOf(async (submission) => {
    submitted.push(submission)
    return {}
  })
  const predictor = predictorOf(batcher, { runsAlone: () => true })
  await predictor.tensors(row(), caller())
  await predictor.items([item()], caller())
  assert.deepEqual(
    submitted.map(({ alone }) => alone),
    [true, false],
  )
})

/** 1 MiB for a row: 64 tokens of 4096 numbers. */
const states = { name: 'y', datatype: 'FP32', shape: [-1, -1, 4096], symbols: ['', '', ''] } as const
const tokens = 64

test('of many rows no more outputs are held than 64 MiB, and they are freed as soon as they were read', async () => {
  let held = 0
  let most = 0
  let freed = 0
  const batcher = batcherOf(async (submission) => {
    const rows = rowsOfSubmission(submission)
    held += rows
    most = Math.max(most, held)
    await new Promise((resolve) => setImmediate(resolve))
    const done = (): void => {
      freed += rows
    }
    return { done }
  })
  const postprocess = (): TaskResult => {
    held -= 1
    return result
  }
  const list = Array.from({ length: 400 }, () => item({ rows: [row(tokens)], postprocess }))
  const results = await predictorOf(batcher, { signature: { inputs: [], outputs: [states] } }).items(
    list,
    caller(),
  )
  assert.equal(results.length, 400)
  assert.ok(most <= 64, `${most} MiB`)
  assert.equal(freed, 400)
})

test('rows of small outputs go to the batcher at once, in any number', async () => {
  const sizes: number[] = []
  const batcher = batcherOf(async (submission) => {
    sizes.push(rowsOfSubmission(submission))
    return {}
  })
  await predictorOf(batcher).items(
    Array.from({ length: 3000 }, () => item()),
    caller(),
  )
  assert.deepEqual(sizes, [3000])
})

test('each item gets the outputs of its own rows in order, for every combination of rows in a run', async () => {
  const read: number[][] = []
  const list = Array.from({ length: 50 }, (_, index) =>
    item({
      rows: Array.from({ length: (index % 3) + 1 }, (_, at) =>
        named({ x: fp32([1, 1 + at], new Array(1 + at).fill(index)) }),
      ),
      postprocess: (outputs) => {
        read[index] = outputs.map(
          (output) => Number(output.get('y')?.data[0]) * 10 + (output.get('y')?.data.length ?? 0),
        )
        return result
      },
    }),
  )
  for (const isBatched of [true, false]) {
    read.length = 0
    await predictorOf(
      batcherOf(async () => ({})),
      { isBatched: () => isBatched },
    ).items(list, caller())
    assert.deepEqual(
      read,
      Array.from({ length: 50 }, (_, index) =>
        Array.from({ length: (index % 3) + 1 }, (_, at) => index * 10 + 1 + at),
      ),
    )
  }
})

test('rows that wait for room have what is left of the deadline, not one of their own', async () => {
  let now = 0
  const deadlines: (number | undefined)[] = []
  const batcher = batcherOf(async ({ timeoutMs }) => {
    deadlines.push(timeoutMs)
    await new Promise((resolve) => setImmediate(resolve))
    now += 100
    return {}
  })
  const list = Array.from({ length: 200 }, () => item({ rows: [row(tokens)] }))
  await predictorOf(batcher, { signature: { inputs: [], outputs: [states] }, nowMs: () => now }).items(
    list,
    caller(),
  )
  assert.equal(deadlines[0], 1000)
  assert.ok(Number(deadlines.at(-1)) < 800, deadlines.join())
})

test('a request of too many pixels, or too large an answer, is refused before the rest is prepared', async () => {
  const batcher = batcherOf(async () => ({}))
  let prepared = 0
  const counted =
    (change: Partial<Prepared>): TaskItem =>
    () => {
      prepared += 1
      return { rows: [row()], postprocess: () => result, ...change }
    }
  const pictures = Array.from({ length: 400 }, () => counted({ pixels: 40_000_000 }))
  await assert.rejects(predictorOf(batcher).items(pictures, caller()), { kind: 'too-large', field: 'image' })
  assert.ok(prepared < 110, `${prepared} pictures`)
  const answers = Array.from({ length: 400 }, () => counted({ answer: { bytes: 100_000, field: 'top_k' } }))
  await assert.rejects(predictorOf(batcher).items(answers, caller()), { kind: 'too-large', field: 'top_k' })
})

test('a run that fails is the only one that the others wait for', async () => {
  let runs = 0
  const batcher = batcherOf(async () => {
    runs += 1
    throw new Error('no such token')
  })
  const list = Array.from({ length: 400 }, () => item({ rows: [row(tokens)] }))
  await assert.rejects(
    predictorOf(batcher, { signature: { inputs: [], outputs: [states] } }).items(list, caller()),
    /no such token/,
  )
  await new Promise((resolve) => setImmediate(resolve))
  assert.ok(runs <= 2, `${runs} runs`)
})

test('rows are seen before they run and with their results, and those of explanations are not', async () => {
  const seen: string[] = []
  const observer: PredictorOptions['observer'] = {
    tensors: (inputs) => {
      seen.push(`inputs ${inputs.size}`)
      return (outputs) => void seen.push(`outputs ${[...outputs.keys()]}`)
    },
    items: (prepared) => {
      seen.push(`items ${prepared.length}`)
      return (index) => void seen.push(`result ${index}`)
    },
  }
  const predictor = predictorOf(
    batcherOf(async () => {
      seen.push('run')
      return {}
    }),
    { observer },
  )
  await predictor.tensors(row(), { ...caller(), isBeside: true })
  await predictor.items([item()], { ...caller(), isBeside: true })
  assert.deepEqual(seen.splice(0), ['run', 'run'])
  await predictor.tensors(row(), caller())
  await predictor.items([item(), item()], caller())
  assert.deepEqual(seen, ['inputs 1', 'run', 'outputs y', 'items 2', 'run', 'result 0', 'result 1'])
})
