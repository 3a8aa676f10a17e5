/** Clusters as an operator left them that knew no tracks: one Deployment, named like its model. */
import { labels } from '@gantry/contract/labels.ts'
import type { LiveDeployment } from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { type ClusterOptions, type Draft, settledCluster, type TestCluster } from './cluster.ts'

const untrackedOf = (deployment: LiveDeployment, name: string): KubernetesObject => {
  const { metadata, status: _, ...draft } = structuredClone(deployment) as Draft
  const { namespace, annotations, ownerReferences } = metadata
  delete draft.spec.selector.matchLabels[labels.track]
  delete draft.spec.template.metadata.labels[labels.track]
  return { ...draft, metadata: { name, namespace, labels: metadata.labels, annotations, ownerReferences } }
}

/** A settled cluster whose model has the one Deployment without a track, before the first pass of this operator. */
export const untrackedCluster = async (options: ClusterOptions = {}): Promise<TestCluster> => {
  const cluster = await settledCluster(options)
  const { name } = cluster.model().metadata
  const stable = cluster.find<LiveDeployment>('Deployment')
  if (!stable) throw new Error('nothing is served')
  cluster.store.store(untrackedOf(stable, name))
  cluster.erase('Deployment')
  if (cluster.find('HorizontalPodAutoscaler'))
    cluster.edit('HorizontalPodAutoscaler', ({ spec }) => {
      spec.scaleTargetRef.name = name
    })
  while (cluster.step());
  cluster.writes.length = 0
  return cluster
}
