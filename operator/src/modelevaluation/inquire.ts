import { isEnding, isOver, isOwnedBy, type LivePod } from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { nothingMeasured, runningEvaluations } from '../evaluating/measuring.ts'
import { hasBegun } from '../evaluating/pod-trouble.ts'
import { eventsOf } from '../runtime/object-events.ts'
import type { Inquired, Observed } from './observe.ts'
import { dueOf } from './plan.ts'
import { type NamedSheet, pricingOf } from './pricing.ts'
import { recordsOf } from './results.ts'
import type { World } from './world.ts'

/** Whether a pod waits for a node, or is scheduled and no container of it has run. */
const isWaiting = (pod: LivePod): boolean =>
  pod.status?.phase === 'Pending' && !isEnding(pod) && !hasBegun(pod)

/** The Job that runs, where it has no pod, or its pod, where that does not run yet: their Events may say why. */
export const waitingObjects = (observed: Observed): readonly KubernetesObject[] => {
  const running = dueOf(observed).find(({ outcome }) => outcome?.kind === 'running')
  if (!running?.job) return []
  const pod = observed.pods.find((one) => isOwnedBy(one, running.job?.metadata.uid) && !isOver(one))
  if (!pod) return [running.job]
  return isWaiting(pod) ? [pod] : []
}

/** Reads what the cache does not have, or what costs time: Events of what waits, other evaluations, nodes. */
export const inquire = async (world: World, observed: Observed, sheet: NamedSheet): Promise<Inquired> => {
  const waiting = waitingObjects(observed)
  const [pricing, ...events] = await Promise.all([
    pricingOf(world, observed.evaluation, sheet, recordsOf(observed.standings)),
    ...waiting.map((object) => eventsOf(world, object)),
  ])
  const running = dueOf(observed).find(({ outcome }) => outcome?.kind === 'running')
  const measuring =
    waiting.length > 0 ? runningEvaluations(world.cache, running?.job?.metadata.uid) : nothingMeasured
  const { namespace, name } = observed.evaluation.metadata
  const lastRest = world.rests.last(`${namespace}/${name}`)
  return { ...observed, pricing, events: events.flat(), measuring, lastRest }
}
