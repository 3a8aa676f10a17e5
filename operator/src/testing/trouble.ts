/** What the rest of a cluster says when something is wrong: statuses of pods, and Events. */

import type { LiveEvent, LivePod } from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import type { TestCluster } from './cluster.ts'

export const waits = (reason: string, message: string): LivePod['status'] => ({
  phase: 'Pending',
  containerStatuses: [{ name: 'any', state: { waiting: { reason, message } } }],
})
export const unscheduled = (message: string): LivePod['status'] => ({
  phase: 'Pending',
  conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }],
})
export const ended = (exitCode: number, reason: string, message?: string): LivePod['status'] => ({
  phase: 'Failed',
  containerStatuses: [
    { name: 'import', state: { terminated: { exitCode, reason, ...(message ? { message } : {}) } } },
  ],
})
const event = (cluster: TestCluster, about: KubernetesObject, reason: string, message: string): void => {
  const { kind, metadata } = about
  const involvedObject = { kind, name: metadata.name, uid: metadata.uid }
  const name = `${metadata.name}.${reason}`
  const told: LiveEvent = {
    ...{ apiVersion: 'v1', kind: 'Event', metadata: { name, namespace: 'demo' } },
    ...{ involvedObject, reason, message, type: 'Warning' },
  } as LiveEvent
  cluster.store.store(told)
}
export const eventOnce = (cluster: TestCluster, kind: string, reason: string, message: string): void => {
  for (const object of cluster.all(kind)) event(cluster, object, reason, message)
}
