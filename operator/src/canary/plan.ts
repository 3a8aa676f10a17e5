/**
 * The next thing to do for a rollout. Pure: status and what was observed give the plan, and the plan has the next status.
 * A rollout goes up one step at a time; a version that was rejected is never promoted.
 */
import { isDeepStrictEqual } from 'node:util'
import { leastLatencies, p95Of } from '@gantry/evaluation/canary/latency-histogram.ts'
import { seen } from '@gantry/evaluation/canary/sentences.ts'
import { emptyTally, heard, totalOf } from '@gantry/evaluation/canary/tally.ts'
import { verdictOf } from '@gantry/evaluation/canary/verdict.ts'
import { type Action, actionOf } from './action.ts'
import { heldUntil, startedNow } from './held-time.ts'
import { comparedWith, goesOn, isRevoked, isUnderWay, withReturn } from './promotion.ts'
import {
  type CanaryStatus,
  type Evidence,
  type Hold,
  type Plan,
  type Rejection,
  revisionOf,
  type Situation,
  weightsOf,
} from './rollout.ts'

/** Seconds after which status is written although only time has passed. */
const quietSeconds = 15

/** A situation in which a version is to be tried on the pods of another one. */
interface Trial extends Situation {
  /** Id of the version that it is compared with. */
  readonly active: string
  /** Id of the version that stable's pods are made for. */
  readonly deployed: string | undefined
  readonly candidate: string
  readonly revision: string
  readonly action: Action | undefined
  readonly problems: readonly string[]
}

export const planOf = (situation: Situation): Plan => {
  const { candidate, rollout, annotation, rejection } = situation
  const active = comparedWith(situation)
  const isOver = candidate === active || isRevoked(situation)
  if (active === undefined || candidate === undefined || (isOver && !isUnderWay(situation)))
    return { kind: 'idle', rejection, problems: [] }
  const asked = actionOf(annotation, candidate)
  return tryVersion({
    ...situation,
    ...{ active, candidate, deployed: situation.active },
    revision: revisionOf(candidate, rollout),
    action: asked.kind === 'action' ? asked.action : undefined,
    problems: asked.kind === 'refused' ? [asked.problem] : [],
  })
}

const tryVersion = (trial: Trial): Plan => {
  const { rejection, revision, canary, problems, action, candidate } = trial
  const isRejected = rejection?.revision === revision
  if (isRejected && !isTriedAgain(trial, rejection)) return rejected(trial, rejection)
  if (canary?.phase === 'Promoting' && (canary.revision === revision || isUnderWay(trial)))
    return action === 'abort'
      ? aborted(
          trial,
          'CanaryAborted',
          `a user aborted ${candidate} while it took the place of ${canary.stable}`,
        )
      : goesOn(canary, action, { rejection, problems })
  if (isRejected || canary?.revision !== revision) return started(trial)
  return judged(trial, canary)
}

const rejected = (trial: Trial, rejection: Rejection): Plan => ({
  kind: 'rejected',
  rejection: withReturn(withAnnotation(rejection, trial.annotation), { ...trial, active: trial.deployed }),
  problems: trial.problems,
})

/** Only an annotation that was not there when the version was rejected tries it again, or it would be tried for ever. */
const isTriedAgain = ({ action, annotation }: Trial, rejection: Rejection): boolean =>
  action === 'resume' && annotation !== rejection.annotation

const withAnnotation = (
  { annotation: _, ...rejection }: Rejection,
  annotation: string | undefined,
): Rejection => (annotation === undefined ? rejection : { ...rejection, annotation })

const started = ({ nowMs, active, candidate, revision, action, rejection, problems }: Trial): Plan => ({
  kind: 'run',
  hold: 'Starting',
  why: 'the pods of the canary are being started; it has no requests',
  problems,
  rejection: rejection?.revision === revision ? undefined : rejection,
  canary: {
    version: candidate,
    stable: active,
    revision,
    run: `${revision}-${nowMs.toString(36)}`,
    phase: 'Starting',
    step: 0,
    weight: 0,
    ...startedNow(nowMs),
    paused: action === 'pause',
    tally: emptyTally,
  },
})

/** A trial with everything that was counted by now. */
interface Judged extends Trial {
  readonly canary: CanaryStatus
  readonly evidence: Evidence
}

const judged = (trial: Trial, before: CanaryStatus): Plan => {
  const { rollout, answers, instances, nowMs, action, active, candidate, isRouted = true } = trial
  const { steps, unit, limits } = rollout
  const { tally, problems } = heard(before.tally, answers, { steps: steps.length, unit, instances })
  const paused = action === 'pause'
  const canary = {
    ...before,
    ...heldUntil(before, nowMs, isRouted && !(paused || before.paused)),
    paused,
    tally,
  }
  const question = { tally, unit, limits, weights: weightsOf(rollout) }
  const names = { canary: candidate, stable: active }
  const evidence = { question, verdict: verdictOf(question), names }
  const plan = decided({ ...trial, canary, evidence, problems: [...trial.problems, ...problems] })
  return plan.kind === 'run' && isQuiet(before, plan.canary) ? { ...plan, canary: before } : plan
}

