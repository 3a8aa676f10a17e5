/**
 * Models whose requests a data plane of Gateway API divides, on a real API server with the schema of Gateway API and with Traefik, as the
 * operator writes them with the rights of the chart.
 */
import assert from 'node:assert/strict'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, type TestContext, test } from 'node:test'
import {
  credentials,
  loadPackageDefinition,
  Server,
  ServerCredentials,
  type ServiceClientConstructor,
  type ServiceError,
} from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import { dump, load, loadAll } from 'js-yaml'
import { findTraefik } from '../bench/gateway/binaries.ts'
import { skipWithoutApiServer, testKubectl } from '../e2e/test-cluster.ts'
import type { LiveRoute } from '../kube/live.ts'
import { routeObjects } from '../operator/src/modeldeployment/desired/route.ts'
import type { ModelDeployment } from '../operator/src/modeldeployment/model-deployment.ts'
import { routeProblem, weightOf } from '../operator/src/modeldeployment/routing/live-route.ts'
import { type LiveGateway, parentsProblem } from '../operator/src/modeldeployment/routing/parents.ts'
import { eventually } from '../operator/src/testing/api-server.ts'
import { startOperator } from '../operator/src/testing/operator-process.ts'
import type { Draft } from './testing/operator-account.ts'
import { buildTools, toolPath } from './tools.ts'

const system = 'gatewayapi-chart'
const module = 'sigs.k8s.io/gateway-api@v1.5.1'
const sum = 'h1:RqVRIlkhLhUO8wOHKTLnTJA6o/1un4po4/6M1nRzdd0='

const withoutGo =
  spawnSync('go', ['version']).status === 0
    ? false
    : 'Go is not installed, which fetches the schema of Gateway API'
const options = { skip: skipWithoutApiServer || withoutGo, timeout: 120_000 }

await buildTools(['helm'])
const kubectl = testKubectl()

/** CustomResourceDefinitions of a pinned release; Go keeps the module in its own cache. */
const schemas = (): readonly string[] => {
  const text = execFileSync('go', ['mod', 'download', '-json', module], { encoding: 'utf8', cwd: tmpdir() })
  const { Dir, Sum } = JSON.parse(text) as { readonly Dir: string; readonly Sum: string }
  assert.equal(Sum, sum)
  const folder = join(Dir, 'config/crd/standard')
  return readdirSync(folder)
    .filter((name) => name.startsWith('gateway.networking.k8s.io_'))
    .map((name) => join(folder, name))
}

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gantry-gatewayapi-'))
})
after(() => rm(folder, { recursive: true }))

const apiConfig = async (): Promise<Draft> =>
  load(await readFile(process.env['TEST_KUBECONFIG'] ?? '', 'utf8')) as Draft

const tokenOf = (account: string): string => kubectl.run(['create', 'token', account, '-n', system]).trim()

/** Rights and admission policies of the release. @returns a kubeconfig of the operator's account */
const install = async (): Promise<string> => {
  const chart = join(import.meta.dirname, '../helm/gantry')
  const sets = ['gatewayApi.enabled=true', `watchNamespace=${system}`]
  const args = ['template', 'gantry', chart, '-n', system, ...sets.flatMap((value) => ['--set', value])]
  const { status, stdout, stderr } = spawnSync(toolPath('helm'), args, { encoding: 'utf8' })
  assert.equal(status, 0, stderr)
  kubectl.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: system } })
  const made = (loadAll(stdout) as Draft[]).filter((one) =>
    /^(ServiceAccount|(Cluster)?Role(Binding)?|ValidatingAdmissionPolicy(Binding)?)$/.test(one?.kind),
  )
  for (const object of made) kubectl.apply(object)
  const config = await apiConfig()
  for (const user of config.users) user.user = { token: tokenOf('gantry-operator') }
  const file = join(folder, 'kubeconfig')
  await writeFile(file, dump(config))
  return file
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

