import { shownDuration } from '@gantry/contract/duration.ts'
import { deploymentName, modelSelector } from '@gantry/contract/labels.ts'
import { conditionOf, isEnding, isOver, isReady, type LivePod } from '@gantry/kube/live.ts'
import { podRefused } from '../../pods/refused.ts'
import type { Finding } from '../../runtime/finding.ts'
import { startDeadlineSeconds } from '../desired/deployment.ts'
import type { ModelDeployment } from '../model-deployment.ts'
import { type Observed, versionIdOf } from '../observe.ts'
import { isPaused, readyPods } from '../rollout.ts'
import { missingAccount, type NamedAccount } from './account.ts'
import type { Check } from './check.ts'
import { ownImportStuck } from './own-import.ts'
import { crashed, imageNotPulled, notCreated, resourcesFields, unmountable, unschedulable } from './pods.ts'
import { sidecarStuck } from './sidecars.ts'

/** The ServiceAccount of podTemplate. */
const accountOf = ({ metadata: { namespace }, spec }: ModelDeployment): NamedAccount => ({
  ...{ name: spec.serve?.podTemplate?.serviceAccountName, namespace },
  field: 'spec.serve.podTemplate.serviceAccountName',
})

/** Where requests and limits of the pods stand. */
const fieldsOf = ({ spec }: ModelDeployment): string =>
  spec.serve?.podTemplate?.sidecars?.length
    ? `${resourcesFields.server} and in the resources of spec.serve.podTemplate.sidecars`
    : resourcesFields.server

/** A model with the Deployment that serves it. */
interface OfStable extends Pick<Observed, 'model'> {
  readonly tracks: Pick<Observed['tracks'], 'stable'>
}

export const serverPodRefused = ({ tracks: { stable }, model }: OfStable): Finding | undefined => {
  const refused = stable && conditionOf(stable, 'ReplicaFailure')
  if (refused?.status !== 'True') return undefined
  const { message = '' } = refused
  return missingAccount(message, accountOf(model)) ?? podRefused(message, fieldsOf(model))
}

const podChecks = [
  unschedulable,
  unmountable,
  sidecarStuck,
  ownImportStuck,
  imageNotPulled,
  notCreated,
  crashed,
]

/** The version that answers while the pod does not, where it is another one. */
const meanwhile = (pod: LivePod, observed: Observed): string => {
  const ids = new Set(readyPods(observed).map(versionIdOf))
  ids.delete(versionIdOf(pod))
  const [id] = ids
  return id === undefined ? '' : ` ${id} serves meanwhile.`
}

/** What keeps the first of the pods from being ready. */
export const troubleOf = (pods: readonly LivePod[], observed: Observed): Finding | undefined => {
  const stuck = pods.filter((pod) => !isReady(pod) && !isEnding(pod) && !isOver(pod))
  return stuck
    .flatMap((pod) => podChecks.map((check) => check(pod, observed)))
    .find((found) => found !== undefined)
}

/** Pods of the newest template come first: the reason why spec is not met matters more than other faults. */
export const serverPodStuck: Check = (observed: Observed): Finding | undefined => {
  const stuck = observed.servingPods.filter((pod) => !isReady(pod) && !isEnding(pod) && !isOver(pod))
  for (const pod of stuck) {
    const finding = podChecks.map((check) => check(pod, observed)).find((found) => found !== undefined)
    if (finding) return { ...finding, message: `${finding.message}${meanwhile(pod, observed)}` }
  }
  return undefined
}

export const rolloutTimedOut = ({ tracks: { stable }, model }: OfStable): Finding | undefined => {
  const progressing = stable && conditionOf(stable, 'Progressing')
  if (progressing?.reason !== 'ProgressDeadlineExceeded') return undefined
  const { name, namespace } = model.metadata
  return {
    reason: 'RolloutTimedOut',
    message: `No new pod became ready within ${shownDuration(startDeadlineSeconds * 1000)}. See why: kubectl -n ${namespace} logs -l ${modelSelector(name)} --tail 50`,
    retry: 'never',
  }
}

/** Its pods would all be replaced by those of the stable Deployment, which is a rollout, too. */
export const rolloutPaused: Check = (observed) => {
  const { untracked, model } = observed
  if (!untracked || !isPaused(observed)) return undefined
  const { name, namespace } = model.metadata
  return {
    reason: 'RolloutPaused',
    message: `Deployment ${name} is paused, so its pods are not replaced by those of Deployment ${deploymentName(name, 'stable')}; they serve as they are. To go on: kubectl -n ${namespace} rollout resume deployment/${name}`,
    retry: 'never',
  }
}
