/** Makes a reference of the rows of an evaluation, in bounded memory. It has no text of them, and no number to the digit. */
import { randomBytes } from 'node:crypto'
import type { DriftFeature, DriftReference } from '@gantry/contract/drift.ts'
import { categoryKey } from './category-key.ts'
import { boundsOf, edgesOf } from './edges.ts'
import type { Feature, Seen } from './features.ts'
import { binOf, isFiniteVector } from './tally.ts'

/** Values of a number that are kept, each as likely as any other. */
const mostKept = 10_000
/** Different values of a category that are counted, and those that have a bin of their own. */
const mostCounted = 10_000
const mostValues = 32
/** Rows that a value of a category has at least which has a bin of its own: what fewer have may be of one person. */
const leastShared = 5
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

/** @param value its hash */
const addValue = ({ values }: Kept, value: string): void => {
  if (values.has(value) || values.size < mostCounted) values.set(value, (values.get(value) ?? 0) + 1)
}

/** Welford's running mean, and the sum of the squared deviations of all members. */
const addVector = ({ vector }: Kept, members: ArrayLike<number>): void => {
  if (vector.samples === 0) vector.mean = new Float64Array(members.length)
  if (members.length !== vector.mean.length || !isFiniteVector(members)) return
  vector.samples += 1
  for (let at = 0; at < members.length; at++) {
    const [value, before] = [members[at] as number, vector.mean[at] as number]
    const after = before + (value - before) / vector.samples
    vector.mean[at] = after
    vector.squares += (value - before) * (value - after)
  }
}

const numberFeature = (name: string, { numbers, missing, seen }: Kept): DriftFeature | undefined => {
  const sorted = numbers.filter(Number.isFinite).sort((a, b) => a - b)
  if (sorted.length < leastRows) return undefined
  const edges = edgesOf(sorted)
  const counts = new Array<number>(edges.length + 1).fill(0)
  for (const value of numbers) {
    const bin = binOf(edges, value)
    counts[bin] = (counts[bin] as number) + 1
  }
  const bounds = boundsOf(sorted[0] as number, sorted.at(-1) as number)
  // Of many rows a share is kept, and the share of missing ones stays as it is.
  const share = Math.round((missing * numbers.length) / seen)
  return { name, kind: 'number', edges, counts, missing: share, ...bounds }
}

/** Undefined where nearly every row has a value of its own, which tells nothing of the next ones. */
const categoryFeature = (name: string, { values }: Kept): DriftFeature | undefined => {
  const all = [...values].sort(([, one], [, other]) => other - one)
  const total = all.reduce((sum, [, count]) => sum + count, 0)
  const known = all.slice(0, mostValues).filter(([, count]) => count >= leastShared)
  const counts = known.map(([, count]) => count)
  const covered = counts.reduce((sum, count) => sum + count, 0)
  if (total < leastRows || covered < total / 2) return undefined
  return { name, kind: 'category', values: known.map(([value]) => value), counts, missing: total - covered }
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
  const salt = randomBytes(16).toString('hex')
  const keyOf = categoryKey(salt)
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
      else if (typeof seen === 'string') addValue(of, keyOf(seen))
      else if (seen) addVector(of, seen)
    },
    reference: () => {
      const made = features.flatMap(({ name, kind }, index) => makers[kind](name, kept[index] as Kept) ?? [])
      return rows < leastRows || made.length === 0
        ? undefined
        : { format: 1, samples: rows, salt, features: made }
    },
  }
}
