/** The Service of a model leads to the gateway while a version is tried, and is never without an address. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { labels } from '@gantry/contract/labels.ts'
import { isReady, type LiveEndpointSlice, type LivePod, type LiveService } from '@gantry/kube/live.ts'
import type { ClusterOptions } from '../../testing/cluster.ts'
import { gatewayPod, gatewaysOf } from '../../testing/gateway-path.ts'
import { triedCluster } from '../../testing/tried.ts'
import type { GatewayPod } from '../path/gateway-pods.ts'

const one = gatewayPod('gateway-a', '10.0.0.1')
const two = gatewayPod('gateway-b', '10.0.0.2')

/** A cluster with gateways that open the port of the model as its status says, which tests change. */
const cluster = async (options: ClusterOptions = {}) => {
  const gateways = {
    pods: [one, two] as readonly GatewayPod[] | undefined,
    /** Gateways that do not open ports. */
    closed: new Set<string>(),
    /** Gateways that do not answer. */
    silent: new Set<string>(),
  }
  const found: { model?: () => { status?: { gatewayPort?: number } | undefined } } = {}
  const path = gatewaysOf(
    () => gateways.pods,
    ({ name }) => {
      const port = found.model?.().status?.gatewayPort
      if (gateways.silent.has(name)) return undefined
      return gateways.closed.has(name) || port === undefined
        ? []
        : [{ port, model: 'demo/intents', endpoints: 1 }]
    },
  )
  const tried = await triedCluster({ path, ...options })
  found.model = tried.model
  const service = () => tried.find<LiveService>('Service')
  const slices = () => tried.all<LiveEndpointSlice>('EndpointSlice')
  const ours = () =>
    slices().filter(({ metadata }) => metadata.ownerReferences?.[0]?.kind === 'ModelDeployment')
  const addressesOf = (some: readonly LiveEndpointSlice[]): readonly string[] =>
    some.flatMap(({ endpoints }) => endpoints?.flatMap(({ addresses }) => addresses) ?? [])
  return {
    ...tried,
    gateways,
    /** undefined: it has none. */
    selector: () => {
      const { selector = {} } = service()?.spec ?? {}
      return Object.keys(selector).length === 0 ? undefined : selector
    },
    ours: () => addressesOf(ours()),
    theirs: () => addressesOf(slices().filter((slice) => !ours().includes(slice))),
    port: () => tried.model().status?.gatewayPort,
  }
}
type PathCluster = Awaited<ReturnType<typeof cluster>>

const isLed = (it: PathCluster): boolean => it.selector() === undefined && it.theirs().length === 0
const isStraight = (it: PathCluster): boolean =>
  it.selector() !== undefined && it.ours().length === 0 && it.theirs().length > 0

/** An address of the Service answers: a gateway that has the port open, or a pod that is ready. */
const assertReachable = (it: PathCluster): void => {
  const ready = it.all<LivePod>('Pod').filter((pod) => isReady(pod) && pod.metadata.labels?.[labels.track])
  const pods = ready.map(({ status }) => status?.podIP)
  const open = (it.gateways.pods ?? []).filter(({ name }) => !it.gateways.closed.has(name))
  const gateways = it.port() === undefined ? [] : open.flatMap(({ ips }) => ips)
  const answering = [
    ...it.theirs().filter((ip) => pods.includes(ip)),
    ...it.ours().filter((ip) => gateways.includes(ip)),
  ]
  assert.ok(
    answering.length > 0,
    `no address answers: ${JSON.stringify({ theirs: it.theirs(), ours: it.ours() })}`,
  )
}

const watched = async (it: PathCluster, isReached: () => boolean): Promise<void> =>
  it.until(() => {
    assertReachable(it)
    return isReached()
  })

test('the Service leads to the gateways alone while a version is tried, and to the pods alone before and after', async () => {
  const it = await cluster()
  assert.ok(isStraight(it))
  assert.equal(it.port(), undefined)
  it.publish('second')
  await watched(it, () => it.canary()?.step === 2)
  assert.ok(isLed(it))
  assert.deepEqual(it.ours(), ['10.0.0.1', '10.0.0.2'])
  const [slice] = it.all<{ ports?: object[] } & LiveEndpointSlice>('EndpointSlice')
  assert.deepEqual(
    slice?.ports?.map((port) => ({ ...port })),
    [
      { name: 'http', port: it.port(), protocol: 'TCP', appProtocol: 'http' },
      { name: 'grpc', port: it.port(), protocol: 'TCP', appProtocol: 'kubernetes.io/h2c' },
    ],
  )
  await watched(it, () => it.canary() === undefined)
  await it.settle()
  assert.ok(isStraight(it))
  assert.equal(it.port(), undefined)
})

