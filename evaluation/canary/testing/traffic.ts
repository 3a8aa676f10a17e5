/** Traffic of the simulations: who gets a request, and how it ends. */
import { type Counted, type Random, type Rollout, requestsPerLook } from './simulation.ts'

/** How many of n trials have an event. */
const binomial = (random: Random, trials: number, chance: number): number => {
  if (chance >= 1) return trials
  let [left, events] = [random(), 0]
  for (let each = (1 - chance) ** trials; left > each && events < trials; events += 1) {
    left -= each
    each *= (((trials - events) / (events + 1)) * chance) / (1 - chance)
  }
  return events
}

/** How many of the requests of a look go to the canary. */
export type Assigner = (weight: number) => number

/** Each request by itself. */
const independent =
  (random: Random): Assigner =>
  (weight) =>
    binomial(random, requestsPerLook, weight)

/**
 * Blocks of 100 requests in a random order, with exactly the share of the canary in each. Where the weight changes, the
 * rest of the block is dropped.
 */
export const inBlocks = (random: Random): Assigner => {
  let [left, canaries, current] = [0, 0, -1]
  return (weight) => {
    let assigned = 0
    for (let request = 0; request < requestsPerLook; request += 1) {
      if (left === 0 || weight !== current)
        [left, canaries, current] = [100, Math.round(100 * weight), weight]
      const isCanary = random() * left < canaries
      left -= 1
      if (!isCanary) continue
      canaries -= 1
      assigned += 1
    }
    return assigned
  }
}

/** How requests end: the chances of an event at a look. */
export interface Rates {
  readonly canary: number
  readonly stable: number
}

export interface Traffic {
  /** A share from 0 to 1; it may depend on what was seen before. */
  readonly weight: (look: number, evidence: number) => number
  /** Called once for each rollout. */
  readonly rates: (random: Random) => (look: number) => Rates
  readonly assigner?: (random: Random) => Assigner
}

/** A rollout whose requests end independently of each other, given the rates of the look. */
export const trafficOf =
  ({ weight, rates, assigner = independent }: Traffic) =>
  (random: Random): Rollout => {
    const [ratesAt, assign] = [rates(random), assigner(random)]
    return (look, evidence) => {
      const share = weight(look, evidence)
      const { canary, stable } = ratesAt(look)
      const canaryRequests = assign(share)
      return {
        weight: share,
        requests: requestsPerLook,
        canaryRequests,
        canaryEvents: binomial(random, canaryRequests, canary),
        stableEvents: binomial(random, requestsPerLook - canaryRequests, stable),
      }
    }
  }

export const always = (canary: number, stable: number) => () => (): Rates => ({ canary, stable })

/** Incidents: at times the rates of both are `factor` times as high, in stretches of 20 looks. */
export const incidents = (rate: number, factor: number) => (random: Random) => {
  let left = 0
  return (): Rates => {
    if (left === 0 && random() < 1 / 100) left = 20
    if (left > 0) left -= 1
    const present = left > 0 ? rate * factor : rate
    return { canary: present, stable: present }
  }
}

/** The sum of several gateways' counts has no single weight: each gives its own. */
export const severalGateways =
  (gateways: readonly ((random: Random) => Rollout)[]) =>
  (random: Random): Rollout => {
    const each = gateways.map((gateway) => gateway(random))
    return (look, evidence): Counted => (each[look % each.length] as Rollout)(look, evidence)
  }
