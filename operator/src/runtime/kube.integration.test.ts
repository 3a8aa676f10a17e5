/** The client, the informers and the election against a real API server. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '@gantry/kube/clock.ts'
import { ApiError } from '@gantry/kube/errors.ts'
import { campaign } from '@gantry/kube/leader.ts'
import type { Log } from '@gantry/kube/log.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { ConfigMap, Lease, ServiceAccount } from '@gantry/kube/resources.ts'
import { modelDeploymentKind } from '../modeldeployment/kind.ts'
import { ModelDeployment } from '../modeldeployment/resources.ts'
import { shortestModel, testApi, testNamespace, withoutApiServer } from '../testing/api-server.ts'
import { createInformers } from './informers.ts'

const options = { skip: withoutApiServer, timeout: 60_000 }
const log: Log = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} }

const configMap = (namespace: string, data: Readonly<Record<string, string>>): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name: 'settings',
    namespace,
    labels: { 'app.kubernetes.io/managed-by': 'gantry', 'gantry.dev/model': 'm' },
  },
  data,
})

test(
  'apply creates, writes nothing when nothing changed, and takes back what others changed',
  options,
  async () => {
    const api = await testApi()
    const namespace = await testNamespace(api, 'apply')
    const desired = configMap(namespace, { a: '1' })
    const created = await api.kube.apply(ConfigMap, desired)
    const again = await api.kube.apply(ConfigMap, desired)
    assert.equal(again.metadata.resourceVersion, created.metadata.resourceVersion)
    await api.kube.apply(ConfigMap, configMap(namespace, { a: 'drift' }), 'another-manager')
    const back = await api.kube.apply<KubernetesObject>(ConfigMap, desired)
    assert.deepEqual(back['data'], { a: '1' })
  },
)

test('create refuses a name that is taken, remove spares a successor', options, async () => {
  const api = await testApi()
  const namespace = await testNamespace(api, 'remove')
  const first = await api.kube.create(ConfigMap, configMap(namespace, {}))
  await assert.rejects(api.kube.create(ConfigMap, configMap(namespace, {})), {
    code: 409,
    reason: 'AlreadyExists',
  })
  await api.kube.remove(ConfigMap, namespace, 'settings', 'not-its-uid')
  assert.ok(await api.kube.get(ConfigMap, namespace, 'settings'))
  await api.kube.remove(ConfigMap, namespace, 'settings', first.metadata.uid)
  await api.kube.remove(ConfigMap, namespace, 'settings')
  assert.equal(await api.kube.get(ConfigMap, namespace, 'settings'), undefined)
})

test('a refusal says what the API server said', options, async () => {
  const api = await testApi()
  const namespace = await testNamespace(api, 'refusal')
  const model = { ...shortestModel(namespace, 'm'), spec: { model: { task: 'tensor', source: {} } } }
  const error = await api.kube.create(ModelDeployment, model).catch((thrown: unknown) => thrown)
  assert.ok(error instanceof ApiError)
  assert.equal(error.code, 422)
  assert.equal(error.reason, 'Invalid')
  assert.match(error.message, /spec.model.source/)
})

test('status is applied beside the spec', options, async () => {
  const api = await testApi()
  const namespace = await testNamespace(api, 'status')
  const model = await api.kube.create(ModelDeployment, shortestModel(namespace, 'm'))
  const { apiVersion, kind } = model
  const status = { activeVersion: 'v_20261123_101500' }
  const live = await api.kube.applyStatus<KubernetesObject>(ModelDeployment, {
    ...{ apiVersion, kind, status },
    metadata: { name: 'm', namespace },
  })
  assert.deepEqual(live['status'], status)
  assert.deepEqual(live['spec'], model['spec'])
})

test('informers tell of models and of what they own, until it is gone', options, async (t) => {
  const api = await testApi()
  const namespace = await testNamespace(api, 'informers')
  const keys: string[] = []
  let heard = Promise.withResolvers<void>()
  const informers = createInformers({
    ...{ kinds: [modelDeploymentKind], kube: api.kube, clock: systemClock, log, namespace },
    onKey: (_, key) => {
      keys.push(key)
      heard.resolve()
    },
  })
  const stop = new AbortController()
  const running = informers.run(stop.signal)
  t.after(async () => {
    stop.abort()
    await running
  })
  const nextKey = async (act: () => Promise<unknown>): Promise<string | undefined> => {
    heard = Promise.withResolvers()
    keys.length = 0
    await Promise.all([heard.promise, act()])
    return keys[0]
  }
  await informers.synced
  const create = () => api.kube.create(ModelDeployment, shortestModel(namespace, 'm'))
  assert.equal(await nextKey(create), `${namespace}/m`)
  assert.equal(informers.cache.get(ModelDeployment, namespace, 'm')?.kind, 'ModelDeployment')

  await nextKey(() => api.kube.apply(ConfigMap, configMap(namespace, { a: '1' })))
  assert.deepEqual(
    informers.cache
      .labelled(ConfigMap, namespace, 'gantry.dev/model', 'm')
      .map(({ kind, metadata }) => [kind, metadata.name]),
    [['ConfigMap', 'settings']],
  )
  await nextKey(() => api.kube.remove(ConfigMap, namespace, 'settings'))
  assert.deepEqual(informers.cache.labelled(ConfigMap, namespace, 'gantry.dev/model', 'm'), [])
  assert.equal(await nextKey(() => api.kube.remove(ModelDeployment, namespace, 'm')), `${namespace}/m`)
  assert.deepEqual(informers.all(ModelDeployment), [])
  assert.throws(() => informers.cache.get(Lease, namespace, 'x'), /Lease is not watched/)
  assert.deepEqual(informers.cache.labelled(ServiceAccount, namespace, 'gantry.dev/model', 'm'), [])
})

test('one leads, the other takes over once the Lease is released', options, async () => {
  const api = await testApi()
  const namespace = await testNamespace(api, 'election')
  const election = { kube: api.kube, clock: systemClock, log, namespace, name: 'gantry-operator' }
  const never = new AbortController().signal
  const first = await campaign({ ...election, identity: 'a' }, never)
  const second = campaign({ ...election, identity: 'b' }, never)
  await first?.release()
  const next = await second
  assert.ok(next)
  const lease = await api.kube.get<KubernetesObject>(Lease, namespace, 'gantry-operator')
  const spec = lease?.['spec'] as Record<string, unknown> | undefined
  assert.equal(spec?.['holderIdentity'], 'b')
  assert.equal(spec?.['leaseTransitions'], 1)
  await next.release()
})
