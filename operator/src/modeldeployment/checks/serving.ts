import { shownDuration } from '@gantry/contract/duration.ts'
import { modelSelector } from '@gantry/contract/labels.ts'
import { conditionOf, isEnding, isOver, isReady, type LivePod } from '@gantry/kube/live.ts'
import type { Finding } from '../../runtime/finding.ts'
import { startDeadlineSeconds } from '../desired/deployment.ts'
import { type Observed, versionIdOf } from '../observe.ts'
import { readyPods } from '../rollout.ts'
import type { Check } from './check.ts'
import { podRefused } from './pod-refused.ts'
import { crashed, imageNotPulled, notCreated, resourcesFields, unmountable, unschedulable } from './pods.ts'
import { sidecarStuck } from './sidecars.ts'

export const serverPodRefused: Check = ({ deployment }) => {
  const refused = deployment && conditionOf(deployment, 'ReplicaFailure')
  return refused?.status === 'True' ? podRefused(refused.message ?? '', resourcesFields.server) : undefined
}

const podChecks = [unschedulable, unmountable, sidecarStuck, imageNotPulled, notCreated, crashed]

/** The version that answers while the pod does not, where it is another one. */
const meanwhile = (pod: LivePod, observed: Observed): string => {
  const ids = new Set(readyPods(observed).map(versionIdOf))
  ids.delete(versionIdOf(pod))
  const [id] = ids
  return id === undefined ? '' : ` ${id} serves meanwhile.`
}

/** Pods of the newest template come first: why the wish is not met matters more than what else is wrong. */
export const serverPodStuck: Check = (observed: Observed): Finding | undefined => {
  const stuck = observed.servingPods.filter((pod) => !isReady(pod) && !isEnding(pod) && !isOver(pod))
  for (const pod of stuck) {
    const finding = podChecks.map((check) => check(pod, observed)).find((found) => found !== undefined)
    if (finding) return { ...finding, message: `${finding.message}${meanwhile(pod, observed)}` }
  }
  return undefined
}

export const rolloutTimedOut: Check = ({ deployment, model }) => {
  const progressing = deployment && conditionOf(deployment, 'Progressing')
  if (progressing?.reason !== 'ProgressDeadlineExceeded') return undefined
  const { name, namespace } = model.metadata
  return {
    reason: 'RolloutTimedOut',
    message: `No new pod became ready within ${shownDuration(startDeadlineSeconds * 1000)}. See why: kubectl -n ${namespace} logs -l ${modelSelector(name)} --tail 50`,
    retry: 'never',
  }
}
