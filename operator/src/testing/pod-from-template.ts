import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { at } from './object-store.ts'

/** A pod as the controller of `owner` makes it from the owner's template. */
export const podFromTemplate = (
  owner: KubernetesObject,
  name: string,
  extraLabels: Record<string, string>,
): KubernetesObject => {
  const template = at(owner, 'spec', 'template') as { metadata: { labels: object }; spec: object }
  const { apiVersion, kind, metadata } = owner
  const { namespace = '', uid = '' } = metadata
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      labels: { ...template.metadata.labels, ...extraLabels },
      ownerReferences: [{ apiVersion, kind, name: metadata.name, uid, controller: true }],
    },
    spec: template.spec,
    status: { phase: 'Pending' },
  }
}
