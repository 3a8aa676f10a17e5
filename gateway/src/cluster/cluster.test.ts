/** What is made of the objects of a cluster, with data alone. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { labels } from '@gantry/contract/labels.ts'
import { mounts } from '@gantry/contract/server.ts'
import { createAddresses } from './addresses.ts'
import { keptModel, keptNamespace, keptPod, type LiveModel } from './live.ts'
import { modelOf } from './model-of.ts'

interface Given {
  readonly name?: string
  readonly namespace?: string
  readonly ip?: string
  readonly phase?: string
  readonly hostNetwork?: boolean
  readonly port?: string
  readonly keys?: boolean
  readonly track?: string
  readonly ending?: boolean
}

const pod = ({
  name = 'support-1',
  namespace = 'shop',
  ip = '10.0.0.1',
  phase = 'Running',
  ...more
}: Given = {}) => ({
  ...{ apiVersion: 'v1', kind: 'Pod' },
  metadata: {
    ...{ name, namespace, resourceVersion: '7' },
    ...(more.ending && { deletionTimestamp: '2026-11-26T10:00:00Z' }),
    labels: {
      [labels.managedBy]: labels.manager,
      [labels.component]: 'inference-server',
      [labels.model]: 'support',
      ...(more.track !== undefined && { [labels.track]: more.track }),
    },
  },
  spec: {
    hostNetwork: more.hostNetwork ?? false,
    containers: [
      {
        name: 'server',
        ports: [
          { name: more.port ?? 'http', containerPort: 9000 },
          { name: 'grpc', containerPort: 9001 },
        ],
        volumeMounts: more.keys ? [{ mountPath: mounts.apiKeys }] : [],
      },
    ],
  },
  status: {
    phase,
    podIP: ip,
    podIPs: [{ ip }, { ip: 'fd00::7' }],
    conditions: [{ type: 'Ready', status: 'True' }],
  },
})

const model = (serve: object = {}, conditions: readonly object[] = []): LiveModel =>
  ({
    ...{ apiVersion: 'gantry.dev/v1alpha1', kind: 'ModelDeployment' },
    ...{ metadata: { name: 'support', namespace: 'shop' }, spec: { serve }, status: { conditions } },
  }) as LiveModel

test('what is kept of an object is the same when it is cut down again, as lists are', () => {
  for (const given of [pod({ keys: true }), pod({ phase: 'Succeeded' })])
    assert.deepEqual(keptPod(keptPod(given)), keptPod(given))
  const live = model({ auth: { apiKeySecretRef: { name: 'x' } }, timeoutSeconds: 5 })
  assert.deepEqual(keptModel(keptModel(live)), keptModel(live))
  const space = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'a', labels: { [labels.client]: 'true' } },
  }
  assert.deepEqual(keptNamespace(keptNamespace(space)), keptNamespace(space))
})

test('an address that others may have is no pod’s: that of a node, and that of a pod which has ended', () => {
  assert.deepEqual(keptPod(pod()).addresses, ['10.0.0.1', 'fd00::7'])
  for (const given of [{ hostNetwork: true }, { phase: 'Succeeded' }, { phase: 'Failed' }])
    assert.deepEqual(keptPod(pod(given)).addresses, [], JSON.stringify(given))
})

test('an address leads to the namespaces of all pods that have it, also as a socket writes it', () => {
  const { follow, namespacesOf } = createAddresses()
  const first = keptPod(pod())
  const second = keptPod(pod({ name: 'web', namespace: 'other' }))
  follow(undefined, first)
  assert.deepEqual([...namespacesOf('::ffff:10.0.0.1')], ['shop'])
  follow(undefined, second)
  assert.deepEqual([...namespacesOf('10.0.0.1')], ['shop', 'other'])
  follow(first, keptPod(pod({ ip: '10.0.0.2' })))
  assert.deepEqual([...namespacesOf('10.0.0.1')], ['other'])
  assert.deepEqual([...namespacesOf('10.0.0.2')], ['shop'])
  follow(second, undefined)
  assert.equal(namespacesOf('10.0.0.1').size, 0)
  assert.deepEqual([...namespacesOf('fd00::7')], ['shop'])
})

test('endpoints are ready pods that speak in the clear, each on its track', () => {
  const endpointsOf = (...given: readonly Given[]) =>
    modelOf(
      model(),
      given.map((one) => keptPod(pod(one))),
    ).endpoints.map(({ url, grpcUrl, track }) => `${track} ${url} ${grpcUrl}`)
  assert.deepEqual(endpointsOf({}), ['stable http://10.0.0.1:9000 http://10.0.0.1:9001'])
  assert.deepEqual(endpointsOf({ track: 'canary', ip: 'fd00::1' }), [
    'canary http://[fd00::1]:9000 http://[fd00::1]:9001',
  ])
  for (const one of [{ ending: true }, { port: 'https' }, { phase: 'Failed' }])
    assert.deepEqual(endpointsOf(one), [])
})

test('a model asks for keys once all its pods do', () => {
  const asks = (serve: object, ...keys: readonly boolean[]) =>
    modelOf(
      model(serve),
      keys.map((one, at) => keptPod(pod({ keys: one, ip: `10.0.0.${at}` }))),
    ).asksForKeys
  assert.equal(asks({ auth: {} }, true, true), true)
  assert.equal(asks({ auth: {} }, true, false), false)
  assert.equal(asks({}, true), false)
})

test('without an endpoint the model says why, the cause before its consequence', () => {
  const ready = { type: 'Ready', status: 'False', message: 'no pod is ready.' }
  const stalled = { type: 'Stalled', status: 'True', message: 'the source answers 404.' }
  assert.equal(modelOf(model({}, [ready, stalled]), []).unready, 'the source answers 404')
  assert.equal(modelOf(model({}, [ready, { ...stalled, status: 'False' }]), []).unready, 'no pod is ready')
  assert.equal(modelOf(model(), []).unready, 'none of its pods is ready')
  assert.match(modelOf(model({ tls: {} }), []).unready ?? '', /speak TLS \(spec\.serve\.tls\)/)
})

test('a model with TLS has the endpoints that speak it, and a port where the certificate of the gateway names it', () => {
  const tls = model({ tls: {} })
  const live = { ...tls, status: { ...tls.status, managedBy: 'gantry-system/gantry', gatewayPort: 20_001 } }
  const pods = [keptPod(pod({ port: 'https' })), keptPod(pod({ ip: '10.0.0.2' }))]
  const of = (covers?: (name: string) => boolean) =>
    modelOf(live, pods, { manager: 'gantry-system/gantry', ...(covers && { certificate: { covers } }) })
  const { name, namespace = '' } = live.metadata
  const { endpoints, port, isSecure } = of((asked) => asked === `${name}.${namespace}.svc`)
  assert.deepEqual(
    endpoints.map(({ url, serverName }) => [url, serverName]),
    [['https://10.0.0.1:9000', `${name}.${namespace}.svc`]],
  )
  assert.deepEqual([port, isSecure], [20_001, true])
  assert.equal(of(() => false).port, undefined)
  assert.deepEqual([of().port, of().endpoints], [undefined, []])
})
