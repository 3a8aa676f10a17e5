/** Metrics of models for autoscalers, as the chart installs them, on a real API server with its aggregation layer. */
import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { dump, load, loadAll } from 'js-yaml'
import { labels } from '../contract/labels.ts'
import { httpPort } from '../contract/server.ts'
import { skipWithoutApiServer, testKubectl } from '../e2e/test-cluster.ts'
import { createAuthority, issue } from '../local-cluster/control-plane/certificates.ts'
import { certificatesOf } from '../local-cluster/control-plane/identity.ts'
import { freePort } from '../local-cluster/machine/ports.ts'
import { eventually } from '../operator/src/testing/api-server.ts'
import { startOperator } from '../operator/src/testing/operator-process.ts'
import type { Draft } from './testing/operator-account.ts'
import { buildTools, toolPath } from './tools.ts'

const system = 'custom-metrics'
const service = `gantry-custom-metrics.${system}.svc`
const options = { skip: skipWithoutApiServer, timeout: 90_000 }

await buildTools(['helm'])
const kubectl = testKubectl()
const chart = join(import.meta.dirname, '../helm/gantry')
const helm = (...args: readonly string[]) =>
  spawnSync(
    toolPath('helm'),
    [...args, 'gantry', chart, '-n', system, '--set', 'customMetrics.enabled=true'],
    {
      encoding: 'utf8',
    },
  )

/** A server's metrics, at an address of this machine that no other test uses. */
const servedPod = async (host: string, metrics: () => string | undefined) => {
  const server = createServer((_, response) => {
    const text = metrics()
    response.writeHead(text === undefined ? 500 : 200).end(text)
  })
  await once(server.listen(httpPort, host), 'listening')
  return { host, stop: () => server.close().closeAllConnections() }
}

const metricsText = (queue: number, tokens: number): string =>
  `process_start_time_seconds 1764000000\ngantry_queue_length ${queue}\n# TYPE gantry_tokens_total counter\ngantry_tokens_total{direction="generated"} ${tokens}\n`

const createPod = (namespace: string, name: string, podIP: string): void => {
  const metadata = {
    ...{ name, namespace },
    labels: {
      [labels.managedBy]: labels.manager,
      [labels.component]: 'inference-server',
      [labels.model]: 'shop',
    },
    ownerReferences: [
      { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'shop', uid: '1', controller: true },
    ],
  }
  const spec = { containers: [{ name: 'server', image: 'server' }] }
  kubectl.apply({ apiVersion: 'v1', kind: 'Pod', metadata, spec })
  const status = {
    podIP,
    podIPs: [{ ip: podIP }],
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'True' }],
  }
  kubectl.run([
    'patch',
    'pod',
    name,
    '-n',
    namespace,
    '--subresource=status',
    '--type=merge',
    '-p',
    JSON.stringify({ status }),
  ])
}

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gantry-custom-metrics-'))
})
after(() => rm(folder, { recursive: true }))

/** The chart with a certificate of its own; the Service leads to a process of this machine instead of pods. */
const install = async (port: number): Promise<{ readonly tls: string; readonly ca: string }> => {
  const authority = await createAuthority(folder, 'metrics-ca')
  const pair = await issue(authority, folder, 'metrics', {
    commonName: service,
    altNames: [`DNS:${service}`],
  })
  const tls = join(folder, 'tls')
  await mkdir(tls, { recursive: true })
  await writeFile(join(tls, 'tls.crt'), await readFile(pair.cert))
  await writeFile(join(tls, 'tls.key'), await readFile(pair.key))
  const ca = await readFile(authority.cert, 'utf8')
  const values = [
    '--set',
    'customMetrics.tls.secretName=metrics-tls',
    '--set',
    `customMetrics.tls.caBundle=${ca}`,
  ]
  const { status, stdout, stderr } = helm('template', ...values)
  assert.equal(status, 0, stderr)
  const objects = (loadAll(stdout) as Draft[]).filter(Boolean)
  kubectl.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: system } })
  for (const object of objects) {
    if (object.kind === 'APIService') object.spec.service.port = port
    if (object.kind === 'Service') object.spec = { type: 'ExternalName', externalName: 'localhost' }
    if (/^(APIService|Service|ServiceAccount|(Cluster)?Role(Binding)?)$/.test(object.kind))
      kubectl.apply(object)
  }
  return { tls, ca }
}

