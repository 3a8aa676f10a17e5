/** Looks at rows of requests and their answers on their way, and counts what it sees. Nothing of a request is kept. */
import type { Prepared, TaskResult } from '../tasks/task.ts'
import { commonRows, type NamedTensors } from '../tensors/tensor.ts'
import type { Feature, Seen } from './features.ts'
import type { ModelFeatures } from './model-features.ts'
import type { Pick } from './picking.ts'

/** What is counted, feature by feature. */
export interface Counting {
  /** Begins a row. */
  readonly count: () => void
  readonly add: (feature: number, seen: Seen) => void
}

export interface Observer {
  /** Sees the inputs of a request before it runs. @returns sees its outputs; undefined where it is not looked at */
  readonly tensors: (inputs: NamedTensors) => ((outputs: NamedTensors) => void) | undefined
  /** Sees the items of a request before they run. @returns sees what was found in one of them */
  readonly items: (prepared: readonly Prepared[]) => ((index: number, result: TaskResult) => void) | undefined
}

/** @param counting undefined once it has ended */
export const createObserver = (
  { inputs, outputs, prepared, results }: ModelFeatures,
  pick: Pick,
  counting: () => Counting | undefined,
): Observer => {
  const look = <From>(
    { add }: Counting,
    features: readonly Feature<From>[],
    first: number,
    from: From,
  ): void => {
    for (let at = 0; at < features.length; at++) add(first + at, (features[at] as Feature<From>).read(from))
  }
  return {
    tensors: (tensors) => {
      const into = counting()
      const rows = into && commonRows(tensors)
      const picked = rows === undefined ? [] : pick(rows)
      if (!into || rows === undefined || picked.length === 0) return undefined
      for (const at of picked) {
        into.count()
        look(into, inputs, 0, { tensors, at, rows })
      }
      return (found) => {
        for (const at of picked) look(into, outputs, inputs.length, { tensors: found, at, rows })
      }
    },
    items: (list) => {
      const into = counting()
      const picked = into && list.length > 0 ? pick(list.length) : []
      if (!into || picked.length === 0) return undefined
      for (const at of picked) {
        into.count()
        look(into, prepared, 0, list[at] as Prepared)
      }
      return (index, result) => {
        if (picked.includes(index)) look(into, results, prepared.length, result)
      }
    },
  }
}
