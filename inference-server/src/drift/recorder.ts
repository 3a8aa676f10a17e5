/** Makes a reference of the rows of an evaluation, in bounded memory. */
import type { DriftFeature, DriftReference } from '@gantry/contract/drift.ts'
import type { Feature, Seen } from './features.ts'
import { binOf } from './tally.ts'

/** Values of a number that are kept, each as likely as any other. */
const mostKept = 10_000
/** Different values of a category that are counted, and those that have a bin of their own. */
const mostCounted = 10_000
const mostValues = 32
/** Bins, and the rows that each of them should have, so that chance has little share in it. */
const mostBins = 10
const rowsOfBin = 20
const longestValue = 200
/** A reference of fewer rows is none. */
const leastRows = 50

export interface Recorder {
  readonly count: () => void
  readonly add: (feature: number, seen: Seen) => void
  /** @returns undefined where too few rows came */
  readonly reference: () => DriftReference | undefined
}

interface Kept {
  readonly numbers: number[]
  seen: number
  missing: number
  readonly values: Map<string, number>
  readonly vector: { samples: number; mean: Float64Array; squares: number }
}

const addNumber = (kept: Kept, value: number, random: () => number): void => {
  if (Number.isNaN(value)) {
    kept.missing += 1
    return
  }
  kept.seen += 1
  if (kept.numbers.length < mostKept) kept.numbers.push(value)
  else {
    const at = Math.floor(random() * kept.seen)
    if (at < mostKept) kept.numbers[at] = value
  }
}

const addValue = ({ values }: Kept, whole: string): void => {
  const text = whole.slice(0, longestValue + 1) // what is longer has no bin of its own
  if (values.has(text) || values.size < mostCounted) values.set(text, (values.get(text) ?? 0) + 1)
}

/** Welford's running mean, and the sum of the squared deviations of all members. */
const addVector = ({ vector }: Kept, members: ArrayLike<number>): void => {
  if (vector.samples === 0) vector.mean = new Float64Array(members.length)
  if (members.length !== vector.mean.length) return
  vector.samples += 1
  for (let at = 0; at < members.length; at++) {
    const [value, before] = [members[at] as number, vector.mean[at] as number]
    const after = before + (value - before) / vector.samples
    vector.mean[at] = after
    vector.squares += (value - before) * (value - after)
  }
}

/** Lower bounds of the bins: quantiles of the numbers. A number that is always the same has a bin of its own. */
const edgesOf = (sorted: readonly number[]): readonly number[] => {
  const [least, most] = [sorted[0] as number, sorted.at(-1) as number]
  if (least === most) {
    const near = Math.max(Math.abs(least), 1e-6) * 1e-6
    return [least - near, least + near]
  }
  const bins = Math.min(mostBins, Math.max(2, Math.floor(sorted.length / rowsOfBin)))
  const edges = new Set<number>()
  for (let bin = 1; bin < bins; bin++) {
    const edge = sorted[Math.floor((bin * sorted.length) / bins)] as number
    if (edge > least) edges.add(edge)
  }
  // Nearly all are the least: what differs from it has the other bin.
  if (edges.size === 0) edges.add(sorted.find((value) => value > least) as number)
  return [...edges]
}

const numberFeature = (name: string, { numbers, missing }: Kept): DriftFeature | undefined => {
  const sorted = numbers.filter(Number.isFinite).sort((a, b) => a - b)
  if (sorted.length < leastRows) return undefined
  const edges = edgesOf(sorted)
  const counts = new Array<number>(edges.length + 1).fill(0)
  for (const value of sorted) {
    const bin = binOf(edges, value)
    counts[bin] = (counts[bin] as number) + 1
  }
  const [least, most] = [sorted[0] as number, sorted.at(-1) as number]
  return { name, kind: 'number', edges, counts, missing, least, most }
}

/** Undefined where nearly every row has a value of its own, which tells nothing of the next ones. */
const categoryFeature = (name: string, { values }: Kept): DriftFeature | undefined => {
  const all = [...values].sort(([, one], [, other]) => other - one)
  const total = all.reduce((sum, [, count]) => sum + count, 0)
  const known = all.slice(0, mostValues).filter(([text]) => text.length <= longestValue)
  const counts = known.map(([, count]) => count)
  const covered = counts.reduce((sum, count) => sum + count, 0)
  if (total < leastRows || covered < total / 2) return undefined
  return { name, kind: 'category', values: known.map(([text]) => text), counts, missing: total - covered }
}

const vectorFeature = (name: string, { vector }: Kept): DriftFeature | undefined => {
  const { samples, mean, squares } = vector
  if (samples < leastRows || !Number.isFinite(squares)) return undefined
  return { name, kind: 'vector', samples, mean: [...mean], variance: squares / samples }
}

const makers = { number: numberFeature, category: categoryFeature, vector: vectorFeature } as const

/** @param random from 0 to 1 */
export const createRecorder = (
  features: readonly Pick<Feature, 'name' | 'kind'>[],
  random: () => number,
): Recorder => {
  let rows = 0
  const kept = features.map(
    (): Kept => ({
      numbers: [],
      seen: 0,
      missing: 0,
      values: new Map(),
      vector: { samples: 0, mean: new Float64Array(0), squares: 0 },
    }),
  )
  return {
    count: () => {
      rows += 1
    },
    add: (feature, seen) => {
      const of = kept[feature] as Kept
      if (typeof seen === 'number') addNumber(of, seen, random)
      else if (typeof seen === 'string') addValue(of, seen)
      else if (seen) addVector(of, seen)
    },
    reference: () => {
      const made = features.flatMap(({ name, kind }, index) => makers[kind](name, kept[index] as Kept) ?? [])
      return rows < leastRows || made.length === 0 ? undefined : { format: 1, samples: rows, features: made }
    },
  }
}
