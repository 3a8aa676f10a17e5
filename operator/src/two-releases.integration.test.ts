/** Two releases of Gantry that watch the same namespace: one looks after a model, the other leaves it alone. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { Deployment } from '@gantry/kube/resources.ts'
import { ModelDeployment } from './modeldeployment/resources.ts'
import {
  eventually,
  shortestModel,
  type TestApi,
  testApi,
  testNamespace,
  withoutApiServer,
} from './testing/api-server.ts'
import { importing } from './testing/importers.ts'
import { startOperator } from './testing/operator-process.ts'

const options = { skip: withoutApiServer, timeout: 180_000 }

const release = (t: TestContext, api: TestApi, home: string, watched: string) =>
  startOperator(t, {
    ...{ KUBECONFIG: api.kubeconfig, POD_NAMESPACE: home, WATCH_NAMESPACE: watched, POD_NAME: home },
    ...{ RELEASE_NAME: 'gantry', SERVER_IMAGE: `registry.example/${home}:1`, LOG_LEVEL: 'debug' },
  })

test('two releases on one namespace', options, async (t) => {
  const api = await testApi()
  const namespace = await testNamespace(api, 'shared')
  const homes = [await testNamespace(api, 'one'), await testNamespace(api, 'two')]
  await api.kube.create(ModelDeployment, shortestModel(namespace, 'm'))
  const stop = new AbortController()
  const working = importing(api.kube, namespace, stop.signal)
  t.after(async () => {
    stop.abort()
    await working
  })
  const operators = homes.map((home) => release(t, api, home, namespace))
  for (const operator of operators) await operator.logged('leading')
  await eventually(() => api.kube.get(Deployment, namespace, 'm'))
  await pause(20_000)
  const live = await api.kube.get<KubernetesObject>(Deployment, namespace, 'm')
  t.diagnostic(`${live?.metadata.generation} generations`)
  assert.equal(live?.metadata.generation, 1)
})
