import type { LogReason } from '@gantry/contract/reasons.ts'
import { nextAttemptAt } from '../jobs/step.ts'
import { shareOfAge } from '../runtime/age.ts'
import type { Finding } from '../runtime/finding.ts'
import { type Result, waiting } from '../runtime/result.ts'
import { asksForGpu } from './conditions.ts'
import { isRewrapDue } from './desired/import-job.ts'
import { gateKind } from './evaluation/record.ts'
import { progressIntervalMs } from './import-progress.ts'
import { importKind } from './importing.ts'
import { runningImport, waitingObjects } from './inquire.ts'
import type { Observed } from './observe.ts'
import { optimizeKind } from './optimization/record.ts'
import { isMoving } from './path/path.ts'
import { readyPods } from './rollout.ts'
import { isSettling, usesServedRoute } from './routing/route.ts'
import { stageOf } from './stage.ts'

/** Time between reads of Events, which are not watched. */
const firstEventsMs = 10_000
const longestEventsMs = 300_000
/** Time between questions to servers, which are not watched either. A pod that never answers takes two seconds of each pass, so it is asked ever more rarely. */
const firstAnswerMs = 2_000
const longestAnswerMs = 60_000
/** Time between checks of the device. A server may move to the CPU later, when the GPU's memory has run out, and its pod stays ready. A check is one GET per pod and no write. */
const acceleratorIntervalMs = 60_000
/** Time between looks at what servers tell of drift; a judgement is about the last thousands of rows, so it changes slowly. */
const driftIntervalMs = 60_000
/** Time between looks at what gateways count: a version that is worse loses its requests within ten seconds of the verdict. */
const trialMs = 5_000
/** Time between steps on which a Service is led to the gateway or back, and between questions to gateways that do not lead to the model yet. */
const pathMs = 300
const gatewayMs = 1_000
/** Time between looks whether data planes have had the time to take a route over. */
const routeMs = 2_000
/** Gateways belong to others and are not watched. A canary looks at them at each of its passes. */
const parentsMs = 60_000
const staleMs = 200
/** Time until a Job is tried that is due but has to wait for the pod of another one. */
const soonestMs = 1_000

/** A model that waits for its turn is woken when it comes. This time covers the case that the rolling models were deleted unseen. */
const fleetRollMs = 60_000

/** The next attempt of the Job that is wanted, in milliseconds since the epoch. */
const retryAt = (observed: Observed): number | undefined => {
  const { model, job, target, importPods, optimizeJob, optimizePods } = observed
  const { evaluateJob, evaluatePods, asked } = observed
  if (job && (target.kind === 'import' || isRewrapDue(model, observed.versions)))
    return nextAttemptAt(importKind, job, importPods)
  if (optimizeJob && target.kind === 'optimize') return nextAttemptAt(optimizeKind, optimizeJob, optimizePods)
  return evaluateJob && asked && !asked.isAnswered
    ? nextAttemptAt(gateKind(evaluateJob, model.spec.evaluate), evaluateJob, evaluatePods)
    : undefined
}

const untilRetry = (observed: Observed, now: number): number | undefined => {
  const { asked } = observed
  const at = retryAt(observed)
  return at === undefined ? asked?.refusal?.afterMs : Math.max(at - now, soonestMs)
}

/** Whether the device has to be checked again. It can change in both directions: a replaced worker may return to the GPU. */
const mayChangeDevice = ({ model, answers }: Observed): boolean =>
  asksForGpu(model) || [...answers.values()].some(({ device }) => device.active === 'cuda')

/** Servers count requests, which no watch tells of. */
const mayDrift = ({ model, answers }: Observed): boolean =>
  model.spec.serve?.drift !== 'off' &&
  [...answers.values()].some(({ drift }) => drift && drift.unusable === undefined)

const sooner = (result: Result, reason: LogReason, afterMs: number): Result =>
  result.kind === 'waiting' && result.afterMs <= afterMs ? result : waiting(reason, afterMs)

/** The retry of a refused write that nothing else depends on and the wait for the model's turn have times of their own. The soonest of all decides. */
export const nextPass = (
  observed: Observed,
  finding: Finding | undefined,
  at: { readonly now: number; readonly isStale: boolean },
): Result => {
  const { degradation, hold, model } = observed
  const look = nextLook(observed, finding, at)
  const way = isMoving(observed) ? sooner(look, 'PathChanging', pathMs) : look
  const asked = observed.path.isAwaited ? sooner(way, 'PathChanging', gatewayMs) : way
  const settles = isSettling(observed) ? sooner(asked, 'RouteChanging', routeMs) : asked
  const serves = usesServedRoute(observed) ? sooner(settles, 'GatewayMayChange', parentsMs) : settles
  const retry =
    degradation?.afterMs === undefined ? serves : sooner(serves, degradation.reason, degradation.afterMs)
  const told = runningImport(observed) ? sooner(retry, 'Importing', progressIntervalMs) : retry
  return hold && !model.spec.suspend ? sooner(told, 'FleetRollWaiting', fleetRollMs) : told
}

/** Time of the next pass. Watches show every change of an object, so only what they do not show needs one. */
const nextLook = (
  observed: Observed,
  finding: Finding | undefined,
  { now, isStale }: { readonly now: number; readonly isStale: boolean },
): Result => {
  if (isStale) return waiting('ModelChanged', staleMs)
  if (observed.model.spec.suspend) return { kind: 'settled' }
  if (finding?.afterMs !== undefined) return waiting(finding.reason, finding.afterMs)
  const retryMs = untilRetry(observed, now)
  if (retryMs !== undefined) return waiting(finding?.reason ?? 'ImportFailed', retryMs)
  const waiters = waitingObjects(observed)
  if (waiters.length > 0)
    return waiting(finding?.reason ?? 'EventsDue', shareOfAge(waiters, now, [firstEventsMs, longestEventsMs]))
  if (observed.trial?.kind === 'run') return waiting('CanaryProgressing', trialMs)
  const stage = stageOf(observed)
  if (stage.kind === 'notAnswering') {
    return waiting(stage.reason, shareOfAge(readyPods(observed), now, [firstAnswerMs, longestAnswerMs]))
  }
  if (stage.kind !== 'ready') return { kind: 'settled' }
  if (mayChangeDevice(observed)) return waiting('AcceleratorMayChange', acceleratorIntervalMs)
  return mayDrift(observed) ? waiting('DriftMayChange', driftIntervalMs) : { kind: 'settled' }
}
