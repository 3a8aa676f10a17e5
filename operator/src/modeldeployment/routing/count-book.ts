/**
 * The counts of rollouts whose requests a data plane divides, as a gateway would have counted them: what pods count themselves,
 * added up from look to look. They are kept in memory; an operator that starts anew is another source that begins at zero.
 */
import type { ModelDemand, Track } from '@gantry/contract/gateway.ts'
import { type LatencyHistogram, latencyScale } from '@gantry/evaluation/canary/latency-histogram.ts'
import type { PodCounts } from './pod-counts.ts'

/** What pods counted at one look, by the name of the pod. */
export type Look = ReadonlyMap<string, { readonly track: Track; readonly counts: PodCounts }>

/** Which counts belong together: two looks that agree in all of it were made under the same weights. */
export interface Scope {
  /** NAMESPACE/NAME. */
  readonly model: string
  readonly run: string
  readonly step: number
  readonly weight: number
  readonly generation: string
  readonly bounds: Bounds
}

/** Bounds in milliseconds, as spec and status give them. */
export interface Bounds {
  /** Answers of stable are slow above it. */
  readonly slowMs?: number | undefined
  readonly latencyMargin: number
  readonly limitMs?: number | undefined
}

interface Sums {
  requests: number
  errors: number
  slow: number
  overLimit: number
}

interface Cell {
  readonly step: number
  readonly weight: number
  readonly sums: Readonly<Record<Track, Sums>>
  /** Latencies of stable, by the bucket of a gateway's histogram. */
  readonly latencies: Map<number, number>
}

interface Kept {
  readonly run: string
  readonly cells: Map<number, Cell>
  last: { readonly scope: string; readonly look: Look } | undefined
}

/** The first requests of a pod are slow; they count for nothing, and nor do those of stable at the same time. */
const warmUp = 20

/** Bounds of buckets are rounded up to those of gateways, and to three digits, before status has them. */
const rounding = 1.06

/** The least bound of the pods' buckets that is no less; undefined where there is none. */
const boundFrom = (bounds: readonly number[], ms: number): number | undefined =>
  bounds.find((bound) => bound * rounding >= ms)

/**
 * Milliseconds above which answers of a track are slow. Pods count by buckets, so stable's bound is the next of them, and the
 * canary's the next above stable's with the margin: a version within the margin is never slower by it.
 */
const slowBound = (
  bounds: readonly number[],
  track: Track,
  { slowMs, latencyMargin }: Bounds,
): number | undefined => {
  const stable = slowMs === undefined ? undefined : boundFrom(bounds, slowMs)
  if (stable === undefined || track === 'stable') return stable
  return bounds.find((bound) => bound >= stable * (1 + latencyMargin))
}

const answersAbove = ({ answered, within }: PodCounts, bound: number): number =>
  answered - (within.get(bound) ?? answered)

const ascendingBounds = ({ within }: PodCounts): readonly number[] => [...within.keys()].sort((a, b) => a - b)

/** What a pod has counted between two looks; undefined where it has started anew. */
const added = (before: PodCounts | undefined, after: PodCounts): PodCounts | undefined => {
  if (before === undefined || before.startedAt !== after.startedAt) return undefined
  const less = (name: 'requests' | 'errors' | 'timeouts' | 'answered') =>
    Math.max(0, after[name] - before[name])
  return {
    startedAt: after.startedAt,
    ...{ requests: less('requests'), errors: less('errors'), timeouts: less('timeouts') },
    answered: less('answered'),
    within: new Map(
      [...after.within].map(([ms, count]) => [ms, Math.max(0, count - (before.within.get(ms) ?? 0))]),
    ),
  }
}

/** The bucket of a gateway's histogram with this upper bound. */
const bucketOf = (ms: number): number => Math.ceil(Math.log2(ms) * 2 ** latencyScale - 1e-9) - 1

