import { setTimeout as pause } from 'node:timers/promises'
import type { ImportReport } from '@gantry/contract/importing.ts'
import type { KubeClient } from '@gantry/kube/client.ts'
import type { LiveJob } from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { Job, Pod } from '@gantry/kube/resources.ts'

const argument = (args: readonly string[], name: string): string =>
  args.find((arg) => arg.startsWith(`${name}=`))?.slice(name.length + 1) ?? ''

const templateOf = (job: LiveJob) =>
  (job['spec'] as { template: { metadata: object; spec: { containers: { args: string[] }[] } } }).template

/** What the import of this Job would report; the same for the same Job, as a volume answers that has the version. */
export const reportOf = (job: LiveJob): ImportReport => {
  const args = templateOf(job).spec.containers[0]?.args ?? []
  const label = argument(args, '--label')
  return {
    outcome: 'imported',
    pruned: [],
    version: {
      id: label === '' ? 'v_20261123_101500' : 'v_20261123_101600',
      ...(label === '' ? {} : { label }),
      revision: argument(args, '--revision'),
      source: argument(args, '--source'),
      digest: `sha256:${'0'.repeat(64)}`,
      task: 'tensor',
      sizeBytes: 4_000_000,
      createdAt: '2026-11-23T10:15:00Z',
    },
  }
}

/** Lets the pod of a Job end well, as the Job controller and a kubelet would tell. */
export const finish = async (kube: KubeClient, job: LiveJob, report: object): Promise<void> => {
  const { name, namespace, uid } = job.metadata
  const { metadata, spec } = templateOf(job)
  const identity = { apiVersion: 'v1', kind: 'Pod' }
  const owner = { apiVersion: 'batch/v1', kind: 'Job', name, uid, controller: true }
  const podMetadata = { ...metadata, name: `${name}-pod`, namespace, ownerReferences: [owner] }
  await kube.apply(Pod, { ...identity, metadata: podMetadata, spec } as KubernetesObject)
  const at = '2026-11-23T10:15:00Z'
  const message = JSON.stringify(report)
  const state = { terminated: { exitCode: 0, reason: 'Completed', startedAt: at, finishedAt: at, message } }
  const container = { name: 'main', ready: false, restartCount: 0, image: 'x', imageID: '', state }
  await kube.applyStatus(Pod, {
    ...identity,
    metadata: { name: podMetadata.name, namespace: namespace ?? '' },
    status: { phase: 'Succeeded', containerStatuses: [container] },
  })
  const reached = (type: string) => ({ type, status: 'True', lastProbeTime: at, lastTransitionTime: at })
  await kube.applyStatus(Job, {
    ...{ apiVersion: 'batch/v1', kind: 'Job', metadata: { name, namespace: namespace ?? '' } },
    status: {
      ...{ startTime: at, completionTime: at, succeeded: 1 },
      conditions: [reached('SuccessCriteriaMet'), reached('Complete')],
    },
  })
}

/** Stands in for the Job controller and the kubelets of a namespace until the signal fires. */
export const importing = async (kube: KubeClient, namespace: string, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    const jobs = await kube.list<LiveJob>(Job, { namespace })
    for (const job of jobs.filter(({ status }) => !status?.conditions?.length))
      await finish(kube, job, reportOf(job))
    await pause(50)
  }
}
