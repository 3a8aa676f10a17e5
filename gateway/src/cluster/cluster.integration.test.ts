/** The gateway on a real API server: models and pods as the API server has them, requests to servers on this machine. */
import assert from 'node:assert/strict'
import { request as httpRequest, type RequestListener } from 'node:http'
import { afterEach, test } from 'node:test'
import { labels } from '@gantry/contract/labels.ts'
import { findAccess } from '@gantry/kube/credentials.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { Pod, ServiceAccount } from '@gantry/kube/resources.ts'
import {
  eventually,
  shortestModel,
  type TestApi,
  testApi,
  testNamespace,
  withoutApiServer,
} from '../../../operator/src/testing/api-server.ts'
import type { Gateway } from '../serve.ts'
import { type Upstream, upstream } from '../testing/gateway.ts'
import { outage } from '../testing/outage.ts'
import { ModelDeployment } from './live.ts'
import { openCluster } from './open.ts'

const options = { skip: withoutApiServer, timeout: 60_000 }
const silent = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} }

const ends: (() => PromiseLike<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const gatewayOf = async (kubeconfig: string, namespace?: string, manager?: string): Promise<Gateway> => {
  const gateway = await openCluster(
    { KUBECONFIG: kubeconfig },
    {
      holding: { requests: 100, bytes: 2 ** 20, ms: 20_000 },
      ...{
        host: '127.0.0.1',
        port: 0,
        probePort: 0,
        allowedHosts: ['*'],
        accessLog: false,
        namespace,
        manager,
      },
      ...{ maxConnections: 100, maxBodyBytes: 2 ** 20 },
    },
    { log: silent, nowMs: () => performance.now(), instance: 'gateway-1', startedAt: '2026-11-26T10:00:00Z' },
  )
  ends.push(() => gateway.stop(0))
  await eventually(async () => (await fetch(`http://127.0.0.1:${gateway.probePort}/readyz`)).ok)
  return gateway
}

const server = async (listener: RequestListener): Promise<Upstream> => {
  const one = await upstream(listener)
  ends.push(() => one[Symbol.asyncDispose]())
  return one
}

const accounts = new Set<string>()

interface PodOptions {
  readonly labels?: Readonly<Record<string, string>>
  readonly port?: number
  readonly keys?: boolean
  readonly ip?: string
  readonly isReady?: boolean
}

/** A pod that a kubelet has started, at an address of loopback. */
const startPod = async (
  { kube }: TestApi,
  namespace: string,
  name: string,
  pod: PodOptions,
): Promise<void> => {
  if (!accounts.has(namespace)) {
    accounts.add(namespace)
    await kube.create(ServiceAccount, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'default', namespace },
    })
  }
  const { port, keys = false } = pod
  await kube.create(Pod, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: pod.labels ?? {} },
    spec: {
      automountServiceAccountToken: false,
      ...(keys && { volumes: [{ name: 'keys', emptyDir: {} }] }),
      containers: [
        {
          ...{ name: 'server', image: 'registry.example/server:1' },
          ...(port !== undefined && { ports: [{ name: 'http', containerPort: port }] }),
          ...(keys && { volumeMounts: [{ name: 'keys', mountPath: '/secrets/api-keys' }] }),
        },
      ],
    },
  })
  await setPod({ kube }, namespace, name, pod)
}

const setPod = async (
  { kube }: Pick<TestApi, 'kube'>,
  namespace: string,
  name: string,
  { ip = '127.0.0.1', isReady = true }: PodOptions,
): Promise<void> => {
  const conditions = [{ type: 'Ready', status: isReady ? 'True' : 'False' }]
  await kube.applyStatus(Pod, {
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace } },
    status: { phase: 'Running', podIP: ip, podIPs: [{ ip }], conditions },
  })
}

const serverLabels = (model: string, track = 'stable') => ({
  [labels.managedBy]: labels.manager,
  [labels.component]: 'inference-server',
  [labels.model]: model,
  [labels.track]: track,
})

const portOf = ({ url }: Upstream): number => Number(new URL(url).port)

interface Answer {
  readonly status: number
  readonly text: string
  readonly headers: Readonly<Record<string, unknown>>
}

/** A caller at an address of loopback. */
const callFrom = (address: string, { port }: Gateway, path: string): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const sent = httpRequest(
      { host: '127.0.0.1', port, path, localAddress: address, agent: false },
      (answer) => {
        let text = ''
        answer.setEncoding('utf8').on('data', (chunk) => {
          text += chunk
        })
        answer.once('end', () => resolve({ status: answer.statusCode ?? 0, text, headers: answer.headers }))
      },
    )
    sent.once('error', reject).end()
  })

