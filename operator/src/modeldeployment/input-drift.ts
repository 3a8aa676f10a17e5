/** Whether requests to the version that serves look like those of its evaluation: status.drift and the condition InputDrift. Pure. */
import { driftsAbove, enoughDriftRows, restsBelow } from '@gantry/contract/drift.ts'
import type { Reason } from '@gantry/contract/reasons.ts'
import type { ServedModel } from '@gantry/contract/server.ts'
import type { LivePod } from '@gantry/kube/live.ts'
import { no, timestamp, unknown, type Verdict, yes } from '../runtime/condition.ts'
import { activeVersion } from './active-version.ts'
import { askedPods } from './inquire.ts'
import type { ModelDeploymentStatus } from './model-deployment.ts'
import { type Observed, versionIdOf } from './observe.ts'
import { desiredReplicas } from './replicas.ts'

type Told = NonNullable<ServedModel['drift']>
type DriftStatus = NonNullable<ModelDeploymentStatus['drift']>
type Feature = DriftStatus['features'][number]

/** A pod begins to count anew. For this time after its start, what was known before holds until it has rows enough. */
const warmUpMs = 3_600_000
/** A value that has changed by less is not written again: it moves with every request. */
const tellingFactor = 1.5
/** Features that a message names. */
const mostNamed = 3
/** Features that the status has, as the CRD allows. */
const mostFeatures = 64

export interface InputDrift {
  /** Undefined where nothing is compared. */
  readonly verdict?: Verdict
  /** Undefined while nothing is judged. */
  readonly status?: DriftStatus
}

/** What the pods of one version tell. */
interface Heard {
  readonly told: readonly Told[]
  /** Whether a pod that serves, or will, has not told. */
  readonly isSilent: boolean
  /** Whether a pod may yet tell of a feature that the others do not tell of. */
  readonly isUndecided: boolean
}

const isYoung = ({ metadata }: LivePod, now: number): boolean =>
  now - (Date.parse(metadata.creationTimestamp ?? '') || 0) < warmUpMs

const hear = (observed: Observed, version: string, now: number): Heard => {
  const pods = askedPods(observed)
    .filter((pod) => versionIdOf(pod) === version)
    .map((pod) => {
      const answer = observed.answers.get(pod.metadata.name)
      return { pod, answer: answer?.version === version ? answer : undefined }
    })
  const isSilent = pods.length === 0 || pods.some(({ answer }) => !answer)
  const isWarmingUp = pods.some(({ pod, answer }) => {
    const drift = answer?.drift
    return drift?.enough === false && drift.unusable === undefined && isYoung(pod, now)
  })
  return {
    told: pods.flatMap(({ answer }) => answer?.drift ?? []),
    isSilent,
    isUndecided: isSilent || isWarmingUp,
  }
}

/** What was told before stays while pods do not answer, as one does that is just being replaced. */
const held = ({ model, sleep }: Observed, version: string, status: DriftStatus | undefined): InputDrift => {
  const last = model.status?.conditions?.find(({ type }) => type === 'InputDrift')
  if (!last || model.status?.activeVersion !== version || desiredReplicas({ model, sleep }) === 0) return {}
  const { reason, message } = last
  return {
    verdict: { status: last.status, reason: reason as Reason, message: message ?? '' },
    ...(status && { status }),
  }
}

const moves = (before: number, now: number): boolean =>
  now > before * tellingFactor || now < before / tellingFactor

/** @param since as a pod writes it, which may be anything that looks like a time */
const sinceOf = (since: string, now: number): string => {
  const at = Date.parse(since)
  return timestamp(Number.isNaN(at) ? now : Math.min(at, now))
}

const combined = (
  told: readonly Told[],
  before: readonly Feature[],
  { isUndecided, now }: Pick<Heard, 'isUndecided'> & { readonly now: number },
): readonly Feature[] => {
  const named = new Map<string, Feature>()
  for (const { name, statistic, value, since } of told.flatMap(({ features }) => features)) {
    const known = named.get(name)
    if (known && known.value >= value) continue
    named.set(name, { name, statistic, value, since: known?.since ?? sinceOf(since, now) })
  }
  const kept = before.flatMap((last) => {
    const next = named.get(last.name)
    if (!next) return isUndecided ? [last] : []
    const isSame = next.statistic === last.statistic && !moves(last.value, next.value)
    return [isSame ? last : { ...next, since: last.since }]
  })
  const added = [...named.values()].filter(({ name }) => !before.some((last) => last.name === name))
  return [...kept, ...added.sort((one, other) => other.value - one.value)]
    .slice(0, mostFeatures)
    .sort((one, other) => other.value - one.value || (one.name < other.name ? -1 : 1))
}

const judged = ({ version, features }: DriftStatus): Verdict => {
  const [first] = features
  if (!first) {
    return no('NoDrift', `Requests to ${version} look like the data that it was evaluated on.`)
  }
  const named = features.slice(0, mostNamed).map((one) => `${one.name} (${one.statistic} ${one.value})`)
  const others = features.length > mostNamed ? ` and ${features.length - mostNamed} more` : ''
  const what = `Requests to ${version}, or its predictions, are not as in the data that it was evaluated on: ${named.join(', ')}${others}.`
  const limits = `A feature drifts above ${driftsAbove}, and until it is below ${restsBelow}.`
  const next = `Find out what changed in ${first.name}: another unit, a new client, missing values. If requests are right, label some of them and evaluate the version again.`
  return yes('InputDrift', `${what} ${limits} ${next}`)
}

/**
 * Pods count apart, and each of them leaves out what chance explains, so a feature drifts where it does so on one of them: what a
 * single client sends may reach a single pod. Its value is the largest. It ends when every pod has rows enough and none names it.
 */
export const inputDrift = (observed: Observed, now: number): InputDrift => {
  const { model } = observed
  const version = activeVersion(observed)
  if (version === undefined || model.spec.serve?.drift === 'off') return {}
  const last = model.status?.drift?.version === version ? model.status.drift : undefined
  const { told, isSilent, isUndecided } = hear(observed, version, now)
  if (told.length === 0) return isSilent ? held(observed, version, last) : {}
  const usable = told.filter(({ unusable }) => unusable === undefined)
  const [refusal = ''] = told.flatMap(({ unusable }) => unusable ?? []).sort()
  if (usable.length === 0) {
    const message = `Requests to ${version} are not compared with the data that it was evaluated on: ${refusal}. Evaluate the version again, or correct the file in its source.`
    return { verdict: unknown('DriftReferenceUnusable', message) }
  }
  if (!usable.some(({ enough }) => enough) && !(last && isUndecided)) {
    const message = `No pod of ${version} has compared ${enoughDriftRows} rows of requests with the data that it was evaluated on, so nothing is judged yet.`
    return { verdict: unknown('TooFewRows', message) }
  }
  const features = combined(usable, last?.features ?? [], { isUndecided, now })
  const status = { version, features: [...features] }
  return { verdict: judged(status), status }
}
