/** What a verdict saw, and what it could not have seen, for people. Sentences have no period at their end. */
import { figure } from '../numbers.ts'
import { chanceOfFinding, type Rise, type Stretch } from './detection.ts'
import { atLeast, rateAtLeast } from './evidence.ts'
import { type Group, groupsOf, type Unit } from './tally.ts'
import {
  comparedCounts,
  type Finding,
  type LimitName,
  looksOf,
  type Question,
  slowShare,
  thresholdOf,
  trialsOf,
  type Verdict,
} from './verdict.ts'

export interface Names {
  readonly canary: string
  readonly stable: string
}

/** Evidence beyond this is written as more than it. */
const mostEvidence = 1_000_000

export const evidenceText = (logEvidence: number): string =>
  logEvidence > Math.log(mostEvidence)
    ? `more than ${mostEvidence}`
    : String(Number(Math.exp(logEvidence).toPrecision(2)))

export const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`

/** A factor to one decimal, rounded down: "at least" stays true. */
const factorText = (factor: number): string => `${Math.floor(factor * 10) / 10}x`

/** A share in percent to two digits, rounded down. */
const shareAtLeast = (share: number): string => {
  const unit = 10 ** (Math.floor(Math.log10(100 * share)) - 1)
  return `${Number((Math.floor((100 * share) / unit) * unit).toPrecision(2))} %`
}

const units = (unit: Unit): string => (unit === 'session' ? 'sessions' : 'requests')

interface Said {
  readonly group: Group
  readonly question: Question
  readonly names: Names
  /** Logarithm of the evidence that bounds have to have. */
  readonly logThreshold: number
}

const againstStable = (event: 'errors' | 'slow', { group, question, names, logThreshold }: Said): string => {
  const { weights, unit } = question
  const { canary, stable } = comparedCounts(group, weights)
  const factor = factorText(atLeast(looksOf(group, event, weights), logThreshold))
  const numbers = `${canary[event]} of ${canary.requests} ${units(unit)} against ${stable[event]} of ${stable.requests}`
  const events = event === 'errors' ? 'errors' : 'slow answers'
  return `${names.canary} has at least ${factor} as many ${events} as ${names.stable} (${numbers})`
}

const againstLimit = (name: LimitName, { group, question, names, logThreshold }: Said): string => {
  const { limits, unit } = question
  const { canary, stable } = names
  const { events, trials } = trialsOf(group, name)
  const share = shareAtLeast(rateAtLeast({ events, trials }, logThreshold))
  const [limit, numbers] = [limits[name] ?? 0, `${events} of ${trials}`]
  switch (name) {
    case 'maxErrorRate':
      return `at least ${share} of the ${units(unit)} of ${canary} fail (${numbers}), more than maxErrorRate ${limit} allows`
    case 'maxLatencyP95Ms':
      return `at least ${share} of the ${units(unit)} of ${canary} take longer than maxLatencyP95Ms ${limit} (${numbers}), and ${percent(slowShare)} may`
    case 'maxDisagreement':
      return `at least ${share} of the answers of ${canary} differ from those of ${stable} (${numbers}), more than ${percent(limit)}`
  }
}

const rejected = ({ test, group, logEvidence }: Finding, question: Question, names: Names): string => {
  const threshold = thresholdOf(question.limits)
  const said: Said = { group, question, names, logThreshold: Math.log(threshold / group.share) }
  const what = test === 'errors' || test === 'slow' ? againstStable(test, said) : againstLimit(test, said)
  return `${what}, evidence ${evidenceText(logEvidence)} against ${figure(threshold)}`
}

/** What was seen. */
export const seen = (verdict: Verdict, question: Question, names: Names): string => {
  if (verdict.kind === 'rejected') return rejected(verdict.finding, question, names)
  const { tally, unit, weights, limits } = question
  const counts = comparedCounts(
    { steps: groupsOf(tally, 'request').flatMap(({ steps }) => steps), share: 1 },
    weights,
  )
  const { canary, stable } = counts
  if (canary.requests === 0)
    return `no ${units(unit)} of ${names.canary} were compared with ${names.stable} yet`
  const numbers = `of ${canary.requests} ${units(unit)} ${canary.errors} errors and ${canary.slow} slow, against ${stable.errors} and ${stable.slow} of ${stable.requests}`
  const strongest = `evidence ${evidenceText(verdict.strongest?.logEvidence ?? 0)} of the ${figure(thresholdOf(limits))} that reject it`
  return `nothing shows that ${names.canary} is worse than ${names.stable}: ${numbers}; ${strongest}`
}

/** The rise that is asked about, where stable has no errors to begin with. */
const usualRate = 0.01
/** How many times as many errors a version has that people want to be found. */
const usualRise = 5

/** The rate that stable was seen to have, to one digit, and five times as much; more where a margin allows as much. */
const riseOf = (errors: number, requests: number, margin: number): Rise => {
  const stable = errors === 0 ? usualRate : Number((errors / requests).toPrecision(1))
  return { stable, canary: Math.min(1, stable * Math.max(usualRise, 3 * margin)) }
}

/** What could not have been seen: the chance with which these requests find a rise of the errors. */
export const unseen = ({ tally, unit, weights, limits }: Question): string => {
  const [group] = groupsOf(tally, 'request')
  const steps = (group?.steps ?? []).filter(({ canary }) => canary.requests > 0)
  const stretches: readonly Stretch[] = steps.map(({ step, canary, stable }) => ({
    weight: (weights[step - 1] ?? 0) / 100,
    requests: canary.requests + stable.requests,
  }))
  const { stable } = comparedCounts({ steps, share: 1 }, weights)
  const rise = riseOf(stable.errors, stable.requests, limits.errorMargin)
  const total = stretches.reduce((sum, { requests }) => sum + requests, 0)
  const sensitivity = { margin: limits.errorMargin, logThreshold: Math.log(thresholdOf(limits)) }
  const chance = chanceOfFinding(stretches, rise, sensitivity)
  return `with ${total} ${units(unit)} a rise of errors from ${percent(rise.stable)} to ${percent(rise.canary)} is found in ${Math.round(100 * chance)} % of cases`
}
