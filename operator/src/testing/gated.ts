/** A model with spec.evaluate in the cluster in memory, and what tests ask about it. */
import type { EvaluationFailure } from '@gantry/contract/evaluation.ts'
import { components, labels } from '@gantry/contract/labels.ts'
import type { LiveJob, LivePod } from '@gantry/kube/live.ts'
import type { ModelDeploymentSpec, Version } from '../modeldeployment/model-deployment.ts'
import { type ClusterOptions, settledCluster, type TestCluster } from './cluster.ts'
import { type Fared, measuring } from './measured-versions.ts'
import type { Ending } from './simulated-evaluation.ts'

/** Ids of the versions that a simulated volume makes, in their order. */
export const first = 'v_20261123_100001'
export const second = 'v_20261123_100002'
export const third = 'v_20261123_100003'

export type Evaluate = NonNullable<ModelDeploymentSpec['evaluate']>
export const data = { dataset: { uri: 'https://data.example/test.jsonl' }, metric: 'accuracy' } as const

/** A model with one version that serves, and limits that count from the second version on. */
export const gated = async (
  limits: Partial<Evaluate>,
  versions: Readonly<Record<string, Fared>>,
  options: ClusterOptions = {},
): Promise<TestCluster> => {
  const cluster = await settledCluster({ evaluates: measuring((id) => versions[id] ?? {}), ...options })
  await cluster.change((spec) => {
    spec.evaluate = { ...data, ...limits }
  })
  return cluster
}

export const failing = (reason: EvaluationFailure, message: string, retry: 'never' | 'backoff'): Ending => ({
  kind: 'report',
  report: { outcome: 'failed', reason, message, retry },
})

/** A user gives the source of another version; nothing else happens yet. */
export const giveSource = (cluster: TestCluster, number: number): void =>
  cluster.edit('ModelDeployment', ({ spec }) => {
    spec.model.source.uri = `https://models.example/${number}.tar.gz`
  })

export const useSource = async (cluster: TestCluster, number: number): Promise<void> => {
  giveSource(cluster, number)
  await cluster.settle()
}

const isOfComponent =
  (component: string) =>
  ({ metadata }: LiveJob | LivePod): boolean =>
    metadata.labels?.[labels.component] === component

export const isEvaluation = isOfComponent(components.evaluate)

/** Ids of the versions of the pods that serve. */
export const serving = (cluster: TestCluster): readonly (string | undefined)[] =>
  cluster
    .all<LivePod>('Pod')
    .filter(isOfComponent(components.server))
    .map(({ metadata }) => metadata.labels?.[labels.version])

export const evaluations = (cluster: TestCluster): readonly LiveJob[] =>
  cluster.all<LiveJob>('Job').filter(isEvaluation)

/** How many Jobs that measure were made so far. */
export const madeEvaluations = (cluster: TestCluster): number =>
  cluster.writes.filter(
    ({ kind, verb, name }) => kind === 'Job' && verb === 'create' && name.includes('-eval-'),
  ).length

export const listed = (cluster: TestCluster, id: string): Version | undefined =>
  cluster.model().status?.versions?.find((version) => version.id === id)

export const told = (cluster: TestCluster, type: string) => {
  const { status, reason, message } = cluster.condition(type) ?? {}
  return { status, reason, message: message ?? '' }
}
