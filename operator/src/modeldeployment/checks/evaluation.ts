import type { LiveJob, LivePod } from '@gantry/kube/live.ts'
import { podTrouble } from '../../evaluating/pod-trouble.ts'
import { type Reference, sourceReferences } from '../../evaluating/references.ts'
import { lastFailureOf } from '../../jobs/attempt.ts'
import { triedAgain } from '../../jobs/said.ts'
import type { Finding } from '../../runtime/finding.ts'
import { sayVerdict } from '../evaluation/judge.ts'
import { evaluationOutcome, gateKind, unmeasuredIn } from '../evaluation/record.ts'
import type { Observed } from '../observe.ts'
import type { Check } from './check.ts'
import { jobFailed, jobPodRefused, podOf } from './job.ts'
import { resourcesFields } from './pods.ts'

/** spec.model.source.evaluationRef stands for no candidate, and nothing that it stood for is there. */
export const winnerAwaited: Check = ({ target }) => (target.kind === 'wait' ? target.finding : undefined)

const failed = (job: LiveJob, finding: Finding): Finding =>
  jobFailed(job, finding, { change: 'spec.evaluate' })

const ended: Check = ({ evaluateJob: job, evaluatePods, asked, model }) => {
  if (!job || !asked) return undefined
  const outcome = evaluationOutcome(job, evaluatePods, model.spec.evaluate)
  if (outcome.kind === 'failed') return failed(job, outcome)
  if (outcome.kind !== 'done') return undefined
  const { id } = asked.question.candidate.version
  const { reason, message } = unmeasuredIn(outcome.report, id)
  return failed(job, { reason, message: `${id} could not be measured: ${message}`, retry: 'never' })
}

const measuringPod = ({ evaluateJob, evaluatePods }: Observed): LivePod | undefined =>
  podOf(evaluateJob, evaluatePods)

/** What the pod refers to, and where spec names it. */
const referencesOf = ({ spec }: Observed['model']): readonly Reference[] => {
  const bundle = spec.storage?.import?.caBundle?.configMapRef.name
  return [
    ...sourceReferences(spec.evaluate?.dataset ?? {}, 'spec.evaluate.dataset'),
    ...(bundle === undefined
      ? []
      : [{ kind: 'ConfigMap', name: bundle, field: 'spec.storage.import.caBundle' } as const]),
  ]
}

/** The pod of the evaluation while it does not start, and why. */
export const stuckPod = (
  observed: Observed,
): { readonly pod: LivePod; readonly finding: Finding } | undefined => {
  const { events, measuring, model } = observed
  const pod = measuringPod(observed)
  const references = referencesOf(model)
  const finding =
    pod && podTrouble(pod, { references, resourcesField: resourcesFields.server, events, measuring })
  return pod && finding && { pod, finding }
}

const stuck: Check = (observed) => stuckPod(observed)?.finding

/** The pod is made again, and has not told yet whether what kept the one before from its start is mended. */
const gaveWay: Check = (observed) => {
  const pod = measuringPod(observed)
  return !pod || pod.status?.phase === 'Pending' ? observed.lastRest : undefined
}

const refused: Check = (observed) =>
  jobPodRefused(observed.evaluateJob, measuringPod(observed), observed, resourcesFields.server)

/** Another attempt runs, and no check has found a fault of its pod. */
const failedBefore: Check = ({ evaluateJob: job, evaluatePods, model }) => {
  const { evaluate } = model.spec
  if (!job || evaluationOutcome(job, evaluatePods, evaluate).kind !== 'running') return undefined
  const failure = lastFailureOf(gateKind(job, evaluate), job)
  return failure && triedAgain(job.metadata.namespace, failure)
}

/** What keeps the version that spec asks for from being measured. */
export const measurementTrouble: Check = (observed) => {
  if (!observed.asked || observed.asked.isAnswered) return undefined
  return (
    observed.asked.refusal ??
    ended(observed) ??
    refused(observed) ??
    stuck(observed) ??
    gaveWay(observed) ??
    failedBefore(observed)
  )
}

/** A version that gets no traffic before it is measured. */
export const notMeasured: Check = (observed) =>
  observed.target.kind === 'evaluate' ? measurementTrouble(observed) : undefined

const limitsOf = 'spec.evaluate'

/** What to do about a version that is beyond a limit. */
const advice = ({ target, asked }: Observed): string => {
  const current = target.kind === 'evaluate' ? target.current : undefined
  const compared = asked?.question.compared?.version.id
  const change = `Give another version in spec.model, or change the limit in ${limitsOf}: it is judged again without being measured again.`
  if (current)
    return `${current.id} serves on. ${change} To settle on it, set spec.model.version to ${current.id}.`
  return compared !== undefined
    ? `${compared} serves on, and status does not list it. ${change} To settle on it, give its source again.`
    : `Nothing serves, since this is the first version. ${change}`
}

/** The version that spec asks for is measured, and beyond a limit. */
export const beyondLimit: Check = (observed) => {
  const { target, asked } = observed
  const verdict = asked?.verdict
  if (target.kind !== 'evaluate' || !verdict || verdict.passed) return undefined
  const [first] = verdict.failures
  return {
    reason: first?.reason ?? 'EvaluationFailed',
    message: `${target.version.id} gets no traffic: ${sayVerdict(verdict)}. ${advice(observed)}`,
    retry: 'never',
  }
}