/** Traefik with all rights, and a Gateway of its own named `edge`. @returns its port */
const startTraefik = async (t: TestContext): Promise<number> => {
  const [port, config] = [await freePort(), await apiConfig()]
  const { cluster } = config.clusters[0]
  const authority = join(folder, 'ca.crt')
  await writeFile(authority, Buffer.from(cluster['certificate-authority-data'] ?? '', 'base64'))
  kubectl.apply({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'traefik', namespace: system },
  })
  kubectl.apply({
    ...{
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'traefik' },
    },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'ServiceAccount', name: 'traefik', namespace: system }],
  })
  const kubernetes = '--providers.kubernetesgateway'
  const child = spawn(
    await findTraefik(),
    [
      `--entrypoints.web.address=127.0.0.1:${port}`,
      ...[
        kubernetes,
        `${kubernetes}.endpoint=${cluster.server}`,
        `${kubernetes}.token=${tokenOf('traefik')}`,
      ],
      `${kubernetes}.certauthfilepath=${cluster['certificate-authority'] ?? authority}`,
      '--providers.providersthrottleduration=100ms',
      ...['--global.checknewversion=false', '--global.sendanonymoususage=false', '--log.level=ERROR'],
    ],
    { stdio: 'inherit' },
  )
  t.after(async () => {
    child.kill()
    if (child.exitCode === null) await once(child, 'exit')
  })
  const apiVersion = 'gateway.networking.k8s.io/v1'
  kubectl.apply({
    ...{ apiVersion, kind: 'GatewayClass', metadata: { name: 'traefik' } },
    spec: { controllerName: 'traefik.io/gateway-controller' },
  })
  kubectl.apply({
    ...{ apiVersion, kind: 'Gateway', metadata: { name: 'edge', namespace: system } },
    spec: {
      gatewayClassName: 'traefik',
      listeners: [{ name: 'web', protocol: 'HTTP', port, hostname: '*.example' }],
    },
  })
  return port
}

/** API servers take no loopback addresses in slices. */
const ownAddress = (): string =>
  Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? ''

const { inference } = loadPackageDefinition(
  loadSync(join(import.meta.dirname, '../inference-server/src/grpc/open_inference.proto')),
)
const { GRPCInferenceService } = inference as unknown as {
  readonly GRPCInferenceService: ServiceClientConstructor
}

/** A server of gRPC that names its track. @returns its port */
const startGrpc = async (t: TestContext, address: string, track: string): Promise<number> => {
  const server = new Server()
  server.addService(GRPCInferenceService.service, {
    ServerMetadata: (_: unknown, answer: (error: null, metadata: object) => void) =>
      answer(null, { name: track }),
  })
  t.after(() => server.forceShutdown())
  return new Promise((resolve, reject) =>
    server.bindAsync(`${address}:0`, ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    ),
  )
}

/** Servers in place of the pods of a track, which say the name of their track. */
const startTrack = async (t: TestContext, track: string): Promise<void> => {
  const address = ownAddress()
  const grpc = await startGrpc(t, address, track)
  const server = createServer((_, response) => response.end(track)).listen(0, address)
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const service = `routed-${track}`
  kubectl.apply({
    ...{ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', addressType: 'IPv4' },
    metadata: {
      ...{ name: `${service}-test`, namespace: system },
      labels: { 'kubernetes.io/service-name': service },
    },
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
    ports: [
      { name: 'http', port: (server.address() as AddressInfo).port, protocol: 'TCP' },
      { name: 'grpc', port: grpc, protocol: 'TCP' },
    ],
  })
}

const ask = (port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const call = request({ port, host: '127.0.0.1', headers: { host: 'm.example' } }, async (response) => {
      const chunks = await response.toArray()
      resolve(response.statusCode === 200 ? Buffer.concat(chunks).toString() : `${response.statusCode}`)
    })
    call.on('error', reject).end()
  })

