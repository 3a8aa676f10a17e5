/** How far the latest rows are from the reference, feature by feature. */
import {
  type DriftFeature,
  type DriftReference,
  driftsAbove,
  enoughDriftRows,
  restsBelow,
} from '@gantry/contract/drift.ts'
import type { ServedModel } from '@gantry/contract/server.ts'
import { type Distance, kolmogorovSmirnov, meanDistance, stabilityDistance } from './statistics.ts'
import type { Tally } from './tally.ts'
import type { Window } from './window.ts'

export interface Judged {
  readonly name: string
  readonly statistic: 'psi' | 'distance'
  readonly distance: Distance
  /** Other statistics by name. */
  readonly others: Readonly<Record<string, number>>
}

export interface Judgement {
  /** Those that are furthest away first; none where too few rows came. */
  readonly judged: () => readonly Judged[]
  readonly state: () => NonNullable<ServedModel['drift']>
}

const sumOf = (counts: Float64Array): number => counts.reduce((sum, count) => sum + count, 0)

const judgedVector = (feature: DriftFeature, { samples, sums }: Tally): Judged | undefined => {
  if (samples < enoughDriftRows) return undefined
  const { name, mean = [], variance = 0 } = feature
  const now = { samples, mean: sums.map((sum) => sum / samples) }
  const distance = meanDistance({ samples: feature.samples ?? 1, mean, variance }, now)
  return { name, statistic: 'distance', distance, others: {} }
}

const judgedCounts = (feature: DriftFeature, { counts, outside }: Tally): Judged | undefined => {
  const rows = sumOf(counts)
  if (rows < enoughDriftRows) return undefined
  const { name, kind, missing = 0 } = feature
  const reference = [...(feature.counts ?? []), missing]
  const distance = stabilityDistance(reference, counts)
  const others =
    kind === 'number' ? { ks: kolmogorovSmirnov(reference, counts), outside: outside / rows } : {}
  return { name, statistic: 'psi', distance, others }
}

/** @param wallClock for the time since when a feature drifts */
export const createJudgement = (
  { features }: DriftReference,
  window: Window,
  wallClock: () => Date,
): Judgement => {
  /** Since when those drift that do. */
  const since = new Map<string, string>()
  const follow = ({ name, distance: { value, isBeyondChance } }: Judged): void => {
    if (value > driftsAbove && isBeyondChance) {
      if (!since.has(name)) since.set(name, wallClock().toISOString())
    } else if (value < restsBelow) since.delete(name)
  }
  const judged = (): readonly Judged[] => {
    if (window.rows() < enoughDriftRows) return []
    return features
      .flatMap((feature, index) => {
        const tally = window.tally(index)
        return (feature.kind === 'vector' ? judgedVector : judgedCounts)(feature, tally) ?? []
      })
      .sort((one, other) => other.distance.value - one.distance.value)
  }
  return {
    judged,
    state: () => {
      const samples = window.rows()
      const now = judged()
      for (const one of now) follow(one)
      for (const name of since.keys()) if (!now.some((one) => one.name === name)) since.delete(name)
      const drifting = now.filter(({ name }) => since.has(name))
      return {
        samples,
        enough: samples >= enoughDriftRows,
        features: drifting.map(({ name, statistic, distance: { value } }) => ({
          ...{ name, statistic, value: Math.round(value * 1000) / 1000 },
          since: since.get(name) as string,
        })),
      }
    },
  }
}