/** A kubeconfig with a token of the operator's account. */
const operatorConfig = async (): Promise<string> => {
  const config = load(await readFile(process.env['TEST_KUBECONFIG'] ?? '', 'utf8')) as Draft
  const token = kubectl.run(['create', 'token', 'gantry-operator', '-n', system]).trim()
  for (const user of config.users) user.user = { token }
  const file = join(folder, 'kubeconfig')
  await writeFile(file, dump(config))
  return file
}

const direct = async (
  port: number,
  client: { readonly cert: string; readonly key: string } | undefined,
  headers: Readonly<Record<string, string>>,
  path = '/apis/custom.metrics.k8s.io/v1beta2',
): Promise<number | undefined> => {
  const identity = client && { cert: await readFile(client.cert), key: await readFile(client.key) }
  const asked = request({
    ...{ host: '127.0.0.1', port, path, headers, agent: false },
    ...{ rejectUnauthorized: false, ...identity },
  })
  const [response] = await once(asked.end(), 'response')
  response.resume()
  return response.statusCode
}

/** What kubectl prints, errors included. It runs beside this process, which answers for the pods meanwhile. */
const raw = (path: string, ...flags: readonly string[]): Promise<string> =>
  new Promise((resolve) => {
    const args = ['--kubeconfig', process.env['TEST_KUBECONFIG'] ?? '', 'get', '--raw', path, ...flags]
    execFile(toolPath('kubectl'), args, (_error, stdout, stderr) => resolve(stdout + stderr))
  })

const pathOf = (namespace: string, rest: string, version = 'v1beta2'): string =>
  `/apis/custom.metrics.k8s.io/${version}/namespaces/${namespace}/pods/${rest}`