/** Whether nothing but a little time has passed, so that status need not be written. */
const isQuiet = (before: CanaryStatus, { heldSeconds, seenAt: _, ...canary }: CanaryStatus): boolean => {
  const { heldSeconds: heldBefore, seenAt: __, ...rest } = before
  return heldSeconds - heldBefore < quietSeconds && isDeepStrictEqual(rest, canary)
}

const decided = (judgement: Judged): Plan => {
  const { evidence, action, isCanaryReady, canary, rollout } = judgement
  const { verdict, question, names } = evidence
  if (action === 'abort') return aborted(judgement, 'CanaryAborted', `a user aborted ${names.canary}`)
  if (verdict.kind === 'rejected') return aborted(judgement, 'CanaryWorse', seen(verdict, question, names))
  if (action === 'promote' && isCanaryReady) return promoted(judgement, 'a user promoted it')
  if (action === 'pause') return held(judgement, 'Paused', 'paused by a user')
  const isStarved = canary.heldSeconds >= rollout.maxStepSeconds
  if (!isCanaryReady)
    return held(
      judgement,
      isStarved ? 'CanaryStarved' : 'CanaryNotReady',
      'not all pods of the canary are ready',
    )
  if (judgement.isRouted === false)
    return held(judgement, 'RouteNotReady', 'the route is not in force yet with the weight of this step')
  const missing = missingOf(judgement)
  if (missing === undefined && !judgement.hasNextPods)
    return held(
      judgement,
      isStarved ? 'CanaryStarved' : 'MovingPods',
      'the canary gets its pods for the next step',
    )
  if (missing === undefined) return advanced(judgement)
  return held(judgement, isStarved ? 'CanaryStarved' : 'Holding', missing)
}

const aborted = (trial: Trial, reason: Rejection['reason'], message: string): Plan => {
  const { candidate, revision } = trial
  return rejected(trial, { version: candidate, revision, reason, message })
}

const promoted = ({ canary, evidence, rejection, problems }: Judged, why: string): Plan => ({
  kind: 'promote',
  canary: { ...canary, phase: 'Promoting' },
  why,
  evidence,
  rejection,
  problems,
})

const held = ({ canary, evidence, rejection, problems }: Judged, hold: Hold, why: string): Plan => ({
  kind: 'run',
  hold,
  canary,
  why,
  evidence,
  rejection,
  problems,
})

/** What the present step still needs, or undefined. */
const missingOf = (judgement: Judged): string | undefined => {
  const { canary, rollout } = judgement
  const step = rollout.steps[canary.step - 1]
  if (step === undefined) return missingBefore(judgement)
  const at = `step ${canary.step} of ${rollout.steps.length}, weight ${step.weight}`
  const { requests } = totalOf(canary.tally, canary.step).canary
  const { minRequests } = rollout.limits
  if (requests < minRequests)
    return `${at}: ${requests} of ${minRequests} ${rollout.unit}s that the canary has to have`
  return canary.heldSeconds < step.holdSeconds ? `${at}, held for ${step.holdSeconds} s` : undefined
}

/** The numbers are left out, since they change all the time. */
const uncomparedText = (reasons: readonly string[] = []): string =>
  reasons.length === 0 ? '' : `; others were not, since they are ${reasons.join(', ')}`

/** What is needed before the canary has any requests. */
const missingBefore = ({ canary, rollout, latencies, uncompared }: Judged): string | undefined => {
  if (p95Of(latencies) === undefined)
    return `stable is measured alone until there are ${leastLatencies} latencies of it`
  const { copies } = totalOf(canary.tally, 0).shadow
  const { minRequests } = rollout.limits
  return rollout.shadowPercent > 0 && copies < minRequests
    ? `${copies} of ${minRequests} copies were compared before the first step${uncomparedText(uncompared)}`
    : undefined
}

/** One step up, or promoted after the last. */
const advanced = (judgement: Judged): Plan => {
  const { canary, rollout, latencies, nowMs } = judgement
  const step = rollout.steps[canary.step]
  if (step === undefined) return promoted(judgement, 'all steps are over')
  const slowMs = p95Of(latencies) ?? canary.slowMs
  const next: CanaryStatus = {
    ...canary,
    phase: 'Progressing',
    step: canary.step + 1,
    weight: step.weight,
    ...startedNow(nowMs),
    ...(slowMs === undefined ? {} : { slowMs }),
  }
  const why = `step ${next.step} of ${rollout.steps.length}, weight ${step.weight}, begins`
  return held({ ...judgement, canary: next }, 'Advancing', why)
}
