/** How soon a version that is worse is rejected, and the figures that were measured when the test was chosen. */
import { chanceAbove } from './latencies.ts'
import type { Situation } from './simulation.ts'
import { logThreshold } from './situations.ts'
import { comparison, limitTest } from './tests-of-counts.ts'
import { always, type Rates, trafficOf } from './traffic.ts'

type Measured = number | undefined

export interface PowerRow {
  readonly name: string
  /** A share from 0 to 1. */
  readonly weight: number
  /** Canary requests until rejection in numpy: half of the rollouts, and 80 % and 95 % of them; undefined where it was not measured. */
  readonly expected: readonly [Measured, Measured, Measured]
  readonly situation: Situation
}

interface Asked {
  readonly weight: number
  readonly rates: Rates
  readonly test?: Situation['test']
  readonly threshold?: number
}

/** Requests of both tracks after which a simulation gives up, in looks. */
const looks = 400

const row = (
  name: string,
  expected: PowerRow['expected'],
  { weight, rates, test = comparison(1), threshold = logThreshold }: Asked,
): PowerRow => ({
  name: `${name}, weight ${100 * weight}`,
  weight,
  expected,
  situation: {
    looks,
    rollout: trafficOf({ weight: () => weight, rates: always(rates.canary, rates.stable) }),
    test,
    logThreshold: threshold,
  },
})

const fiveTimes: Rates = { stable: 0.01, canary: 0.05 }
const tenTimes: Rates = { stable: 0.01, canary: 0.1 }
const alpha001 = Math.log(3 / 0.01)

/** Standard deviation of the logarithm of a latency, and the 95th percentile of latencies with the median 1. */
const sigma = 0.5
const p95 = Math.exp(1.6449 * sigma)

/** Every latency of the canary is 30 % higher. */
const slower = (latencyMargin: number): Rates => ({
  stable: chanceAbove(p95, sigma),
  canary: chanceAbove((p95 * (1 + latencyMargin)) / 1.3, sigma),
})

/** All requests have copies, and only the canary's answers to them are judged. */
const copies = (rate: number): Rates => ({ stable: 0, canary: rate })

export const powers: readonly PowerRow[] = [
  row('errors 1 to 5 %', [145, 250, 380], { weight: 0.1, rates: fiveTimes }),
  row('errors 1 to 5 %', [325, 500, 725], { weight: 0.5, rates: fiveTimes }),
  row('the same, margin 1.5', [240, 410, 615], { weight: 0.1, rates: fiveTimes, test: comparison(1.5) }),
  row('the same, margin 1.5', [575, 950, 1400], { weight: 0.5, rates: fiveTimes, test: comparison(1.5) }),
  row('the same, alpha 0.01', [195, 315, 465], { weight: 0.1, rates: fiveTimes, threshold: alpha001 }),
  row('the same, alpha 0.01', [425, 675, 925], { weight: 0.5, rates: fiveTimes, threshold: alpha001 }),
  row('the same, maxErrorRate 0.01 alone', [120, 215, 330], {
    weight: 0.1,
    rates: fiveTimes,
    test: limitTest(0.01),
  }),
  row('the same, maxErrorRate 0.01 alone', [150, 225, 350], {
    weight: 0.5,
    rates: fiveTimes,
    test: limitTest(0.01),
  }),
  row('errors 1 to 10 %', [50, 85, 125], { weight: 0.1, rates: tenTimes }),
  row('errors 1 to 10 %', [125, 175, 250], { weight: 0.5, rates: tenTimes }),
  row('latencies 30 % higher, latencyMargin 0', [undefined, 215, undefined], {
    weight: 0.1,
    rates: slower(0),
  }),
  row('latencies 30 % higher, latencyMargin 0', [undefined, 425, undefined], {
    weight: 0.5,
    rates: slower(0),
  }),
  row('latencies 30 % higher, latencyMargin 0.1', [undefined, 580, undefined], {
    weight: 0.1,
    rates: slower(0.1),
  }),
  row('latencies 30 % higher, latencyMargin 0.1', [undefined, 1125, undefined], {
    weight: 0.5,
    rates: slower(0.1),
  }),
  row('disagreements of a shadow 2 to 4 %', [undefined, 1050, undefined], {
    weight: 1,
    rates: copies(0.04),
    test: limitTest(0.02),
  }),
  row('disagreements of a shadow 5 to 10 %', [undefined, 450, undefined], {
    weight: 1,
    rates: copies(0.1),
    test: limitTest(0.05),
  }),
  row('errors 1 to 2 %', [2675, 4475, 6575], { weight: 0.5, rates: { stable: 0.01, canary: 0.02 } }),
]