test('a version that was taken back gets no request of the Service', async () => {
  const it = await cluster()
  const podsOf = (track: string) =>
    it.all<LivePod>('Pod').filter(({ metadata }) => metadata.labels?.[labels.track] === track)
  it.publish('second')
  await watched(it, () => it.canary()?.step === 1)
  it.annotate(`abort@${it.canary()?.version}`)
  for (let count = 0; count < 60; count += 1) {
    await it.pass()
    const selector = it.selector()
    if (selector && podsOf('canary').length > 0) assert.equal(selector[labels.track], 'stable')
    assertReachable(it)
    it.step()
  }
  await it.settle()
  assert.ok(isStraight(it))
})

test('a Service leads to a gateway only once its port leads to the model, and not to those that are gone', async () => {
  const it = await cluster()
  it.gateways.closed.add(one.name).add(two.name)
  it.publish('second')
  for (let count = 0; count < 5; count += 1) await it.turn()
  assert.deepEqual([it.ours(), it.selector()?.[labels.track]], [[], 'stable'])
  it.gateways.closed.delete(one.name)
  await watched(it, () => isLed(it))
  assert.deepEqual(it.ours(), ['10.0.0.1'])
  it.gateways.closed.clear()
  await watched(it, () => it.ours().length === 2)
  it.gateways.silent.add(one.name).add(two.name)
  await it.turn()
  assert.deepEqual(it.ours(), ['10.0.0.1', '10.0.0.2'], 'an answer that is lost takes no gateway away')
  it.gateways.pods = [two]
  await it.turn()
  assert.deepEqual(it.ours(), ['10.0.0.2'])
})

test('without any gateway the Service leads to the pods of stable again, and to the gateways once they are back', async () => {
  const it = await cluster()
  it.publish('second')
  await watched(it, () => isLed(it))
  it.gateways.pods = []
  await it.turn()
  assert.equal(it.selector()?.[labels.track], 'stable')
  assert.ok(isStraight(it))
  it.gateways.pods = [one, two]
  await watched(it, () => isLed(it))
})

test('while it is not known which gateways there are, the Service stays as it is', async () => {
  const it = await cluster()
  it.publish('second')
  await watched(it, () => isLed(it))
  it.gateways.pods = undefined
  const before = it.ours()
  for (let count = 0; count < 3; count += 1) await it.turn()
  assert.deepEqual([isLed(it), it.ours()], [true, before])
})

test('what is mirrored from old Endpoints does not lead past the gateway', async () => {
  const it = await cluster()
  it.publish('second')
  await watched(it, () => isLed(it))
  assert.equal(it.find('Endpoints'), undefined)
})

test('a settled path is not written again', async () => {
  const it = await cluster()
  it.publish('second')
  await watched(it, () => it.canary()?.step === 1 && isLed(it))
  it.annotate(`pause@${it.canary()?.version}`)
  for (let count = 0; count < 5; count += 1) await it.turn()
  it.writes.length = 0
  await it.turn()
  assert.deepEqual(
    it.writes.filter(({ kind }) => kind !== 'ModelDeployment'),
    [],
  )
})

for (const [what, spec] of [
  ['is suspended', { suspend: true }],
  ['asks for what is not allowed', { replicas: 5_000 }],
] as const)
  test(`a Service of a model that ${what} does not lead to gateways that are gone`, async () => {
    const it = await cluster()
    it.publish('second')
    await watched(it, () => it.canary()?.step === 1 && isLed(it))
    it.edit('ModelDeployment', (draft) => Object.assign(draft.spec, spec))
    await it.turn()
    assert.ok(isLed(it))
    it.gateways.pods = [two]
    await it.turn()
    assert.deepEqual(it.ours(), ['10.0.0.2'])
    it.gateways.pods = []
    await it.turn()
    await it.turn()
    assert.ok(isStraight(it))
    assertReachable(it)
  })

for (const when of ['before', 'after'] as const)
  test(`an operator that dies ${when} any write of the path leaves an address that answers, and the next one ends it`, async () => {
    for (let fatal = 1; fatal <= 16; fatal += 1) {
      const it = await cluster()
      it.publish('second')
      let count = 0
      it.faults[when] = ({ kind }) => {
        if (!['Service', 'EndpointSlice', 'Endpoints'].includes(kind)) return
        count += 1
        if (count === fatal) throw new Error('the operator has died')
      }
      await watched(it, () => isLed(it) && it.canary()?.step === 1)
      it.annotate(`abort@${it.canary()?.version}`)
      await watched(it, () => it.model().status?.rejectedRevision !== undefined)
      await it.settle()
      assert.ok(isStraight(it), `${when} write ${fatal}`)
      assert.equal(it.port(), undefined)
    }
  })

test('where all ports of the gateway are taken the Service stays at its pods, and the model says so', async () => {
  const path = {
    ...gatewaysOf(
      () => [one],
      () => [],
    ),
    ports: { take: () => undefined, free: () => {} },
  }
  const it = await cluster({ path })
  it.publish('second')
  await it.until(() => it.canary() !== undefined)
  await it.turn()
  assert.ok(isStraight(it))
  assert.equal(it.condition('Degraded')?.reason, 'GatewayMissing')
  assert.match(it.condition('Degraded')?.message ?? '', /All ports of the gateway \(20000 to 29999\) lead/)
})
