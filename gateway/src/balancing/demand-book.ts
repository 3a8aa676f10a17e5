/** Counts of first attempts by step and weight of a rollout, as the verdict about a canary needs them. */
import type { Track } from '@gantry/contract/gateway.ts'
import type { Canary } from '../models/model.ts'
import { createLatencies, type Latencies } from './latencies.ts'

interface Counts {
  requests: number
  errors: number
  slow: number
  overLimit: number
  readonly latencies: Latencies
}

const newCounts = (): Counts => ({
  ...{ requests: 0, errors: 0, slow: 0, overLimit: 0 },
  latencies: createLatencies(),
})

export interface ShadowCounts {
  /** Copies whose answers were compared. */
  copies: number
  disagreements: number
  /** Requests that were chosen and not compared, by reason. */
  readonly uncompared: Map<string, number>
}

const newShadow = (): ShadowCounts => ({ copies: 0, disagreements: 0, uncompared: new Map() })

export interface DemandCell {
  readonly revision: string
  readonly step: number
  readonly weight: number
  readonly slowMs: Canary['slowMs']
  readonly limitMs: Canary['limitMs']
  readonly counts: Readonly<Record<Track, Counts>>
  readonly shadow: ShadowCounts
}

export interface DemandBook {
  /** The cell of now. */
  readonly cell: (canary: Canary | undefined, weight: number) => DemandCell
  readonly cells: () => readonly DemandCell[]
}

/** A rollout has ten steps at most, and weights of 0 and 100 besides. The oldest are forgotten. */
const mostCells = 64

export const createDemandBook = (): DemandBook => {
  const cells = new Map<string, DemandCell>()
  let latest: DemandCell | undefined
  const isLatest = (canary: Canary | undefined, weight: number): boolean =>
    latest !== undefined &&
    latest.weight === weight &&
    latest.step === (canary?.step ?? 0) &&
    latest.revision === (canary?.revision ?? '') &&
    latest.slowMs === canary?.slowMs &&
    latest.limitMs === canary?.limitMs

  const open = (canary: Canary | undefined, weight: number): DemandCell => {
    const { revision = '', step = 0, slowMs, limitMs } = canary ?? {}
    const key = `${step} ${weight} ${revision}`
    const known = cells.get(key)
    const counts = known?.counts ?? { stable: newCounts(), canary: newCounts() }
    const shadow = known?.shadow ?? newShadow()
    const cell = { revision, step, weight, slowMs, limitMs, counts, shadow }
    cells.delete(key)
    cells.set(key, cell)
    const [oldest] = cells.keys()
    if (cells.size > mostCells && oldest !== undefined) cells.delete(oldest)
    return cell
  }
  return {
    cell: (canary, weight) => {
      if (!latest || !isLatest(canary, weight)) latest = open(canary, weight)
      return latest
    },
    cells: () => [...cells.values()],
  }
}

/**
 * Counts the first attempt of a request.
 * @param isError no answer, or one of 500 and above
 * @param ms until the answer began, or until it was given up
 */
export const countAttempt = (
  { counts, slowMs, limitMs }: DemandCell,
  track: Track,
  isError: boolean,
  ms: number,
): void => {
  const counted = counts[track]
  counted.requests += 1
  if (isError) counted.errors += 1
  else counted.latencies.observe(ms)
  if (slowMs !== undefined && ms > slowMs[track]) counted.slow += 1
  if (limitMs !== undefined && ms > limitMs) counted.overLimit += 1
}