/** A client of gRPC that asks for the model by its host name. */
const grpcClient = (t: TestContext, port: number): ((_: number) => Promise<string>) => {
  const client = new GRPCInferenceService(`127.0.0.1:${port}`, credentials.createInsecure(), {
    'grpc.default_authority': 'g.example',
  })
  t.after(() => client.close())
  return () =>
    new Promise((resolve) =>
      client['ServerMetadata']?.({}, (error: ServiceError | null, answer: { readonly name: string }) =>
        resolve(error ? error.details : answer.name),
      ),
    )
}

/** How many of a hundred requests each track answers. */
const shares = async (port: number, call = ask): Promise<Readonly<Record<string, number>>> => {
  const answers: Record<string, number> = {}
  for (let count = 0; count < 100; count += 1) {
    const track = await call(port)
    answers[track] = (answers[track] ?? 0) + 1
  }
  return answers
}

const gatewayApi = { parentRefs: [{ name: 'edge' }], hostnames: ['m.example'], grpcHostnames: ['g.example'] }

const modelOf = (name: string, rollout: object, more: object = {}): Draft => ({
  ...{ apiVersion: 'gantry.dev/v1alpha1', kind: 'ModelDeployment', metadata: { name, namespace: system } },
  spec: {
    model: { task: 'tensor', source: { uri: 'https://models.example/m.onnx' } },
    rollout: { strategy: 'Canary', routing: 'GatewayAPI', gatewayApi, ...rollout },
    ...more,
  },
})

/** Writes as the operator does. */
const writeAs = (kubeconfig: string, object: object, ...flags: readonly string[]) => {
  const args = ['--kubeconfig', kubeconfig, 'apply', '--server-side', ...flags, '-f', '-']
  const { status, stderr } = spawnSync(toolPath('kubectl'), args, {
    encoding: 'utf8',
    input: JSON.stringify(object),
  })
  return { ok: status === 0, output: stderr }
}

const liveRoute = (kind = 'httproute'): LiveRoute =>
  kubectl.get(kind, 'routed', system) as unknown as LiveRoute

