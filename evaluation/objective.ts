/** The candidate that spec.objective chooses: the least cost, latency or size among those that meet its limits. */
import { type Comparison, isError, type Metric } from '@gantry/contract/evaluation.ts'
import { quoted } from '@gantry/contract/plain-text.ts'
import { exceeds, observedDrop } from './drop.ts'
import type { Eligible } from './eligibility.ts'
import { type Chosen, isUnknown, type RankingSpec, type Unknown } from './evaluation.ts'
import { isBetter } from './goodness.ts'
import { figure, figureBeside } from './numbers.ts'
import { bytes } from './report/quantities.ts'
import { equallyFast } from './throughput.ts'

export type Objective = NonNullable<RankingSpec['objective']>

/** How much worse the metric of a candidate is than that of the same candidate as it is, on the same samples. */
export type DropOf = (name: string) => number | Unknown

const notCompared: DropOf = () => ({ unknown: 'it was not compared with the candidate as it is' })

/** @param baseOf name of the variant that one is compared with, which may be itself */
export const dropsOf =
  (comparisons: readonly Comparison[], baseOf: (name: string) => string | undefined): DropOf =>
  (name) => {
    const base = baseOf(name)
    if (base === name) return 0
    const found = comparisons.find((one) => one.name === name && one.with === base)
    return found ? observedDrop(found) : notCompared(name)
  }

/** A limit that is not met. */
interface Miss {
  readonly sentence: string
  /** How far beyond the limit, as a share of it where it is not 0. */
  readonly excess: number
}

interface Contender {
  readonly one: Eligible
  readonly misses: readonly Miss[]
  /** The first that differs decides; less is better. */
  readonly keys: readonly { readonly name: string; readonly value: number }[]
}

const excessOf = (value: number, limit: number): number => (value - limit) / (limit === 0 ? 1 : limit)

const latencyMiss = (
  { p95Ms: limit }: NonNullable<Objective['subjectTo']>,
  p95Ms: number,
): readonly Miss[] => {
  if (limit === undefined || p95Ms <= limit) return []
  const sentence = `p95 ${figureBeside(p95Ms, limit)} ms is above p95Ms ${limit}`
  return [{ sentence, excess: excessOf(p95Ms, limit) }]
}

const dropMiss = (
  { accuracyDrop: limit }: NonNullable<Objective['subjectTo']>,
  metric: Metric,
  drop: number | Unknown,
): readonly Miss[] => {
  if (limit === undefined) return []
  if (isUnknown(drop))
    return [{ sentence: `accuracyDrop ${limit} cannot be judged: ${quoted(drop.unknown)}`, excess: Infinity }]
  if (!exceeds(drop, limit)) return []
  const side = isError(metric) ? 'above' : 'below'
  const sentence = `${metric} is ${figureBeside(drop, limit)} ${side} that of the candidate as it is, more than accuracyDrop ${limit}`
  return [{ sentence, excess: excessOf(drop, limit) }]
}

const p95Of = ({ measurement: { performance } }: Eligible): number => performance.p95Ms

/** The number of the group of those that this measurement does not tell apart, 0 for the fastest. */
const latencyGroups = (all: readonly Eligible[]): ReadonlyMap<Eligible, number> => {
  const speeds = all.map((one) => {
    const { byConcurrency } = one.measurement.performance
    const spread = byConcurrency.find(({ concurrency }) => concurrency === 1)?.spread ?? 0
    return { one, throughput: 1000 / p95Of(one), spread: Math.max(0, spread) }
  })
  return new Map(equallyFast(speeds).flatMap((group, index) => group.map(({ one }) => [one, index] as const)))
}

