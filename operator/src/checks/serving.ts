import { startDeadlineSeconds } from '../desired/deployment.ts'
import type { Finding } from '../finding.ts'
import { conditionOf, isEnding, isOver, isReady } from '../live.ts'
import type { Observed } from '../observe.ts'
import type { Check } from './check.ts'
import { podRefused } from './pod-refused.ts'
import { crashed, imageNotPulled, notCreated, resourcesFields, unmountable, unschedulable } from './pods.ts'

export const serverPodRefused: Check = ({ deployment }) => {
  const refused = deployment && conditionOf(deployment, 'ReplicaFailure')
  return refused?.status === 'True' ? podRefused(refused.message ?? '', resourcesFields.server) : undefined
}

const podChecks = [unschedulable, unmountable, imageNotPulled, notCreated, crashed]

/** Pods of the newest template come first: why the wish is not met matters more than what else is wrong. */
export const serverPodStuck: Check = (observed: Observed): Finding | undefined => {
  const stuck = observed.servingPods.filter((pod) => !isReady(pod) && !isEnding(pod) && !isOver(pod))
  for (const pod of stuck) {
    const finding = podChecks.map((check) => check(pod, observed)).find((found) => found !== undefined)
    if (finding) return finding
  }
  return undefined
}

export const rolloutTimedOut: Check = ({ deployment, model }) => {
  const progressing = deployment && conditionOf(deployment, 'Progressing')
  if (progressing?.reason !== 'ProgressDeadlineExceeded') return undefined
  const { name, namespace } = model.metadata
  return {
    reason: 'RolloutTimedOut',
    message: `No new pod became ready within ${startDeadlineSeconds} s. See why: kubectl -n ${namespace} logs -l gantry.dev/model=${name} --tail 50`,
    retry: 'never',
  }
}
