/** Objects for tests against a real API server, which is named by TEST_KUBECONFIG. */
import { apiVersion } from '@gantry/contract/labels.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import {
  type Evaluation,
  type Model,
  ModelDeployment,
  ModelEvaluation,
  Namespace,
} from '../cluster/resources.ts'
import { openSession, type Session } from '../cluster/session.ts'

const kubeconfig = process.env['TEST_KUBECONFIG']

/** The `skip` option of tests: false where there is an API server, else why they are skipped. */
export const withoutApiServer: string | false = kubeconfig
  ? false
  : 'TEST_KUBECONFIG is not set; `npm test -- integration` starts an API server and sets it'

export interface TestCluster {
  readonly env: NodeJS.ProcessEnv
  readonly session: Session
  readonly namespace: string
  /** Creates a model, and writes its status as an operator would. */
  readonly model: (name: string, status?: Model['status'], extra?: Partial<Model>) => Promise<Model>
  readonly evaluation: (name: string, status?: Evaluation['status']) => Promise<Evaluation>
}

const uri = 'https://models.example.com/support.tar?token=secret'

const modelOf = (namespace: string, name: string, extra: Partial<Model>): KubernetesObject => ({
  apiVersion,
  kind: ModelDeployment.kind,
  spec: { model: { task: 'text-classification', source: { uri } } },
  ...extra,
  metadata: { ...extra.metadata, name, namespace },
})

const evaluationOf = (namespace: string, name: string): KubernetesObject => ({
  apiVersion,
  kind: ModelEvaluation.kind,
  metadata: { name, namespace },
  spec: {
    candidates: ['base', 'small'].map((one) => ({ name: one, task: 'text-classification', source: { uri } })),
    dataset: { uri: 'https://models.example.com/test.jsonl' },
  },
})

/** A namespace of its own. Nothing looks after the objects in it. */
export const testCluster = async (prefix: string): Promise<TestCluster> => {
  const env = { KUBECONFIG: kubeconfig }
  const namespace = `${prefix}-${Math.random().toString(36).slice(2, 8)}`
  const session = await openSession(env, { namespace, context: undefined, kubeconfig: undefined }, 'test')
  const { kube } = session
  await kube.create(Namespace, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
  const create = async <T extends KubernetesObject>(
    resource: typeof ModelDeployment,
    object: KubernetesObject,
    status: object | undefined,
  ): Promise<T> => {
    const live = await kube.create<T>(resource, object)
    if (status === undefined) return live
    const { generation } = live.metadata
    const { apiVersion: version, kind, metadata } = object
    const written = { observedGeneration: generation, ...status }
    const names = { name: metadata.name, namespace }
    return kube.applyStatus<T>(resource, { apiVersion: version, kind, metadata: names, status: written })
  }
  return {
    env,
    session,
    namespace,
    model: (name, status, extra = {}) =>
      create<Model>(ModelDeployment, modelOf(namespace, name, extra), status),
    evaluation: (name, status) => create<Evaluation>(ModelEvaluation, evaluationOf(namespace, name), status),
  }
}