const until = (gateway: Gateway, address: string, path: string, status: number): Promise<Answer> =>
  eventually(async () => {
    const answer = await callFrom(address, gateway, path)
    return answer.status === status && answer
  })

test(
  'models and their ready pods are those of the API server, from the first to the last',
  options,
  async () => {
    const api = await testApi()
    const namespace = await testNamespace(api, 'gateway')
    const [first, second] = await Promise.all([
      server((_, response) => void response.end('"first"')),
      server((_, response) => void response.end('"second"')),
    ])
    const gateway = await gatewayOf(api.kubeconfig)
    const path = `/${namespace}/support/v2`
    await startPod(api, namespace, 'caller', { ip: '127.0.0.2' })
    assert.equal((await until(gateway, '127.0.0.2', path, 404)).status, 404)

    const model = shortestModel(namespace, 'support')
    await api.kube.create(ModelDeployment, {
      ...model,
      spec: { ...(model['spec'] as object), serve: { timeoutSeconds: 7 } },
    })
    await api.kube.applyStatus(ModelDeployment, {
      ...{ apiVersion: model.apiVersion, kind: model.kind, metadata: { name: 'support', namespace } },
      status: {
        conditions: [
          {
            ...{
              type: 'Stalled',
              status: 'True',
              reason: 'ImportFailed',
              message: 'models.example has no iris.onnx.',
            },
            lastTransitionTime: '2026-11-26T10:00:00Z',
          },
        ],
      },
    })
    const none = await eventually(async () => {
      const answer = await callFrom('127.0.0.2', gateway, path)
      return /iris/.test(answer.text) && answer
    })
    assert.equal(none.status, 503)
    assert.match(none.text, /is ready: models\.example has no iris\.onnx; try again later/)
    assert.ok(none.headers['retry-after'])

    // Neither a pod that is not ready nor one of another program gets a request.
    await startPod(api, namespace, 'first', {
      labels: serverLabels('support'),
      port: portOf(first),
      isReady: false,
    })
    await startPod(api, namespace, 'import', {
      labels: { ...serverLabels('support'), [labels.component]: 'import' },
      port: portOf(second),
    })
    await eventually(async () => gateway.directory.find(`${namespace}/support`) !== undefined)
    assert.equal((await callFrom('127.0.0.2', gateway, path)).status, 503)
    await setPod(api, namespace, 'first', { isReady: true })
    const answer = await until(gateway, '127.0.0.2', path, 200)
    assert.equal(answer.text, '"first"')
    assert.equal(gateway.directory.find(`${namespace}/support`)?.model().timeoutMs, 7000)

    await startPod(api, namespace, 'second', {
      labels: serverLabels('support', 'canary'),
      port: portOf(second),
    })
    await eventually(
      async () => gateway.directory.find(`${namespace}/support`)?.upstreams('canary').length === 1,
    )
    await api.kube.remove(Pod, namespace, 'first')
    await eventually(async () => (await callFrom('127.0.0.2', gateway, path)).text === '"second"')

    await api.kube.remove(ModelDeployment, namespace, 'support')
    await until(gateway, '127.0.0.2', path, 404)
  },
)