describe('Gateway API', options, () => {
  before(async () => {
    for (const schema of schemas()) kubectl.applyFile(schema)
    await eventually(async () => kubectl.attempt(['get', 'httproutes', '-A']).ok)
    kubectl.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: system } })
  })

  test('combinations that a route cannot honour are refused by name', () => {
    for (const [rollout, more, sentence] of [
      [{ gatewayApi: undefined }, {}, /set both, or neither/],
      [{ routing: undefined }, {}, /set both, or neither/],
      [{ sticky: { header: 'X-Session' } }, {}, /weights alone/],
      [{ shadow: { percent: 10 } }, {}, /weights alone/],
      [{ gatewayApi: { ...gatewayApi, hostnames: ['g.example'] } }, {}, /share a host name/],
      [{ gatewayApi: { ...gatewayApi, hostnames: undefined } }, {}, /share a host name/],
      [{ surge: 0 }, {}, /weights alone/],
      [{}, { autoscaling: { minReplicas: 0, maxReplicas: 2 } }, /holds requests while a model wakes/],
      [{ strategy: 'Rolling' }, {}, /no effect with strategy: Rolling/],
    ] as const)
      assert.throws(() => kubectl.apply(modelOf('refused', rollout, more)), sentence)
  })

  test('Traefik takes the route of the operator and divides by its weights; the operator writes no other, and puts it right', async (t) => {
    const kubeconfig = await install()
    const port = await startTraefik(t)
    kubectl.apply(modelOf('routed', {}))
    const model = kubectl.get('modeldeployment', 'routed', system) as unknown as ModelDeployment
    const route = (weight: number) => {
      const items = routeObjects(model, { weight, hasGrpc: true })
      const written = writeAs(kubeconfig, { apiVersion: 'v1', kind: 'List', items })
      assert.ok(written.ok, written.output)
    }
    const callGrpc = grpcClient(t, port)
    route(0)
    for (const track of ['stable', 'canary']) await startTrack(t, track)
    for (const [weight, [least, most]] of [
      [0, [0, 0]],
      [50, [20, 80]],
      [0, [0, 0]],
    ] as const) {
      route(weight)
      assert.equal(weightOf(liveRoute(), model), weight)
      for (const [kind, call] of [
        ['httproute', ask],
        ['grpcroute', callGrpc],
      ] as const) {
        await eventually(async () => routeProblem(liveRoute(kind)) === undefined)
        await eventually(async () => {
          const { canary = 0, stable = 0 } = await shares(port, call)
          return canary + stable === 100 && canary >= least && canary <= most
        })
      }
    }
    // Without a canary its Service has no pods.
    kubectl.run([
      'patch',
      'endpointslice',
      'routed-canary-test',
      '-n',
      system,
      '-p',
      '{"endpoints":[]}',
      '--type=merge',
    ])
    await eventually(async () => (await shares(port))['stable'] === 100)
    assert.equal(routeProblem(liveRoute()), undefined)
    const [, , httpRoute, grpcRoute] = routeObjects(model, { weight: 0, hasGrpc: true }) as readonly Draft[]
    for (const due of [httpRoute, grpcRoute]) {
      const other = structuredClone(due)
      other.spec.rules[0].backendRefs[0].name = 'other'
      const refused = await eventually(async () => {
        const written = writeAs(kubeconfig, other, '--dry-run=server')
        return !written.ok && written
      })
      assert.match(refused.output, /routes of Gantry lead to the Services of their ModelDeployment only/)
    }
    const stranger = structuredClone(httpRoute)
    stranger.spec.hostnames = ['m.elsewhere']
    assert.ok(writeAs(kubeconfig, stranger).ok)
    await eventually(async () => /says Accepted: /.test(routeProblem(liveRoute()) ?? ''))
    kubectl.run(['delete', 'grpcroute', 'routed', '-n', system])
    const operator = startOperator(t, {
      ...{ KUBECONFIG: kubeconfig, POD_NAMESPACE: system, WATCH_NAMESPACE: system, LOG_LEVEL: 'debug' },
      GATEWAY_API_ENABLED: 'true',
    })
    await operator.logged('ready')
    await eventually(async () => routeProblem(liveRoute()) === undefined)
    assert.deepEqual((liveRoute() as Draft).spec.hostnames, ['m.example'])
    // The class of Traefik says that it has GRPCRoutes, and the rights of the chart let the operator read it.
    await eventually(async () => kubectl.attempt(['get', 'grpcroute', 'routed', '-n', system]).ok)
    assert.deepEqual((liveRoute('grpcroute') as Draft).spec.hostnames, ['g.example'])
    // What Traefik says of a Gateway that takes no requests, and of a listener that takes no routes of the namespace.
    const edge = (listener: object) =>
      kubectl.run([
        ...['patch', 'gateway', 'edge', '-n', system, '--type=json', '-p'],
        JSON.stringify(
          Object.entries(listener).map(([name, value]) => ({
            ...{ op: 'add', path: `/spec/listeners/0/${name}`, value },
          })),
        ),
      ])
    const problem = () =>
      parentsProblem([
        {
          ...{ ref: { name: 'edge' }, name: `${system}/edge` },
          gateway: kubectl.get('gateway', 'edge', system) as unknown as LiveGateway,
          gatewayClass: undefined,
        },
      ]) ?? ''
    assert.equal(problem(), '')
    edge({ port: await freePort() })
    await eventually(async () => /Gateway gatewayapi-chart\/edge /.test(problem()))
    edge({ port, allowedRoutes: { namespaces: { from: 'Selector', selector: { matchLabels: { a: 'b' } } } } })
    await eventually(async () => /Let allowedRoutes of its listeners/.test(routeProblem(liveRoute()) ?? ''))
  })
})