const addLatencies = ({ latencies }: Cell, counts: PodCounts): void => {
  let below = 0
  const bounds = ascendingBounds(counts)
  const put = (ms: number, count: number): void => {
    if (count > 0) latencies.set(bucketOf(ms), (latencies.get(bucketOf(ms)) ?? 0) + count)
  }
  for (const ms of bounds) {
    const within = counts.within.get(ms) ?? 0
    put(ms, within - below)
    below = within
  }
  put(2 * (bounds.at(-1) ?? 1), counts.answered - below)
}

const histogramOf = ({ latencies }: Cell): LatencyHistogram | undefined => {
  if (latencies.size === 0) return undefined
  const [offset, last] = [Math.min(...latencies.keys()), Math.max(...latencies.keys())]
  const counts = Array.from({ length: last - offset + 1 }, (_, index) => latencies.get(offset + index) ?? 0)
  return { scale: latencyScale, offset, counts }
}

const addTo = (cell: Cell, track: Track, counts: PodCounts, bounds: Bounds): void => {
  const sums = cell.sums[track]
  const pods = ascendingBounds(counts)
  const slow = slowBound(pods, track, bounds)
  const limit = bounds.limitMs === undefined ? undefined : boundFrom(pods, bounds.limitMs)
  // Answers that end later than their requests were counted may not make more events than requests.
  const room = sums.requests + counts.requests
  const events = (before: number, count: number): number => Math.min(room, before + count)
  sums.errors = events(sums.errors, counts.errors)
  if (slow !== undefined) sums.slow = events(sums.slow, answersAbove(counts, slow) + counts.timeouts)
  if (limit !== undefined)
    sums.overLimit = events(sums.overLimit, answersAbove(counts, limit) + counts.timeouts)
  sums.requests = room
  if (track === 'stable') addLatencies(cell, counts)
}

const isWarmingUp = (look: Look, { weight }: Scope): boolean =>
  weight > 0 && [...look.values()].some(({ track, counts }) => track === 'canary' && counts.requests < warmUp)

const noSums = (): Sums => ({ requests: 0, errors: 0, slow: 0, overLimit: 0 })

export const createCountBook = () => {
  const models = new Map<string, Kept>()

  const keptOf = ({ model, run }: Pick<Scope, 'model' | 'run'>): Kept => {
    const kept = models.get(model)
    if (kept?.run === run) return kept
    const fresh: Kept = { run, cells: new Map(), last: undefined }
    models.set(model, fresh)
    return fresh
  }

  const cellOf = ({ cells }: Kept, { step, weight }: Scope): Cell => {
    const cell = cells.get(step) ?? {
      ...{ step, weight, latencies: new Map<number, number>() },
      sums: { stable: noSums(), canary: noSums() },
    }
    cells.set(step, cell)
    return cell
  }

  return {
    /** Adds what was counted since the look before, where that was made in the same scope. */
    add: (scope: Scope, look: Look): void => {
      const kept = keptOf(scope)
      const name = JSON.stringify(scope)
      const before = kept.last?.scope === name ? kept.last.look : undefined
      kept.last = { scope: name, look: new Map([...(before ?? []), ...look]) }
      if (!before || isWarmingUp(before, scope)) return
      const cell = cellOf(kept, scope)
      for (const [pod, { track, counts }] of look) {
        const more = added(before.get(pod)?.counts, counts)
        if (more) addTo(cell, track, more, scope.bounds)
      }
    },
    /** The route is not in force: what is counted until the next look belongs to no step. */
    interrupt: (scope: Pick<Scope, 'model' | 'run'>): void => {
      keptOf(scope).last = undefined
    },
    forget: (model: string): void => void models.delete(model),
    of: (model: string): readonly ModelDemand[] => {
      const { run, cells } = models.get(model) ?? { run: '', cells: new Map<number, Cell>() }
      return [...cells.values()].map((cell) => {
        const latencies = histogramOf(cell)
        return {
          ...{ model, revision: run, step: cell.step, weight: cell.weight },
          stable: { ...cell.sums.stable, ...(latencies && { latencies }) } as ModelDemand['stable'],
          canary: { ...cell.sums.canary },
        }
      })
    },
  }
}

export type CountBook = ReturnType<typeof createCountBook>
