/** Why an evaluation does not go on: checks in the order of causes. The first finding is reported. */
import { isOver, isOwnedBy, type LiveJob, type LivePod } from '@gantry/kube/live.ts'
import { podTrouble } from '../evaluating/pod-trouble.ts'
import { lastFailureOf } from '../jobs/attempt.ts'
import { sentence, triedAgain } from '../jobs/said.ts'
import { podRefused } from '../pods/refused.ts'
import type { Finding } from '../runtime/finding.ts'
import type { Inquired, Observed } from './observe.ts'
import { dueOf } from './plan.ts'
import { isComplete, rankingOf, recordsOf } from './results.ts'
import { referencesOf, resourcesField } from './run.ts'
import { type Due, datasetFailure, measuringKind } from './standing.ts'

type Check = (observed: Inquired) => Finding | undefined

const isTriedAgain = (
  { candidate, run }: Due,
  { reason, message }: Pick<Finding, 'reason' | 'message'>,
): Finding =>
  triedAgain(run.owner.metadata.namespace, { reason, message: `Candidate ${candidate.name}: ${message}` })

const datasetUnusable: Check = ({ standings }) => {
  const found = datasetFailure(standings)
  if (!found) return undefined
  const { due, failure } = found
  const { reason, message, retry } = failure
  if (retry === 'backoff') return isTriedAgain(due, failure)
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

/** Its pod is made again, and has not told yet whether what kept the one before from its start is mended. */
const gaveWay: Check = (observed) => {
  const due = runningOf(observed)
  if (!due) return undefined
  const pod = podOf(observed.pods, due.job)
  return !pod || pod.status?.phase === 'Pending' ? observed.lastRest : undefined
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

/** A candidate that waits for its next attempt is no news yet while another one is measured. */
const waitsForNextAttempt: Check = (observed) => {
  const due = dueOf(observed)
  if (runningOf(observed) && due.length > 1) return undefined
  for (const one of due) {
    if (one.outcome?.kind === 'failed' && one.outcome.retry === 'backoff')
      return isTriedAgain(one, one.outcome)
    const before =
      one.outcome?.kind === 'running' && one.job ? lastFailureOf(measuringKind(one), one.job) : undefined
    if (before) return isTriedAgain(one, before)
  }
  return undefined
}

/** Prices count once there is something to price. */
const unpriced: Check = ({ pricing }) => pricing.finding

const noneEligible: Check = ({ evaluation, standings, pricing }) => {
  if (!isComplete(standings)) return undefined
  const { winner, chosen, ineligible } = rankingOf(evaluation, recordsOf(standings), pricing.costOf)
  if (winner !== undefined) return undefined
  if (chosen)
    return {
      reason: 'NoEligibleCandidate',
      message: sentence(`By spec.objective, ${chosen.reason}`),
      retry: 'never',
    }
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
  gaveWay,
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
