/** What the copies of a shadow say, for people. Sentences have no period at their end. */
import { figure } from '../numbers.ts'
import { logEvidenceAbove, rateAtLeast, rateAtMost, type Trials } from './evidence.ts'
import { evidenceText, type Names, percent } from './sentences.ts'
import { groupsOf } from './tally.ts'
import { type Limits, type Question, thresholdOf, trialsOf } from './verdict.ts'

/** Share of the copies with another answer that people want to be found: so many times what is allowed. */
const usualRise = 2

/** Copies that were compared, and those that were answered otherwise. */
export const copiesOf = ({ tally, unit }: Pick<Question, 'tally' | 'unit'>): Trials => {
  const [group] = groupsOf(tally, unit)
  return group ? trialsOf(group, 'maxDisagreement') : { events: 0, trials: 0 }
}

/** The least number of events among so many trials that rejects a version; one more than there are where none does. */
const leastEvents = (trials: number, limit: number, logThreshold: number): number => {
  let [low, high] = [0, trials + 1]
  while (low < high) {
    const events = Math.floor((low + high) / 2)
    if (logEvidenceAbove({ events, trials }, limit) >= logThreshold) high = events
    else low = events + 1
  }
  return low
}

/** The chance of so many events or more. */
const chanceOf = (least: number, trials: number, rate: number): number => {
  if (rate >= 1) return least <= trials ? 1 : 0
  let log = trials * Math.log(1 - rate)
  let below = 0
  for (let events = 0; events < Math.min(least, trials + 1); events++) {
    below += Math.exp(log)
    log += Math.log((trials - events) / (events + 1)) + Math.log(rate / (1 - rate))
  }
  return Math.max(0, 1 - below)
}

/**
 * The chance that these copies find a share of other answers. Evidence is looked at once, when all have come, so that it
 * is that or more.
 */
export const chanceOfDisagreement = (trials: number, rate: number, limits: Limits): number => {
  const logThreshold = Math.log(thresholdOf(limits))
  return chanceOf(leastEvents(trials, limits.maxDisagreement ?? 1, logThreshold), trials, rate)
}

/** How far the answers agree, and what could not have been seen; undefined where none was compared. */
export const agreement = (question: Question, { canary, stable }: Names): string | undefined => {
  const { limits } = question
  const { maxDisagreement: limit } = limits
  const copies = copiesOf(question)
  const { events, trials } = copies
  if (limit === undefined || trials === 0) return undefined
  // Each end of the interval may be wrong with a chance of half of alpha, at any number of looks.
  const logThreshold = Math.log(2 / limits.alpha)
  const [least, most] = [rateAtLeast(copies, logThreshold), rateAtMost(copies, logThreshold)]
  const strength = `evidence ${evidenceText(logEvidenceAbove(copies, limit))} of the ${figure(thresholdOf(limits))} that reject it`
  const seen = `${canary} answered ${trials - events} of ${trials} copies as ${stable} did, so that ${percent(least)} to ${percent(most)} of its answers differ and ${percent(limit)} may, ${strength}`
  const rise = Math.min(1, usualRise * limit)
  if (rise <= limit) return seen
  const chance = Math.round(100 * chanceOfDisagreement(trials, rise, limits))
  return `${seen}; with ${trials} copies a share of ${percent(rise)} is found in at least ${chance} % of cases`
}