describe('custom.metrics.k8s.io of the chart', options, () => {
  test('gives autoscalers what the pods say, to those who may read it, and to nobody past the API server', async (t) => {
    const port = await freePort()
    const { tls } = await install(port)
    t.after(() => {
      for (const version of ['v1beta1', 'v1beta2'])
        kubectl.run(['delete', 'apiservice', `${version}.custom.metrics.k8s.io`])
    })
    const namespace = 'custom-metrics-shop'
    kubectl.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
    let asked = 0
    const busy = await servedPod('127.0.0.61', () => {
      asked += 1
      return metricsText(7, asked * 100)
    })
    const silent = await servedPod('127.0.0.62', () => undefined)
    t.after(() => [busy, silent].map(({ stop }) => stop()))
    createPod(namespace, 'shop-busy', busy.host)
    createPod(namespace, 'shop-silent', silent.host)
    const operator = startOperator(t, {
      ...{
        KUBECONFIG: await operatorConfig(),
        POD_NAMESPACE: system,
        WATCH_NAMESPACE: namespace,
        LEADER_ELECTION: 'true',
        LOG_LEVEL: 'debug',
      },
      ...{ CUSTOM_METRICS_ENABLED: 'true', CUSTOM_METRICS_TLS: tls, CUSTOM_METRICS_PORT: `${port}` },
      CUSTOM_METRICS_SERVICE: 'gantry-custom-metrics',
    })
    await operator.logged('custom metrics are served')
    for (const version of ['v1beta1', 'v1beta2'])
      await eventually(async () => {
        const found = kubectl.get('apiservice', `${version}.custom.metrics.k8s.io`)
        const conditions: readonly Draft[] = found?.['status']?.conditions ?? []
        return conditions.some(({ type, status }) => type === 'Available' && status === 'True')
      })

    const selector = encodeURIComponent(
      'gantry.dev/model=shop,app.kubernetes.io/component in (inference-server)',
    )
    const listed = await raw(pathOf(namespace, `*/gantry_queue_length?labelSelector=${selector}`))
    const { items } = JSON.parse(listed) as Draft
    assert.deepEqual(
      items.map((item: Draft) => [item.describedObject.name, item.metric.name, item.value]),
      [['shop-busy', 'gantry_queue_length', '7']],
    )
    assert.ok(Math.abs(Date.parse(items[0].timestamp) - Date.now()) < 60_000)
    const single = JSON.parse(
      await raw(pathOf(namespace, 'shop-busy/gantry_queue_length', 'v1beta1')),
    ) as Draft
    assert.deepEqual([single.items[0].metricName, single.items[0].value], ['gantry_queue_length', '7'])
    // All of these asked the pod once.
    assert.equal(asked, 1)

    const autoscaler = ['--as', 'system:serviceaccount:kube-system:horizontal-pod-autoscaler']
    assert.match(await raw(pathOf(namespace, '*/gantry_queue_length'), ...autoscaler), /"value":"7"/)
    const stranger = await raw(pathOf(namespace, '*/gantry_queue_length'), '--as', 'stranger')
    assert.match(stranger, /Forbidden/)
    assert.match(
      await raw(pathOf(namespace, '*/gantry_nothing')),
      /there is no metric gantry_nothing: pods have gantry_queue_length/,
    )
    assert.match(await raw(pathOf(namespace, 'shop-silent/gantry_queue_length')), /does not answer/)
    assert.match(
      await raw(pathOf(namespace, '*/gantry_queue_length?labelSelector=a>b')),
      /no selector of labels/,
    )

    const { admin, frontProxy } = certificatesOf(process.env['TEST_KUBECONFIG'] ?? '')
    const forged = { 'x-remote-user': 'system:admin', 'x-remote-group': 'system:masters' }
    assert.equal(await direct(port, undefined, forged), 401)
    assert.equal(await direct(port, admin, forged), 401)
    assert.equal(await direct(port, frontProxy, {}), 401)
    assert.equal(await direct(port, frontProxy, forged), 200)
    // The operator asks by itself, since an API server with another authorizer may let others through.
    const path = pathOf(namespace, '*/gantry_queue_length')
    assert.equal(await direct(port, frontProxy, forged, path), 200)
    assert.equal(await direct(port, frontProxy, { 'x-remote-user': 'stranger' }, path), 403)
    assert.equal(await direct(port, frontProxy, forged, '/metrics'), 404)
  })

  test('is refused at installation where another program serves the API, or the API server could not trust it', () => {
    kubectl.apply({
      ...{ apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService' },
      metadata: { name: 'v1beta1.custom.metrics.k8s.io' },
      spec: {
        ...{
          group: 'custom.metrics.k8s.io',
          version: 'v1beta1',
          groupPriorityMinimum: 100,
          versionPriority: 100,
        },
        ...{ service: { name: 'prometheus-adapter', namespace: 'monitoring' }, insecureSkipTLSVerify: true },
      },
    })
    try {
      const config = ['--kubeconfig', process.env['TEST_KUBECONFIG'] ?? '', '--dry-run=server']
      const { status, stderr } = helm('install', ...config, '--set', 'customMetrics.tls.secretName=tls')
      assert.notEqual(status, 0)
      assert.match(
        stderr,
        /APIService v1beta1\.custom\.metrics\.k8s\.io leads to Service monitoring\/prometheus-adapter already/,
      )
    } finally {
      kubectl.run(['delete', 'apiservice', 'v1beta1.custom.metrics.k8s.io'])
    }
    assert.match(
      helm('template').stderr,
      /there is no certificate: name a Secret of type kubernetes\.io\/tls/,
    )
    assert.match(
      helm('template', '--set', 'customMetrics.tls.secretName=tls').stderr,
      /does not know who signed/,
    )
    assert.match(
      helm('template', '--set', 'customMetrics.tls.certManager.enabled=true').stderr,
      /no cert-manager/,
    )
    const { stdout } = helm(
      'template',
      '--set',
      'customMetrics.tls.certManager.enabled=true',
      '--api-versions',
      'cert-manager.io/v1',
    )
    assert.equal(
      (loadAll(stdout) as Draft[]).filter((one) => /^(Issuer|Certificate)$/.test(one?.kind)).length,
      2,
    )
  })
})
