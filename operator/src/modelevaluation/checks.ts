/** Why an evaluation does not go on: checks in the order of causes. The first finding is reported. */
import { shownDuration } from '@gantry/contract/duration.ts'
import { isOver, isOwnedBy, type LiveJob, type LivePod } from '@gantry/kube/live.ts'
import { podTrouble } from '../evaluating/pod-trouble.ts'
import { firstDelayMs, lastFailureOf, longestDelayMs } from '../jobs/attempt.ts'
import { podRefused } from '../pods/refused.ts'
import type { Finding } from '../runtime/finding.ts'
import type { Inquired, Observed } from './observe.ts'
import { dueOf } from './plan.ts'
import { isComplete, rankingOf, recordsOf } from './results.ts'
import { referencesOf, resourcesField } from './run.ts'
import { type Due, datasetFailure, measuringKind } from './standing.ts'

type Check = (observed: Inquired) => Finding | undefined

/** Ends a message of a report with a full stop, since another sentence follows it. */
const sentence = (message: string): string => (/[.!?]$/.test(message) ? message : `${message}.`)

/** The message stays the same from the first failure on: one that changed with each attempt would be a write with each attempt. */
const triedAgain = (
  { candidate, run }: Due,
  { reason, message }: Pick<Finding, 'reason' | 'message'>,
): Finding => ({
  reason,
  message: `Candidate ${candidate.name}: ${sentence(message)} It is tried again by itself, after ${shownDuration(firstDelayMs)} at first and ${shownDuration(longestDelayMs)} at last (kubectl -n ${run.owner.metadata.namespace} get jobs).`,
  retry: 'backoff',
})

const datasetUnusable: Check = ({ standings }) => {
  const found = datasetFailure(standings)
  if (!found) return undefined
  const { due, failure } = found
  const { reason, message, retry } = failure
  if (retry === 'backoff') return triedAgain(due, failure)
  const { namespace } = due.run.owner.metadata
  return {
    reason,
    retry,
    message: `${sentence(message)} To try again, change spec.dataset, or: kubectl -n ${namespace} delete job ${due.jobName}`,
  }
}

/** The candidate whose Job has not ended. */
const runningOf = (observed: Observed): Due | undefined =>
  dueOf(observed).find(({ outcome }) => outcome?.kind === 'running')

const podOf = (pods: readonly LivePod[], job: LiveJob | undefined): LivePod | undefined =>
  pods.find((pod) => isOwnedBy(pod, job?.metadata.uid) && !isOver(pod))

/** The pod of the candidate that is being measured. */
export const runningPod = (observed: Observed): { readonly due: Due; readonly pod: LivePod } | undefined => {
  const due = runningOf(observed)
  const pod = podOf(observed.pods, due?.job)
  return due && pod && { due, pod }
}

export const podStuck: Check = (observed) => {
  const running = runningPod(observed)
  if (!running) return undefined
  const { due, pod } = running
  const references = referencesOf(observed.evaluation, due.candidate)
  const { events, measuring } = observed
  return podTrouble(pod, { references, resourcesField, events, measuring })
}

/** A Job says nothing in its status when its pod is refused. */
const podNotAdmitted: Check = (observed) => {
  const due = runningOf(observed)
  if (!due || podOf(observed.pods, due.job)) return undefined
  const event = observed.events.findLast(
    ({ involvedObject, reason }) =>
      involvedObject?.uid === due.job?.metadata.uid && reason === 'FailedCreate',
  )
  return event && podRefused(event.message ?? '', resourcesField)
}

/** While another candidate is measured, one that waits for its next attempt is no news yet. */
const waitsForNextAttempt: Check = (observed) => {
  const due = dueOf(observed)
  if (runningOf(observed) && due.length > 1) return undefined
  for (const one of due) {
    if (one.outcome?.kind === 'failed' && one.outcome.retry === 'backoff') return triedAgain(one, one.outcome)
    const before =
      one.outcome?.kind === 'running' && one.job ? lastFailureOf(measuringKind(one), one.job) : undefined
    if (before) return triedAgain(one, before)
  }
  return undefined
}

/** Prices count once there is something to price. */
const unpriced: Check = ({ pricing }) => pricing.finding

const noneEligible: Check = ({ evaluation, standings, pricing }) => {
  if (!isComplete(standings)) return undefined
  const { winner, ineligible } = rankingOf(evaluation, recordsOf(standings), pricing.costOf)
  if (winner !== undefined) return undefined
  const [first] = ineligible
  const why = first ? ` The first one, ${first.name}: ${sentence(first.reasons[0] ?? '')}` : ''
  return {
    reason: 'NoEligibleCandidate',
    message: `No candidate is eligible; status.ineligible says why for each.${why} Change the candidates, or what spec requires.`,
    retry: 'never',
  }
}

const obstacles: readonly Check[] = [
  datasetUnusable,
  podNotAdmitted,
  podStuck,
  unpriced,
  waitsForNextAttempt,
  noneEligible,
]

export const firstObstacle: Check = (observed) => {
  for (const check of obstacles) {
    const finding = check(observed)
    if (finding) return finding
  }
  return undefined
}