test(
  'the NetworkPolicy of a model holds for callers of the gateway, and lists tell them of no other models',
  options,
  async () => {
    const api = await testApi()
    const [shop, other] = await Promise.all([testNamespace(api, 'shop'), testNamespace(api, 'other')])
    const client = `client-${shop}`
    const namespaces = { apiVersion: 'v1', kind: 'Namespace', plural: 'namespaces' }
    await api.kube.create(namespaces, {
      ...{ apiVersion: 'v1', kind: 'Namespace' },
      metadata: { name: client, labels: { [labels.client]: 'true' } },
    })
    const plain = await server((_, response) => void response.end('{}'))
    const withAuth = (model: KubernetesObject): KubernetesObject => ({
      ...model,
      spec: { ...(model['spec'] as object), serve: { auth: { apiKeySecretRef: { name: 'keys' } } } },
    })
    await api.kube.create(ModelDeployment, shortestModel(shop, 'open'))
    await api.kube.create(ModelDeployment, withAuth(shortestModel(shop, 'keyed')))
    await api.kube.create(ModelDeployment, withAuth(shortestModel(shop, 'half')))
    await startPod(api, shop, 'open-1', { labels: serverLabels('open'), port: portOf(plain) })
    await startPod(api, shop, 'keyed-1', { labels: serverLabels('keyed'), port: portOf(plain), keys: true })
    // Its pod is from before spec.serve.auth, and asks nobody for a key.
    await startPod(api, shop, 'half-1', { labels: serverLabels('half'), port: portOf(plain) })
    await startPod(api, shop, 'caller', { ip: '127.0.1.2' })
    await startPod(api, other, 'caller', { ip: '127.0.1.3' })
    await startPod(api, client, 'caller', { ip: '127.0.1.4' })
    const gateway = await gatewayOf(api.kubeconfig)

    const statuses = async (address: string) =>
      Promise.all(
        ['open', 'keyed', 'half'].map(
          async (name) => (await callFrom(address, gateway, `/${shop}/${name}/v2`)).status,
        ),
      )
    assert.deepEqual(await statuses('127.0.1.2'), [200, 200, 200], 'the namespace of the model')
    assert.deepEqual(await statuses('127.0.1.4'), [200, 200, 200], 'a namespace with the label')
    assert.deepEqual(await statuses('127.0.1.3'), [403, 403, 403], 'another namespace')
    assert.deepEqual(await statuses('127.0.1.5'), [403, 200, 403], 'no pod')
    const foreign = await callFrom('127.0.1.3', gateway, `/${shop}/open/v2`)
    assert.match(
      foreign.text,
      new RegExp(`pods of namespace ${other} may not call ${shop}/open: .* label your namespace`),
    )
    const unknown = await callFrom('127.0.1.5', gateway, `/${shop}/open/v2`)
    assert.match(unknown.text, /no pod is known by the address 127\.0\.1\.5, .* set spec\.serve\.auth/)

    const listed = async (address: string): Promise<readonly string[]> =>
      (JSON.parse((await callFrom(address, gateway, '/v1/models')).text) as { data: { id: string }[] }).data
        .map(({ id }) => id)
        .filter((id) => id.startsWith(`${shop}/`))
        .toSorted()
    assert.deepEqual(await listed('127.0.1.2'), [`${shop}/half`, `${shop}/keyed`, `${shop}/open`])
    assert.deepEqual(await listed('127.0.1.3'), [])
    assert.deepEqual(await listed('127.0.1.5'), [`${shop}/keyed`])
    const near = await callFrom('127.0.1.3', gateway, `/${shop}/opem/v2`)
    assert.equal(near.status, 404)
    assert.doesNotMatch(near.text, /did you mean/)
    assert.match(
      (await callFrom('127.0.1.2', gateway, `/${shop}/opem/v2`)).text,
      new RegExp(`did you mean ${shop}/open`),
    )

    // A pod may call before its address is known.
    const early = callFrom('127.0.1.6', gateway, `/${shop}/open/v2`)
    await startPod(api, shop, 'newcomer', { ip: '127.0.1.6' })
    assert.equal((await early).status, 200)

    // A gateway of one namespace knows no pods of others.
    const narrow = await gatewayOf(api.kubeconfig, shop)
    assert.equal((await callFrom('127.0.1.2', narrow, `/${shop}/open/v2`)).status, 200)
    assert.equal((await callFrom('127.0.1.4', narrow, `/${shop}/open/v2`)).status, 403)
    assert.equal((await callFrom('127.0.1.4', narrow, `/${shop}/keyed/v2`)).status, 200)
  },
)

test(
  'while the API server is gone everything is served as before, and afterwards what has changed is known',
  options,
  async () => {
    const api = await testApi()
    const namespace = await testNamespace(api, 'outage')
    const serving = await server((_, response) => void response.end('{}'))
    const between = await outage(await findAccess({ KUBECONFIG: api.kubeconfig }))
    ends.push(between.close)
    await api.kube.create(ModelDeployment, shortestModel(namespace, 'support'))
    await startPod(api, namespace, 'first', { labels: serverLabels('support'), port: portOf(serving) })
    await startPod(api, namespace, 'caller', { ip: '127.0.2.2' })
    const gateway = await gatewayOf(between.kubeconfig, namespace)
    const path = `/${namespace}/support/v2`
    assert.equal((await callFrom('127.0.2.2', gateway, path)).status, 200)

    between.cut()
    await api.kube.create(ModelDeployment, shortestModel(namespace, 'later'))
    await eventually(async () => between.refused() >= 2)
    assert.equal((await callFrom('127.0.2.2', gateway, path)).status, 200)
    assert.equal((await fetch(`http://127.0.0.1:${gateway.probePort}/readyz`)).status, 200)
    between.join()
    await until(gateway, '127.0.2.2', `/${namespace}/later/v2`, 503)
    assert.equal((await callFrom('127.0.2.2', gateway, path)).status, 200)
  },
)
