/** Who an object belongs to: its labels, and the reference to its owner. */
import { type components, labels } from '@gantry/contract/labels.ts'
import type { KubernetesObject, Metadata, OwnerReference, Resource } from '@gantry/kube/objects.ts'

export type Component = (typeof components)[keyof typeof components]

/** An object that others belong to. */
export type Owner = KubernetesObject & {
  readonly metadata: Metadata & { readonly namespace: string; readonly uid: string }
}

/** Deleting the owner deletes what refers to it so; a foreground deletion waits for it. */
const ownerReference = ({ apiVersion, kind, metadata }: Owner): OwnerReference => ({
  apiVersion,
  kind,
  name: metadata.name,
  uid: metadata.uid,
  controller: true,
  blockOwnerDeletion: true,
})

interface Extra {
  /** Default is the name of the owner. */
  readonly name?: string
  readonly component?: Component
  readonly annotations?: Metadata['annotations']
}

type Labels = Readonly<Record<string, string>>

/** @param label has the name of the owner as its value, on all that belongs to it */
export const identityBy = (label: typeof labels.model | typeof labels.evaluation) => {
  /** Labels that find what belongs to an owner; with `component`, its pods of that kind. */
  const selectorLabels = ({ metadata }: Owner, component?: Component): Labels => ({
    [label]: metadata.name,
    ...(component ? { [labels.component]: component } : {}),
  })
  const allLabels = (owner: Owner, component?: Component): Labels => ({
    [labels.managedBy]: labels.manager,
    [labels.name]: owner.metadata.name,
    ...selectorLabels(owner, component),
  })
  /** apiVersion, kind and metadata of an object that belongs to `owner`. */
  const identity = (resource: Resource, owner: Owner, extra: Extra = {}): KubernetesObject => ({
    apiVersion: resource.apiVersion,
    kind: resource.kind,
    metadata: {
      name: extra.name ?? owner.metadata.name,
      namespace: owner.metadata.namespace,
      labels: allLabels(owner, extra.component),
      ...(extra.annotations ? { annotations: extra.annotations } : {}),
      ownerReferences: [ownerReference(owner)],
    },
  })
  return { selectorLabels, allLabels, identity }
}
export type Identity = ReturnType<typeof identityBy>
