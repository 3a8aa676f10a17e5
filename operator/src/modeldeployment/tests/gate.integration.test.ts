/** What the operator writes for spec.evaluate and evaluationRef, on a real API server with both of its kinds. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { components, labels } from '@gantry/contract/labels.ts'
import type { KubeClient } from '@gantry/kube/client.ts'
import type { LiveDeployment, LiveJob, LivePod } from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { Deployment, Job } from '@gantry/kube/resources.ts'
import {
  eventually,
  shortestModel,
  testApi,
  testNamespace,
  withoutApiServer,
} from '../../testing/api-server.ts'
import { answering, deploying } from '../../testing/deployments.ts'
import { finish, reportOf } from '../../testing/importers.ts'
import { type Fared, measuring } from '../../testing/measured-versions.ts'
import { startOperator } from '../../testing/operator-process.ts'
import { simulatedEvaluations } from '../../testing/simulated-evaluation.ts'
import type { ModelDeployment as Model } from '../model-deployment.ts'
import { deployedVersionOf } from '../observe.ts'
import { ModelDeployment, ModelEvaluation } from '../resources.ts'

const options = { skip: withoutApiServer, timeout: 120_000 }
const first = 'v_20261123_101500'
const second = 'v_20261123_101600'

/** Stands in for Job controller and kubelets: imports succeed, and evaluations measure what `fared` says. */
const working = async (
  kube: KubeClient,
  namespace: string,
  fared: (name: string) => Fared,
  signal: AbortSignal,
): Promise<void> => {
  const evaluations = simulatedEvaluations(measuring(fared))
  const lastWords = (job: LiveJob): object => {
    if (job.metadata.labels?.[labels.component] !== components.evaluate) return reportOf(job)
    const { status } = evaluations.run(job.spec?.template as unknown as LivePod)
    return JSON.parse(status.containerStatuses?.[0]?.state?.terminated?.message ?? '')
  }
  while (!signal.aborted) {
    const jobs = await kube.list<LiveJob>(Job, { namespace })
    for (const job of jobs.filter(({ status }) => !status?.conditions?.length))
      await finish(kube, job, lastWords(job))
    await pause(50)
  }
}

const scene = async (t: TestContext, fared: (name: string) => Fared) => {
  const api = await testApi()
  const { kube } = api
  const namespace = await testNamespace(api, 'gate')
  const stop = new AbortController()
  const kubelet = { podIp: await answering(t, first), pulls: () => true }
  const others = [
    working(kube, namespace, fared, stop.signal),
    deploying(kube, namespace, kubelet, stop.signal),
  ]
  t.after(async () => {
    stop.abort()
    await Promise.all(others)
  })
  startOperator(t, {
    ...{
      KUBECONFIG: api.kubeconfig,
      POD_NAMESPACE: namespace,
      WATCH_NAMESPACE: namespace,
      POD_NAME: 'operator',
    },
  })
  const model = async () => (await kube.get<Model>(ModelDeployment, namespace, 'm'))?.status
  /** Waits until Ready has the reason. */
  const ready = (reason: string) =>
    eventually(async () => {
      const status = await model()
      return status?.conditions?.find(({ type }) => type === 'Ready')?.reason === reason && status
    })
  const apply = (spec: object) =>
    kube.apply(ModelDeployment, { ...shortestModel(namespace, 'm'), spec } as KubernetesObject, 'user')
  const deployed = async () =>
    deployedVersionOf(await kube.get<LiveDeployment>(Deployment, namespace, 'm-stable'))
  return { kube, namespace, ready, apply, deployed }
}

const uri = 'https://models.example/iris.onnx'
const evaluate = { dataset: { configMapRef: { name: 'data' } }, minAccuracy: 0.8, maxAccuracyDrop: 0.05 }

test('a first version that passes serves, and a worse second one does not', options, async (t) => {
  const { ready, apply, deployed } = await scene(t, (id) => ({ accuracy: id === second ? 0.7 : 0.9 }))
  const model = { task: 'tensor', source: { uri } }
  await apply({ model, evaluate })
  const { versions } = await ready('Ready')
  assert.equal(versions?.[0]?.phase, 'Serving')
  assert.equal(versions[0].evaluation?.passed, true)
  await apply({ model: { ...model, version: 'second' }, evaluate })
  const after = await ready('AccuracyTooLow')
  assert.deepEqual(
    after.versions?.map(({ id, phase }) => [id, phase]),
    [
      [first, 'Serving'],
      [second, 'Failed'],
    ],
  )
  const { evaluation } = after.versions?.[1] ?? {}
  assert.equal(evaluation?.comparison?.with, first)
  assert.match(evaluation?.message ?? '', /0\.7/)
  assert.equal(await deployed(), first)
})

test('a model takes the winner of a ModelEvaluation as soon as it stands', options, async (t) => {
  const { kube, namespace, ready, apply, deployed } = await scene(t, (name) => ({
    accuracy: name === 'small' ? 0.95 : 0.5,
  }))
  await apply({ model: { task: 'tensor', source: { evaluationRef: { name: 'which' } } } })
  await ready('EvaluationNotFound')
  const candidate = (name: string) => ({
    name,
    task: 'tensor',
    source: { uri: `https://models.example/${name}.onnx` },
  })
  await kube.create(ModelEvaluation, {
    ...{ apiVersion: 'gantry.dev/v1alpha1', kind: 'ModelEvaluation', metadata: { name: 'which', namespace } },
    spec: {
      candidates: [candidate('base'), candidate('small')],
      dataset: { uri: 'https://data.example/test.jsonl' },
    },
  } as KubernetesObject)
  const { winner, versions } = await ready('Ready')
  assert.equal(winner?.candidate, 'small')
  assert.equal(versions?.[0]?.source, 'https://models.example/small.onnx')
  assert.equal(await deployed(), first)
})
