/**
 * What the cache keeps of an object. Users who may create pods with our labels may make them large and many, and the
 * caches of all operator pods hold them: so of pods and ReplicaSets only what decisions are made from is kept.
 */

import { type ContainerResources, controllerOf, type LivePod } from '@gantry/kube/live.ts'
import type { KubernetesObject, Metadata } from '@gantry/kube/objects.ts'
import { ConfigMap, Pod, ReplicaSet } from '@gantry/kube/resources.ts'
import { withoutManagers } from '@gantry/kube/store.ts'

/** Prefixes of the labels that the operator reads. */
export const keptLabelPrefixes = ['gantry.dev/', 'app.kubernetes.io/'] as const

const labelsOf = ({ labels }: Metadata): Metadata['labels'] =>
  labels &&
  Object.fromEntries(
    Object.entries(labels).filter(([key]) => keptLabelPrefixes.some((prefix) => key.startsWith(prefix))),
  )

const identityOf = (object: KubernetesObject): KubernetesObject => {
  const { name, namespace, uid, resourceVersion, creationTimestamp, deletionTimestamp } = object.metadata
  const labels = labelsOf(object.metadata)
  const controller = controllerOf(object)
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: {
      name,
      ...(namespace !== undefined ? { namespace } : {}),
      ...(uid !== undefined ? { uid } : {}),
      ...(resourceVersion !== undefined ? { resourceVersion } : {}),
      ...(creationTimestamp !== undefined ? { creationTimestamp } : {}),
      ...(deletionTimestamp !== undefined ? { deletionTimestamp } : {}),
      ...(labels ? { labels } : {}),
      ...(controller ? { ownerReferences: [controller] } : {}),
    },
  }
}

type Spec = NonNullable<LivePod['spec']>
type Status = NonNullable<LivePod['status']>
type Quantities = NonNullable<ContainerResources['requests']>

/** Resources that have a price: CPU, memory and GPUs. Of the extended ones a pod has one or two. */
const mostExtended = 8

const pricedOf = (quantities: Quantities): Quantities => {
  const names = Object.keys(quantities)
  const extended = names.filter((name) => name.includes('/')).slice(0, mostExtended)
  const priced = names.filter((name) => name === 'cpu' || name === 'memory' || extended.includes(name))
  return Object.fromEntries(priced.map((name) => [name, quantities[name] ?? 0]))
}

const resourcesOf = ({
  resources,
}: {
  readonly resources?: ContainerResources
}): { readonly resources?: ContainerResources } =>
  resources?.requests ? { resources: { requests: pricedOf(resources.requests) } } : {}

const specOf = (spec: Spec): Spec => {
  const { containers = [], initContainers, volumes = [], nodeName, overhead } = spec
  return {
    ...(nodeName !== undefined ? { nodeName } : {}),
    containers: containers.map((container) => ({
      name: container.name,
      ...(container.image !== undefined ? { image: container.image } : {}),
      ...(container.ports
        ? { ports: container.ports.map(({ name }) => (name === undefined ? {} : { name })) }
        : {}),
      ...resourcesOf(container),
    })),
    ...(initContainers
      ? {
          initContainers: initContainers.map((container) => ({
            name: container.name,
            ...(container.restartPolicy !== undefined ? { restartPolicy: container.restartPolicy } : {}),
            ...resourcesOf(container),
          })),
        }
      : {}),
    ...resourcesOf(spec),
    ...(overhead ? { overhead: pricedOf(overhead) } : {}),
    volumes: volumes.filter(({ configMap, persistentVolumeClaim }) => configMap ?? persistentVolumeClaim),
  }
}

const statusOf = ({
  phase,
  reason,
  message,
  podIP,
  conditions,
  containerStatuses,
  initContainerStatuses,
}: Status): Status => ({
  ...(phase !== undefined ? { phase } : {}),
  ...(reason !== undefined ? { reason } : {}),
  ...(message !== undefined ? { message } : {}),
  ...(podIP !== undefined ? { podIP } : {}),
  ...(conditions ? { conditions } : {}),
  ...(containerStatuses ? { containerStatuses } : {}),
  ...(initContainerStatuses ? { initContainerStatuses } : {}),
})

const podOf = (pod: LivePod): LivePod => ({
  ...identityOf(pod),
  ...(pod.spec ? { spec: specOf(pod.spec) } : {}),
  ...(pod.status ? { status: statusOf(pod.status) } : {}),
})

/** Annotation by which the Deployment controller marks the ReplicaSet of the present template. */
export const revisionAnnotation = 'deployment.kubernetes.io/revision'

const replicaSetOf = (object: KubernetesObject): KubernetesObject => {
  const identity = identityOf(object)
  const revision = object.metadata.annotations?.[revisionAnnotation]
  return revision === undefined
    ? identity
    : { ...identity, metadata: { ...identity.metadata, annotations: { [revisionAnnotation]: revision } } }
}

/** Reports of evaluations take up to 1 MiB each; who needs their bytes asks the API server. */
const mapOf = (object: KubernetesObject): KubernetesObject => {
  const { binaryData: _, ...rest } = withoutManagers(object)
  return rest as KubernetesObject
}

export const kept = (object: KubernetesObject): KubernetesObject => {
  if (object.kind === ConfigMap.kind) return mapOf(object)
  if (object.kind === ReplicaSet.kind) return replicaSetOf(object)
  return object.kind === Pod.kind ? podOf(object) : withoutManagers(object)
}