/** What is minimized comes first; the others decide between equals, and what was measured of the latency at last. */
const keysOf = (
  { minimize }: Objective,
  one: Eligible,
  groups: ReadonlyMap<Eligible, number>,
): Contender['keys'] => {
  const latency = { name: 'latency', value: groups.get(one) ?? 0 }
  const size = { name: 'size', value: one.measurement.sizeBytes }
  const cost = { name: 'cost', value: one.cost.total }
  const byAim = { latency: [latency, cost, size], size: [size, latency, cost], cost: [cost, latency, size] }
  return [...byAim[minimize], { name: 'p95', value: p95Of(one) }]
}

const order =
  (metric: Metric) =>
  (one: Contender, other: Contender): number => {
    const keys = (contender: Contender): readonly number[] => {
      const { misses, keys: own } = contender
      const excess = misses.reduce((sum, miss) => sum + miss.excess, 0)
      return [misses.length, excess, ...own.map(({ value }) => value)]
    }
    const others = keys(other)
    const index = keys(one).findIndex((key, place) => key !== others[place])
    if (index >= 0) return (keys(one)[index] ?? 0) < (others[index] ?? 0) ? -1 : 1
    if (one.one.value !== other.one.value) return isBetter(metric, one.one.value, other.one.value) ? -1 : 1
    return one.one.measurement.name < other.one.measurement.name ? -1 : 1
  }

/** What is minimized of one, such as `p95 of 3.2 ms`. */
const aim = ({ minimize }: Objective, one: Eligible): string => {
  const texts = {
    latency: `p95 of ${figure(p95Of(one))} ms`,
    size: `size of ${bytes(one.measurement.sizeBytes)}`,
    cost: `cost of ${figure(one.cost.total)} per hour`,
  }
  return texts[minimize]
}

const limitsText = ({ subjectTo = {} }: Objective): string =>
  Object.entries(subjectTo)
    .map(([name, limit]) => `${name} ${limit}`)
    .join(' and ')

const reasonOf = (objective: Objective, sorted: readonly [Contender, ...Contender[]]): string => {
  const [first] = sorted
  const name = ({ one }: Contender): string => one.measurement.name
  const met = sorted.filter(({ misses }) => misses.length === 0)
  const limits = limitsText(objective)
  if (met.length === 0)
    return `none of ${sorted.length} meets ${limits}; nearest is ${name(first)}: ${first.misses.map(({ sentence }) => sentence).join('; ')}. Allow more, or add variants`
  const among =
    limits === ''
      ? `among ${sorted.length}`
      : `among the ${met.length} of ${sorted.length} that meet ${limits}`
  const [second] = met.slice(1)
  const start = `${name(first)} is chosen for its ${objective.minimize} ${among}: ${aim(objective, first.one)}`
  if (!second) return start
  const equals = met.slice(1).filter((one) => one.keys[0]?.value === first.keys[0]?.value)
  if (equals.length === 0) return `${start}; next is ${name(second)} with ${aim(objective, second.one)}`
  const next = first.keys.slice(1).map((key) => key.name)
  return `${start}; ${equals.map(name).join(', ')} ${equals.length === 1 ? 'counts' : 'count'} as equal in that, so ${next.join(', ')} decide in this order`
}

/** @returns all, best first, and what is chosen of them; undefined where there are none */
export const choose = <One extends Eligible>(
  objective: Objective,
  metric: Metric,
  all: readonly One[],
  dropOf: DropOf = notCompared,
): { readonly sorted: readonly One[]; readonly chosen: Chosen } | undefined => {
  const { subjectTo = {} } = objective
  const groups = latencyGroups(all)
  const sorted = all
    .map((one) => ({
      one,
      misses: [
        ...latencyMiss(subjectTo, p95Of(one)),
        ...dropMiss(subjectTo, metric, dropOf(one.measurement.name)),
      ],
      keys: keysOf(objective, one, groups),
    }))
    .toSorted(order(metric))
  const [first, ...others] = sorted
  if (!first) return undefined
  const reason = reasonOf(objective, [first, ...others])
  const name = first.one.measurement.name
  return {
    sorted: sorted.map(({ one }) => one),
    chosen: first.misses.length === 0 ? { name, reason } : { reason },
  }
}
