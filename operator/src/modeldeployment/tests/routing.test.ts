/** A model whose requests a data plane of Gateway API divides. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { labels } from '@gantry/contract/labels.ts'
import { grpcPort } from '@gantry/contract/server.ts'
import type { Draft } from '../../testing/cluster.ts'
import { routedCluster } from '../../testing/routed.ts'

test('a route leads to the Services of both tracks all the time, and a settled model is not written', async () => {
  const cluster = await routedCluster()
  await cluster.until(() => cluster.condition('Degraded')?.status === 'False')
  const { spec } = cluster.route() as Draft
  assert.deepEqual(spec.hostnames, ['m.example'])
  assert.equal(spec.parentRefs[0].name, 'edge')
  assert.deepEqual(
    spec.rules[0].backendRefs.map(({ name, weight }: Draft) => [name, weight]),
    [
      ['intents-stable', 100],
      ['intents-canary', 0],
    ],
  )
  for (const track of ['stable', 'canary'])
    assert.equal((cluster.find('Service', `intents-${track}`) as Draft).spec.selector[labels.track], track)
  assert.equal((cluster.find('Service') as Draft).spec.selector[labels.track], undefined)
  await cluster.turn()
  cluster.writes.length = 0
  for (let count = 0; count < 3; count += 1) await cluster.turn()
  assert.deepEqual(cluster.writes, [])
})

test('a version goes up by the weights of the route, and takes the place of the one that serves', async () => {
  const cluster = await routedCluster()
  await cluster.until(() => cluster.condition('Degraded')?.status === 'False')
  const first = cluster.model().status?.activeVersion
  cluster.publish('second')
  const weights: (number | undefined)[] = []
  await cluster.until(() => {
    const weight = cluster.weight()
    if (weight !== weights.at(-1)) weights.push(weight)
    return cluster.model().status?.activeVersion !== first && cluster.canary() === undefined
  })
  assert.deepEqual(weights, [0, 10, 50, 0])
  assert.ok(cluster.find('Deployment', 'intents-canary'), 'its pods stay while requests may come')
  await cluster.until(() => cluster.find('Deployment', 'intents-canary') === undefined)
  assert.equal(cluster.weight(), 0)
  await cluster.until(() => cluster.condition('Ready')?.status === 'True')
})

test('a version that is worse is taken back, and its pods stay until the route leads past them', async () => {
  const cluster = await routedCluster()
  await cluster.until(() => cluster.condition('Degraded')?.status === 'False')
  const first = cluster.model().status?.activeVersion
  cluster.plane.quality = { canary: 0.5, stable: 0.01 }
  cluster.publish('second')
  await cluster.until(() => cluster.model().status?.rejectedRevision !== undefined)
  assert.equal(cluster.condition('Stalled')?.reason, 'CanaryWorse')
  assert.ok(cluster.find('Deployment', 'intents-canary'))
  cluster.plane.says = undefined // the controller of the Gateway rests
  for (let count = 0; count < 5; count += 1) await cluster.turn()
  assert.equal(cluster.weight(), 0)
  assert.ok(cluster.find('Deployment', 'intents-canary'))
  cluster.plane.says = { status: 'True', message: 'ok' }
  await cluster.until(() => cluster.find('Deployment', 'intents-canary') === undefined)
  assert.equal(cluster.model().status?.activeVersion, first)
})

test('no step goes on before all Gateways have accepted the route as it is', async () => {
  const cluster = await routedCluster()
  await cluster.until(() => cluster.condition('Degraded')?.status === 'False')
  cluster.publish('second')
  await cluster.until(() => cluster.canary()?.step === 1)
  cluster.plane.says = undefined
  for (let count = 0; count < 20; count += 1) await cluster.turn()
  assert.equal(cluster.canary()?.step, 1)
  assert.match(cluster.canary()?.message ?? '', /the route is not in force yet/)
  assert.equal(cluster.canary()?.heldSeconds, 0)
  cluster.plane.says = { status: 'False', message: 'no listener has that host' }
  await cluster.turn()
  assert.equal(cluster.condition('Degraded')?.reason, 'RouteNotAccepted')
  assert.match(cluster.condition('Degraded')?.message ?? '', /no listener has that host/)
  cluster.plane.says = { status: 'True', message: 'ok' }
  await cluster.until(() => cluster.canary()?.step === 2)
})

test('without Gateway API nothing is tried, what serves goes on, and the message says what to install', async () => {
  for (const [api, words] of [
    ['off', /gatewayApi\.enabled/],
    ['absent', /install Gateway API/],
  ] as const) {
    const cluster = await routedCluster(api)
    const first = cluster.model().status?.activeVersion
    assert.equal(cluster.condition('Degraded')?.reason, 'GatewayApiMissing')
    cluster.publish('second')
    for (let count = 0; count < 10; count += 1) await cluster.turn()
    assert.equal(cluster.condition('Stalled')?.reason, 'GatewayApiMissing')
    assert.match(cluster.condition('Stalled')?.message ?? '', words)
    assert.equal(cluster.model().status?.activeVersion, first)
    assert.equal(cluster.route(), undefined)
    cluster.plane.api = 'served'
    await cluster.until(() => cluster.canary()?.step === 1)
  }
})

test('a canary without a ready pod has no share, since data planes answer it with errors', async () => {
  const cluster = await routedCluster()
  await cluster.until(() => cluster.condition('Degraded')?.status === 'False')
  cluster.publish('second')
  await cluster.until(() => cluster.weight() === 10)
  for (const pod of cluster.all('Pod').filter(({ metadata }) => metadata.labels?.[labels.track] === 'canary'))
    cluster.edit(
      'Pod',
      (draft) => {
        draft.status.conditions = [{ type: 'Ready', status: 'False' }]
      },
      pod.metadata.name,
    )
  await cluster.pass()
  assert.equal(cluster.weight(), 0)
})

test('a model that goes back to the gateway of Gantry loses its route and the Services of its tracks', async () => {
  const cluster = await routedCluster()
  await cluster.until(() => cluster.condition('Degraded')?.status === 'False')
  cluster.edit('ModelDeployment', ({ spec }: Draft) => {
    delete spec.rollout.routing
    delete spec.rollout.gatewayApi
  })
  await cluster.settle()
  assert.ok(cluster.route()?.metadata.deletionTimestamp)
  assert.equal(cluster.find('Service', 'intents-stable'), undefined)
  assert.ok(cluster.find('Service'))
})

const hosts = { grpcHostnames: ['grpc.m.example'] }

test('calls of gRPC get a route of their own with the same weights, and a step counts once both are accepted', async () => {
  const cluster = await routedCluster('served', hosts)
  await cluster.until(() => cluster.condition('Degraded')?.status === 'False')
  const { spec, metadata } = cluster.find('GRPCRoute') as Draft
  assert.deepEqual(spec.hostnames, ['grpc.m.example'])
  assert.equal(metadata.ownerReferences[0].uid, cluster.model().metadata.uid)
  assert.deepEqual(
    spec.rules[0].backendRefs.map(({ name, port, weight }: Draft) => [name, port, weight]),
    [
      ['intents-stable', grpcPort, 100],
      ['intents-canary', grpcPort, 0],
    ],
  )
  await cluster.turn()
  cluster.writes.length = 0
  for (let count = 0; count < 3; count += 1) await cluster.turn()
  assert.deepEqual(cluster.writes, [])
  cluster.publish('second')
  await cluster.until(() => cluster.weight() === 10)
  assert.equal(cluster.weight('GRPCRoute'), 10)
  cluster.plane.accepts = ['HTTPRoute']
  await cluster.until(() => cluster.canary()?.step === 1)
  for (let count = 0; count < 20; count += 1) await cluster.turn()
  assert.equal(cluster.canary()?.step, 1)
  assert.match(cluster.condition('Degraded')?.message ?? '', /^The GRPCRoute intents is not in force/)
  cluster.plane.accepts = ['HTTPRoute', 'GRPCRoute']
  await cluster.until(() => cluster.weight('GRPCRoute') === 50)
  cluster.edit('GRPCRoute', (draft) => {
    draft.spec.rules[0].backendRefs[1].weight = 90
  })
  await cluster.turn()
  assert.equal(cluster.weight('GRPCRoute'), 50, 'a change by others is put right')
  cluster.edit('ModelDeployment', (draft: Draft) => {
    delete draft.spec.rollout.gatewayApi.grpcHostnames
  })
  await cluster.pass()
  assert.ok(cluster.find('GRPCRoute')?.metadata.deletionTimestamp)
  assert.ok(!cluster.route()?.metadata.deletionTimestamp)
})

test('a GRPCRoute is made only where the class says that it has it, and the message says so', async () => {
  for (const [change, words] of [
    [(plane) => (plane.grpcApi = 'absent'), /install Gateway API 1\.1 or later/],
    [(plane) => (plane.gatewayClass = undefined), /GatewayClass plane .* does not list GRPCRoute/],
    [
      ({ gatewayClass }) => (gatewayClass.status.supportedFeatures = ['HTTPRoute']),
      /GatewayClass plane .* does not list GRPCRoute/,
    ],
  ] as const satisfies readonly (readonly [(plane: Draft) => unknown, RegExp])[]) {
    const cluster = await routedCluster('off', hosts)
    cluster.plane.api = cluster.plane.grpcApi = 'served'
    change(cluster.plane as unknown as Draft)
    await cluster.until(() => cluster.condition('Degraded')?.reason === 'GrpcRouteUnsupported')
    assert.match(cluster.condition('Degraded')?.message ?? '', words)
    assert.equal(cluster.find('GRPCRoute'), undefined)
    cluster.publish('second')
    await cluster.until(() => cluster.weight() === 10)
  }
})

test('a GRPCRoute that stands is not taken away when its class stops saying that it has it', async () => {
  const cluster = await routedCluster('served', hosts)
  await cluster.until(() => cluster.condition('Degraded')?.status === 'False')
  cluster.plane.gatewayClass = undefined
  await cluster.until(() => cluster.condition('Degraded')?.reason === 'GrpcRouteUnsupported')
  assert.equal(cluster.find('GRPCRoute')?.metadata.deletionTimestamp, undefined)
})

test('a canary counts nothing while its Gateway does not serve, and the message says what to do', async () => {
  const cluster = await routedCluster()
  await cluster.until(() => cluster.condition('Degraded')?.status === 'False')
  cluster.publish('second')
  await cluster.until(() => cluster.canary()?.step === 1 && cluster.weight() === 10)
  const { gateway, gatewayClass } = cluster.plane
  for (const [change, words] of [
    [() => (cluster.plane.gateway = undefined), /There is no Gateway infra\/edge\. Make it/],
    [
      (edge) => (edge.status.conditions[0] = { type: 'Programmed', status: 'Unknown', message: 'Waiting' }),
      /Gateway infra\/edge is not programmed: Waiting\. See whether the controller of GatewayClass plane runs/,
    ],
    [
      (edge) => {
        const conditions = [{ type: 'Programmed', status: 'False', message: 'no certificate' }]
        edge.status.listeners = [{ name: 'web', conditions }]
      },
      /No listener of Gateway infra\/edge that the route may use takes requests: no certificate/,
    ],
    [
      () => (cluster.plane.gatewayClass = { status: { supportedFeatures: [{ name: 'TCPRoute' }] } }),
      /GatewayClass plane .* does not list HTTPRoute/,
    ],
  ] as const satisfies readonly (readonly [(edge: Draft) => unknown, RegExp])[]) {
    cluster.plane.gateway = structuredClone(gateway)
    cluster.plane.gatewayClass = gatewayClass
    change(cluster.plane.gateway as Draft)
    await cluster.until(() => cluster.condition('Degraded')?.reason === 'GatewayNotProgrammed')
    const { heldSeconds } = cluster.canary() ?? {}
    for (let count = 0; count < 20; count += 1) await cluster.turn()
    assert.match(cluster.condition('Degraded')?.message ?? '', words)
    assert.equal(cluster.canary()?.step, 1)
    assert.equal(cluster.canary()?.heldSeconds, heldSeconds)
    assert.match(cluster.canary()?.message ?? '', /the route is not in force yet/)
  }
  cluster.plane.gateway = gateway
  cluster.plane.gatewayClass = gatewayClass
  await cluster.until(() => cluster.canary()?.step === 2)
})
