import { apiVersion, components, kind, labels, type Track } from '@gantry/contract/labels.ts'
import type { KubernetesObject, Metadata, OwnerReference, Resource } from '@gantry/kube/objects.ts'
import type { ModelDeployment } from '../model-deployment.ts'

type Component = (typeof components)[keyof typeof components]

export const annotations = {
  /** Annotation of an import Job: the revision that it imports. */
  revision: 'gantry.dev/revision',
  /** Annotation of a Deployment: what sets its replicas. */
  scaledBy: 'gantry.dev/scaled-by',
  /** Annotation of a Deployment: how many pods it takes over from the one without a track. */
  takesOver: 'gantry.dev/takes-over',
} as const

const namespaceOf = (model: ModelDeployment): string => model.metadata.namespace

/** Labels that find what belongs to a model; with `component`, its serving pods or its import pods. */
const selectorLabels = (model: ModelDeployment, component?: Component): Readonly<Record<string, string>> => ({
  [labels.model]: model.metadata.name,
  ...(component ? { [labels.component]: component } : {}),
})

export const allLabels = (
  model: ModelDeployment,
  component?: Component,
): Readonly<Record<string, string>> => ({
  [labels.managedBy]: labels.manager,
  [labels.name]: model.metadata.name,
  ...selectorLabels(model, component),
})

export const servingPods = (model: ModelDeployment): Readonly<Record<string, string>> =>
  selectorLabels(model, components.server)

/** The pods of one Deployment. Service, budget and network policy select those of all. */
export const trackPods = (model: ModelDeployment, track: Track): Readonly<Record<string, string>> => ({
  ...servingPods(model),
  [labels.track]: track,
})

export const importPods = (model: ModelDeployment): Readonly<Record<string, string>> =>
  selectorLabels(model, components.import)

/** Deleting the model deletes what refers to it so; a foreground deletion waits for it. */
const ownerReference = ({ metadata }: ModelDeployment): OwnerReference => ({
  apiVersion,
  kind,
  name: metadata.name,
  uid: metadata.uid,
  controller: true,
  blockOwnerDeletion: true,
})

/** apiVersion, kind and metadata of an object owned by `model`. @param name default is the model's name */
export const identity = (
  resource: Resource,
  model: ModelDeployment,
  extra: {
    readonly name?: string
    readonly component?: Component
    readonly annotations?: Metadata['annotations']
  } = {},
): KubernetesObject => ({
  apiVersion: resource.apiVersion,
  kind: resource.kind,
  metadata: {
    name: extra.name ?? model.metadata.name,
    namespace: namespaceOf(model),
    labels: allLabels(model, extra.component),
    ...(extra.annotations ? { annotations: extra.annotations } : {}),
    ownerReferences: [ownerReference(model)],
  },
})
