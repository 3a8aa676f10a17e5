/** Stands in for the Deployment controller, the kubelets and the servers in their pods, on an API server without nodes. */
import { createServer } from 'node:http'
import type { TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { components, labels } from '@gantry/contract/labels.ts'
import { httpPort, servedModelMember } from '@gantry/contract/server.ts'
import type { KubeClient } from '@gantry/kube/client.ts'
import { fingerprint } from '@gantry/kube/fingerprint.ts'
import { isOwnedBy, isReady, type LiveDeployment, type LivePod } from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { Deployment, Pod, ReplicaSet } from '@gantry/kube/resources.ts'
import { revisionAnnotation } from '../runtime/kept.ts'
import { imageOf } from './images.ts'

const standIn = 'stand-in'

export interface Kubelet {
  /** An address of this machine at which all pods answer. */
  readonly podIp: string
  /** Whether the image of a pod can be pulled. */
  readonly pulls: (image: unknown) => boolean
}

/** A server that reports `version` for every model, on a loopback address of its own. */
export const answering = async (t: TestContext, version: string): Promise<string> => {
  const ip = `127.${[1, 2, 3].map(() => 2 + Math.floor(Math.random() * 250)).join('.')}`
  const body = JSON.stringify({
    [servedModelMember]: { version, device: { requested: 'auto', active: 'cpu' } },
  })
  const server = createServer((_, response) => response.end(body))
  await new Promise<void>((resolve, reject) => server.on('error', reject).listen(httpPort, ip, resolve))
  t.after(() => server.close())
  return ip
}

const ownerOf = ({ apiVersion, kind, metadata }: KubernetesObject) => ({
  ...{ apiVersion, kind, name: metadata.name, uid: metadata.uid ?? '', controller: true },
})

const replicaSetFor = (deployment: LiveDeployment, hash: string): KubernetesObject => {
  const { metadata, spec } = deployment
  const template = spec?.template as { metadata: { labels: object }; spec: object }
  const marks = { ...template.metadata.labels, 'pod-template-hash': hash }
  return {
    ...{ apiVersion: 'apps/v1', kind: 'ReplicaSet' },
    metadata: {
      name: `${metadata.name}-${hash}`,
      namespace: metadata.namespace ?? '',
      labels: marks as Record<string, string>,
      annotations: { [revisionAnnotation]: hash },
      ownerReferences: [ownerOf(deployment)],
    },
    spec: {
      ...{ replicas: 1, selector: { matchLabels: { ...marks } } },
      template: { ...template, metadata: { ...template.metadata, labels: marks } },
    },
  }
}

const podOf = (replicaSet: KubernetesObject): KubernetesObject => {
  const { template } = replicaSet['spec'] as { template: { metadata: object; spec: object } }
  const { name, namespace } = replicaSet.metadata
  return {
    ...{ apiVersion: 'v1', kind: 'Pod' },
    metadata: {
      ...template.metadata,
      ...{ name: `${name}-0`, namespace: namespace ?? '', ownerReferences: [ownerOf(replicaSet)] },
    },
    spec: template.spec,
  }
}

const statusOf = (pod: LivePod, { podIp, pulls }: Kubelet) => {
  const container = { name: 'server', image: 'x', imageID: '', restartCount: 0 }
  if (pulls(imageOf(pod))) {
    const state = { running: { startedAt: '2026-11-23T10:15:00Z' } }
    return {
      ...{ phase: 'Running', podIP: podIp, podIPs: [{ ip: podIp }] },
      conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses: [{ ...container, ready: true, state }],
    }
  }
  const state = { waiting: { reason: 'ImagePullBackOff', message: 'not found' } }
  return {
    phase: 'Pending',
    conditions: [{ type: 'Ready', status: 'False' }],
    containerStatuses: [{ ...container, ready: false, state }],
  }
}

/** The new pod beside the old one, which goes when the new one is ready. */
const run = async (kube: KubeClient, deployment: LiveDeployment, kubelet: Kubelet): Promise<void> => {
  const { name, namespace = '', generation, uid } = deployment.metadata
  const hash = fingerprint(deployment.spec?.template, 8)
  const sets = (await kube.list(ReplicaSet, { namespace })).filter((set) => isOwnedBy(set, uid))
  const known = sets.find(({ metadata }) => metadata.name === `${name}-${hash}`)
  const current = known ?? (await kube.create(ReplicaSet, replicaSetFor(deployment, hash)))
  const annotations = { [revisionAnnotation]: hash }
  const identity = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace } }
  if (deployment.metadata.annotations?.[revisionAnnotation] !== hash) {
    await kube.apply(Deployment, { ...identity, metadata: { name, namespace, annotations } }, standIn)
  }
  const pods = await kube.list<LivePod>(Pod, {
    namespace,
    labelSelector: `${labels.model}=${deployment.metadata.labels?.[labels.model]}`,
  })
  const serving = pods.filter(({ metadata }) => metadata.labels?.[labels.component] === components.server)
  const fresh =
    serving.find((pod) => isOwnedBy(pod, current.metadata.uid)) ?? (await kube.create(Pod, podOf(current)))
  const status = statusOf(fresh as LivePod, kubelet)
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: fresh.metadata.name, namespace } }
  await kube.applyStatus(Pod, { ...pod, status })
  const isDone = status.phase === 'Running'
  const old = serving.filter(({ metadata }) => metadata.uid !== fresh.metadata.uid)
  const going = isDone ? old : old.filter((one) => !isReady(one))
  for (const { metadata } of going) await kube.remove(Pod, namespace, metadata.name)
  const left = old.length - going.length
  const ready = left + (isDone ? 1 : 0)
  const reason = isDone ? 'NewReplicaSetAvailable' : 'ReplicaSetUpdated'
  await kube.applyStatus(Deployment, {
    ...identity,
    status: {
      ...{ observedGeneration: generation, replicas: left + 1, updatedReplicas: 1 },
      ...{ readyReplicas: ready, availableReplicas: ready },
      conditions: [{ type: 'Progressing', status: 'True', reason }],
    },
  })
}

const isSettled = ({ metadata, status }: LiveDeployment): boolean =>
  status?.observedGeneration === metadata.generation && status?.replicas === 1 && status.readyReplicas === 1

/** Runs the Deployment controller until the signal fires. */
export const deploying = async (
  kube: KubeClient,
  namespace: string,
  kubelet: Kubelet,
  signal: AbortSignal,
): Promise<void> => {
  while (!signal.aborted) {
    const deployments = await kube.list<LiveDeployment>(Deployment, { namespace })
    const due = deployments.filter((deployment) => !isSettled(deployment))
    for (const deployment of due) await run(kube, deployment, kubelet)
    await pause(100)
  }
}
