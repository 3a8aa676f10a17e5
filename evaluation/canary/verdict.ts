/**
 * Whether a canary is worse than stable, or than its limits. The verdict may be asked for at any time and as often as one
 * likes: over the whole rollout a version that is not worse is rejected with a chance of at most `alpha`.
 */
import { type StepCounts, together } from './counts.ts'
import { type Look, logEvidence, logEvidenceAbove, type Trials } from './evidence.ts'
import { type Group, groupsOf, type Tally, type Unit } from './tally.ts'

/** `spec.rollout.abort`, with its defaults. */
export interface Limits {
  /** The chance that a version is rejected although it is not worse, by all tests together. */
  readonly alpha: number
  /** How many times the error rate of stable the canary's may be. */
  readonly errorMargin: number
  /** The share by which the canary's latencies may be above stable's. */
  readonly latencyMargin: number
  /** Canary requests of a step before the next one may begin. */
  readonly minRequests: number
  /** Share of the canary's requests that may fail, whatever stable's do. */
  readonly maxErrorRate?: number
  /** Milliseconds that 95 % of the canary's requests have to stay within. */
  readonly maxLatencyP95Ms?: number
  /** Share of the shadow's copies whose answers may differ. */
  readonly maxDisagreement?: number
}

export const defaultLimits: Limits = {
  alpha: 0.05,
  errorMargin: 1.5,
  latencyMargin: 0.1,
  minRequests: 250,
}

/** What a version may be rejected for. */
export type TestName = 'errors' | 'slow' | 'maxErrorRate' | 'maxLatencyP95Ms' | 'maxDisagreement'

/** The share of slow answers that "the 95th percentile is within the limit" allows. */
export const slowShare = 0.05

/** The tests that alpha is divided among where fewer are asked for: errors, slow answers, agreement. */
const leastTests = 3

/** The weight of a step in percent; step 0 has weight 0. */
export type Weights = readonly number[]

const weightOf = (weights: Weights, step: number): number => (weights[step - 1] ?? 0) / 100

/** The events of a comparison with stable, one look for each step. */
export const looksOf = ({ steps }: Group, event: 'errors' | 'slow', weights: Weights): readonly Look[] =>
  steps.map(({ step, stable, canary }) => ({
    weight: weightOf(weights, step),
    canaryEvents: canary[event],
    stableEvents: stable[event],
  }))

export type LimitName = Exclude<TestName, 'errors' | 'slow'>

const trialsOfStep = (name: LimitName, { canary, shadow }: StepCounts): Trials => {
  switch (name) {
    case 'maxErrorRate':
      return { events: canary.errors, trials: canary.requests }
    case 'maxLatencyP95Ms':
      return { events: canary.overLimit, trials: canary.requests }
    case 'maxDisagreement':
      return { events: shadow.disagreements, trials: shadow.copies }
  }
}

/** The events of an absolute limit over all steps. */
export const trialsOf = ({ steps }: Group, name: LimitName): Trials =>
  steps
    .map((counts) => trialsOfStep(name, counts))
    .reduce((sum, { events, trials }) => ({ events: sum.events + events, trials: sum.trials + trials }), {
      events: 0,
      trials: 0,
    })

/** The rate that a limit allows. */
const rateOf = (name: LimitName, limit: number): number => (name === 'maxLatencyP95Ms' ? slowShare : limit)

/** How strong the evidence of one test is, in one group of sources. */
export interface Finding {
  readonly test: TestName
  readonly group: Group
  /** Natural logarithm of the evidence, with the group's share taken off. */
  readonly logEvidence: number
}

export interface Question {
  readonly tally: Tally
  readonly unit: Unit
  readonly weights: Weights
  readonly limits: Limits
}

const limitNames: readonly LimitName[] = ['maxErrorRate', 'maxLatencyP95Ms', 'maxDisagreement']

/** The tests that are made; errors and slow answers are always compared with stable. */
export const testsOf = (limits: Limits): readonly TestName[] => [
  'errors',
  'slow',
  ...limitNames.filter((name) => limits[name] !== undefined),
]

/** Evidence at which a version is rejected: 60 with an alpha of 0.05 and up to three tests. */
export const thresholdOf = (limits: Limits): number =>
  Math.max(leastTests, testsOf(limits).length) / limits.alpha

const evidenceOf = (test: TestName, group: Group, { weights, limits }: Question): number => {
  switch (test) {
    case 'errors':
      return logEvidence(looksOf(group, 'errors', weights), limits.errorMargin)
    case 'slow':
      return logEvidence(looksOf(group, 'slow', weights), 1)
    default:
      return logEvidenceAbove(trialsOf(group, test), rateOf(test, limits[test] ?? 1))
  }
}

export type Verdict =
  | { readonly kind: 'rejected'; readonly finding: Finding }
  /** `strongest` is undefined where nothing was counted yet. */
  | { readonly kind: 'notRejected'; readonly strongest: Finding | undefined }

export const verdictOf = (question: Question): Verdict => {
  const { tally, unit, limits } = question
  const findings = groupsOf(tally, unit)
    .flatMap((group) =>
      testsOf(limits).map((test) => ({
        test,
        group,
        logEvidence: evidenceOf(test, group, question) + Math.log(group.share),
      })),
    )
    .sort((a, b) => b.logEvidence - a.logEvidence)
  const [strongest] = findings
  return strongest !== undefined && strongest.logEvidence >= Math.log(thresholdOf(limits))
    ? { kind: 'rejected', finding: strongest }
    : { kind: 'notRejected', strongest }
}

/** The counts of all steps at which both tracks were asked, added up. */
export const comparedCounts = ({ steps }: Group, weights: Weights): StepCounts =>
  together(steps.filter(({ step }) => weightOf(weights, step) > 0 && weightOf(weights, step) < 1))
