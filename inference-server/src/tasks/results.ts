import type { Datatype, Tensor } from '../tensors/tensor.ts'
import type { TaskOutput, TaskResult } from './task.ts'

/** An output of one element per item, or of one row of any length. */
export const perItem = (name: string, datatype: Datatype = 'BYTES'): TaskOutput => ({
  name,
  datatype,
  shape: [-1],
})
export const rowPerItem = (name: string, datatype: Datatype = 'BYTES'): TaskOutput => ({
  name,
  datatype,
  shape: [-1, -1],
})

/** A result of no fixed shape: a list under `name`; as a tensor, its JSON in BYTES [1]. */
export const jsonResult = (name: string, list: readonly unknown[]): TaskResult => ({
  answer: () => ({ [name]: list }),
  tensors: () => new Map([[name, { dtype: 'BYTES', shape: [1], data: [JSON.stringify(list)] }]]),
})

/** Labels with their scores, the highest first; as tensors `labels` BYTES [1, n] and `scores` FP32 [1, n]. */
export const rankedResult = (labels: readonly string[], scores: ArrayLike<number>): TaskResult => {
  const order = labels
    .map((label, index) => ({ label, score: Number(scores[index]) }))
    .sort((one, other) => other.score - one.score)
  const ranked = { labels: order.map(({ label }) => label), scores: order.map(({ score }) => score) }
  const shape = [1, order.length]
  return {
    answer: () => ranked,
    tensors: () =>
      new Map<string, Tensor>([
        ['labels', { dtype: 'BYTES', shape, data: ranked.labels }],
        ['scores', { dtype: 'FP32', shape, data: Float32Array.from(ranked.scores) }],
      ]),
  }
}

export const rankedOutputs: readonly TaskOutput[] = [rowPerItem('labels'), rowPerItem('scores', 'FP32')]
