/** One measurement of a model: what it costs now, and what it spent since the last one. Pure. */
import { type HourlyCost, hourlyCost, type UnknownCost } from '@gantry/evaluation/hourly-cost.ts'
import type { Prices } from '@gantry/evaluation/prices.ts'
import type { FoundNode } from './nodes.ts'
import type { Usage } from './usage.ts'
import { ratePerHour, type Spent, sumOf, type VersionSpent } from './window.ts'
import type { CostedModel, CostedPod } from './world.ts'

const hourMs = 3_600_000

/** Hourly prices of a model's parts. */
export interface Rates {
  readonly base: number
  /** The key is a pod's uid. */
  readonly pods: ReadonlyMap<string, number>
}

const podRate = (prices: Prices, { nodeName, requests }: CostedPod, node: FoundNode | undefined) => {
  if (node === 'gone') return { hardware: 0 }
  if (node === undefined) return { unknown: `node ${nodeName} was not read` }
  if ('unknown' in node) return node
  return hourlyCost(prices, { pods: [{ node, requests }], volumes: [], requestsPerHour: 0 })
}

/** What an hour of each part costs, or the first part without a price. */
export const ratesOf = (
  prices: Prices,
  { pods, volumes }: Pick<CostedModel, 'pods' | 'volumes'>,
  nodes: ReadonlyMap<string, FoundNode>,
): Rates | UnknownCost => {
  const storage = hourlyCost(prices, { pods: [], volumes, requestsPerHour: 0 })
  if ('unknown' in storage) return storage
  const rates = new Map<string, number>()
  for (const pod of pods) {
    const rate = podRate(prices, pod, nodes.get(pod.nodeName))
    if ('unknown' in rate) return rate
    rates.set(pod.uid, rate.hardware)
  }
  return { base: storage.base, pods: rates }
}

/** What was spent in a time, at the present rates. */
export const spentOf = (
  { pods }: Pick<CostedModel, 'pods'>,
  rates: Rates,
  usages: ReadonlyMap<string, Usage>,
  ms: number,
): Spent => {
  const versions = new Map<string, VersionSpent>()
  for (const { uid, version } of pods) {
    const before = versions.get(version) ?? { answered: 0, hardware: 0, idle: 0 }
    const usage = usages.get(uid)
    const hardware = ((rates.pods.get(uid) ?? 0) * ms) / hourMs
    versions.set(version, {
      answered: before.answered + (usage?.answered ?? 0),
      hardware: before.hardware + hardware,
      // A pod that does not answer is not known to be idle.
      idle: before.idle + (usage ? hardware * (1 - usage.busyShare) : 0),
    })
  }
  return { ms, base: (rates.base * ms) / hourMs, versions }
}

/**
 * The cost of an hour: pods and storage as they are now, requests as in the last hour.
 * @param knownInference that of before, for the time in which nothing was counted yet
 */
export const costNow = (
  { perRequest }: Prices,
  rates: Rates,
  window: readonly Spent[],
  knownInference: number,
): HourlyCost => {
  const sum = sumOf(window)
  const answered = [...sum.versions.values()].reduce((count, one) => count + one.answered, 0)
  const inference = window.length > 0 ? ratePerHour(sum, answered) * perRequest : knownInference
  const hardware = [...rates.pods.values()].reduce((money, rate) => money + rate, 0)
  return { base: rates.base, hardware, inference, total: rates.base + hardware + inference }
}
