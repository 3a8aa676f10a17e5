/** The latest rows: two tallies of each feature, of which the older one is dropped when the newer one is full. */
import { type DriftFeature, type DriftReference, enoughDriftRows } from '@gantry/contract/drift.ts'
import { categoryKey } from './category-key.ts'
import type { Seen } from './features.ts'
import { addTo, emptyTally, joined, type Tally } from './tally.ts'

/** Rows after which a tally is full. */
const fullRows = 5000
/** Time after which a tally is full that has rows enough for a judgement. */
const fullMs = 600_000
/** Time after which a tally tells nothing of the present. */
const staleMs = 86_400_000

export interface Window {
  /** Begins a row. */
  readonly count: () => void
  readonly add: (feature: number, seen: Seen) => void
  readonly rows: () => number
  readonly tally: (feature: number) => Tally
}

export const createWindow = (
  { features, salt }: Pick<DriftReference, 'features' | 'salt'>,
  nowMs: () => number,
): Window => {
  const keyOf = categoryKey(salt)
  const fresh = () => ({ rows: 0, sinceMs: nowMs(), tallies: features.map(emptyTally) })
  let older = fresh()
  let newer = fresh()
  const turn = (): void => {
    const ageMs = nowMs() - newer.sinceMs
    const isFull = newer.rows >= fullRows || (newer.rows >= enoughDriftRows && ageMs >= fullMs)
    if (!isFull && ageMs < staleMs) return
    older = ageMs < staleMs ? newer : fresh()
    newer = fresh()
  }
  return {
    count: () => {
      turn()
      newer.rows += 1
    },
    add: (feature, seen) =>
      addTo(newer.tallies[feature] as Tally, features[feature] as DriftFeature, seen, keyOf),
    rows: () => {
      turn()
      return older.rows + newer.rows
    },
    tally: (feature) => joined(older.tallies[feature] as Tally, newer.tallies[feature] as Tally),
  }
}
