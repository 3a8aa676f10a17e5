/** Two releases of Gantry that watch the same namespace, on a real API server. */
import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { deploymentName } from '@gantry/contract/labels.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { Deployment, Event, Lease } from '@gantry/kube/resources.ts'
import type { ModelDeployment } from './modeldeployment/model-deployment.ts'
import { ModelDeployment as modelDeployments } from './modeldeployment/resources.ts'
import {
  eventually,
  shortestModel,
  type TestApi,
  testApi,
  testNamespace,
  withoutApiServer,
} from './testing/api-server.ts'
import { importing } from './testing/importers.ts'
import { type OperatorProcess, startOperator } from './testing/operator-process.ts'

const options = { skip: withoutApiServer, timeout: 180_000 }

/** The operator of a release that runs in namespace `home`, with an image of its own. */
const release = (t: TestContext, api: TestApi, home: string, watched: string): OperatorProcess =>
  startOperator(t, {
    ...{ KUBECONFIG: api.kubeconfig, POD_NAMESPACE: home, WATCH_NAMESPACE: watched, POD_NAME: home },
    ...{
      RELEASE_NAME: 'prod',
      SERVER_IMAGE: `registry.example/${home}:1`,
      OPTIMIZER_IMAGE: 'x',
      LOG_LEVEL: 'debug',
    },
  })

/** Accepted and refused writes of an operator but those of its Lease. */
const writesOf = async (operator: OperatorProcess): Promise<Readonly<Record<string, number>>> => {
  const { port } = await operator.logged('listening')
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  const counted = [...text.matchAll(/^gantry_operator_api_writes_total\{(.*)\} (\d+)$/gm)]
  return Object.fromEntries(
    counted
      .map(([, labels = '', count]) => [labels, Number(count)])
      .filter(([labels]) => !`${labels}`.includes('lease')),
  )
}

/** What the operators have written by the time that they write nothing more for two seconds. */
const settled = async (operators: readonly OperatorProcess[]) => {
  let before: unknown
  return eventually(async () => {
    const now = await Promise.all(operators.map(writesOf))
    const isSettled = isDeepStrictEqual(now, before)
    before = now
    if (!isSettled) await pause(2_000)
    return isSettled && now
  })
}

const scene = async (t: TestContext) => {
  const api = await testApi()
  const namespace = await testNamespace(api, 'shared')
  const [one, two] = [await testNamespace(api, 'one'), await testNamespace(api, 'two')]
  await api.kube.create(modelDeployments, shortestModel(namespace, 'm'))
  const stop = new AbortController()
  const working = importing(api.kube, namespace, stop.signal)
  t.after(async () => {
    stop.abort()
    await working
  })
  const manager = async (): Promise<string | undefined> =>
    (await api.kube.get<ModelDeployment>(modelDeployments, namespace, 'm'))?.status?.managedBy
  return { api, namespace, one, two, manager }
}

// Each has namespaces of its own, and mostly waits for Leases.
describe('two releases', { concurrency: true }, () => {
  test(
    'of two releases on one namespace one makes the objects of a model, and the other writes an Event',
    options,
    async (t) => {
      const { api, namespace, one, two, manager } = await scene(t)
      const operators = [release(t, api, one, namespace), release(t, api, two, namespace)]
      for (const operator of operators) await operator.logged('leading')
      await eventually(() => api.kube.get(Deployment, namespace, deploymentName('m', 'stable')))
      const writes = await settled(operators)
      const deployment = await api.kube.get(Deployment, namespace, deploymentName('m', 'stable'))
      assert.equal(deployment?.metadata.generation, 1)
      const winner = (await manager()) === `${one}/prod` ? 0 : 1
      const [manages, refuses] = [writes[winner], writes[1 - winner]]
      assert.equal(manages?.['verb="apply",resource="deployments"'], 1)
      const {
        'verb="create",resource="events"': events,
        'verb="apply-status",resource="modeldeployments"': claims = 0,
        ...others
      } = refuses ?? {}
      assert.deepEqual(others, {})
      assert.equal(events, 1)
      assert.ok(claims <= 1, 'a claim that another one was faster with')
      const told = await api.kube.list<KubernetesObject>(Event, { namespace })
      assert.equal(told.filter((event) => event['reason'] === 'ManagedElsewhere').length, 1)
    },
  )

  test('the Deployment of a release owns its Lease, which is deleted with it', options, async (t) => {
    const { api, namespace, one } = await scene(t)
    const name = 'prod-gantry-operator'
    const labels = { app: name }
    const template = { metadata: { labels }, spec: { containers: [{ name: 'operator', image: 'none' }] } }
    const { metadata } = await api.kube.create<KubernetesObject>(Deployment, {
      ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace: one } },
      spec: { replicas: 0, selector: { matchLabels: labels }, template },
    })
    await release(t, api, one, namespace).logged('leading')
    const lease = await api.kube.get(Lease, one, name)
    const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name, uid: metadata.uid }
    assert.deepEqual(lease?.metadata.ownerReferences, [owner])
  })

  test('when the Lease of a release is gone the other one takes its models over', options, async (t) => {
    const { api, namespace, one, two, manager } = await scene(t)
    const first = release(t, api, one, namespace)
    await eventually(async () => (await manager()) === `${one}/prod`)
    const second = release(t, api, two, namespace)
    await second.logged('leading')
    first.kill('SIGKILL')
    await first.ended
    assert.equal(await manager(), `${one}/prod`)
    await api.kube.remove(Lease, one, 'prod-gantry-operator')
    await eventually(async () => (await manager()) === `${two}/prod`)
    await eventually(async () => {
      const deployment = await api.kube.get(Deployment, namespace, deploymentName('m', 'stable'))
      return JSON.stringify(deployment ?? {}).includes(`registry.example/${two}:1`)
    })
  })
})
