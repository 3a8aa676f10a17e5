/**
 * A pod that has a node and does not start keeps that node from all other evaluations. Where somebody has to mend what it waits for, it gives way
 * to those that wait, and is tried again a minute later.
 */
import { components, labels } from '@gantry/contract/labels.ts'
import type { Cache } from '@gantry/kube/cache.ts'
import { conditionOf, isOwnedBy, type LivePod } from '@gantry/kube/live.ts'
import { Pod } from '@gantry/kube/resources.ts'
import type { Finding } from '../runtime/finding.ts'

/** Time in which what is created together with an evaluation, such as its ConfigMaps, may still come. */
const patienceMs = 60_000
/** Time for the others to be scheduled: a scheduler tries a pod again within ten seconds. */
const restMs = 60_000

/** Whether another evaluation waits for a node that has one already, as far as the operator sees. */
const othersWait = (cache: Cache, job: string | undefined): boolean =>
  cache.all<LivePod>(Pod).some((pod) => {
    const scheduled = conditionOf(pod, 'PodScheduled')
    return (
      pod.metadata.labels?.[labels.component] === components.evaluate &&
      !isOwnedBy(pod, job) &&
      scheduled?.reason === 'Unschedulable' &&
      /anti-affinity/.test(scheduled.message ?? '')
    )
  })

/** Whether the Job of the pod is to be deleted for now. @param finding why the pod does not start */
export const givesWay = (
  cache: Cache,
  pod: LivePod,
  { job, finding, now }: { job: string | undefined; finding: Finding; now: number },
): boolean => {
  const startedAt = Date.parse(pod.metadata.creationTimestamp ?? '') || now
  const isHolding = pod.spec?.nodeName !== undefined && pod.status?.phase === 'Pending'
  return finding.retry === 'never' && isHolding && now - startedAt >= patienceMs && othersWait(cache, job)
}

/** Evaluations that have given way, in memory only: a new leader may well try each at once. */
export interface Rests {
  /** Why it rests, with the time that is left; undefined where it does not. @param key namespace/name */
  readonly of: (key: string) => Finding | undefined
  /** Why it rests or has rested, until the pod that was made again has had time to tell the same: nothing is mended before that starts. */
  readonly last: (key: string) => Finding | undefined
  readonly begin: (key: string, finding: Finding) => void
}

/** @param now milliseconds since the epoch */
export const createRests = (now: () => number): Rests => {
  const resting = new Map<string, { readonly finding: Finding; readonly untilMs: number }>()
  const forgetRested = (): void => {
    for (const [key, { untilMs }] of resting) if (untilMs + patienceMs <= now()) resting.delete(key)
  }
  return {
    of: (key) => {
      forgetRested()
      const rest = resting.get(key)
      return rest && rest.untilMs > now() ? { ...rest.finding, afterMs: rest.untilMs - now() } : undefined
    },
    last: (key) => {
      forgetRested()
      return resting.get(key)?.finding
    },
    begin: (key, finding) => void resting.set(key, { finding, untilMs: now() + restMs }),
  }
}
