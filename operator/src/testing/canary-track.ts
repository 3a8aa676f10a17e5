import { labels } from '@gantry/contract/labels.ts'
import type { LiveDeployment } from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { type Draft, settledCluster, type TestCluster } from './cluster.ts'

const canaryOf = (stable: LiveDeployment, version: string): KubernetesObject => {
  const { metadata, status: _, ...draft } = structuredClone(stable) as Draft
  const { namespace, annotations, ownerReferences } = metadata
  draft.spec.selector.matchLabels[labels.track] = 'canary'
  Object.assign(draft.spec.template.metadata.labels, {
    [labels.track]: 'canary',
    [labels.version]: version,
  })
  const name = metadata.name.replace(/stable$/, 'canary')
  return { ...draft, metadata: { name, namespace, labels: metadata.labels, annotations, ownerReferences } }
}

/** A settled cluster with ready pods of another version on the canary track, before the next pass. */
export const canaryCluster = async (version: string): Promise<TestCluster> => {
  const cluster = await settledCluster()
  const stable = cluster.find<LiveDeployment>('Deployment')
  if (!stable) throw new Error('nothing is served')
  cluster.store.store(canaryOf(stable, version))
  while (cluster.step());
  for (const pod of cluster.all<Draft>('Pod'))
    cluster.store.store({ ...pod, spec: { ...pod.spec, nodeName: 'n1' } })
  cluster.writes.length = 0
  return cluster
}
