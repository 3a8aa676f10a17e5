/** A model without pods while nobody asks it anything. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Draft, testCluster } from '../../testing/cluster.ts'
import { modelDeployment } from '../../testing/model-deployment.ts'
import { sleepyCluster, testGateway } from '../../testing/sleepers.ts'

type Sleepy = Awaited<ReturnType<typeof sleepyCluster>>

const asleep = async (): Promise<Sleepy> => {
  const cluster = await sleepyCluster()
  await cluster.wait(70)
  assert.equal(cluster.replicas(), 0)
  return cluster
}

test('a model sleeps after its idle time, is Ready meanwhile, and nothing is written', async () => {
  const cluster = await sleepyCluster()
  assert.equal(cluster.condition('Ready')?.reason, 'Ready')
  await cluster.wait(50)
  assert.equal(cluster.replicas(), 1)
  await cluster.wait(20)
  assert.equal(cluster.replicas(), 0)
  for (const [type, status, reason] of [
    ['Ready', 'True', 'Asleep'],
    ['Available', 'False', 'Asleep'],
    ['Reconciling', 'False', 'Settled'],
    ['Degraded', 'False', 'NotAvailable'],
  ] as const)
    assert.deepEqual(
      { status: cluster.condition(type)?.status, reason: cluster.condition(type)?.reason },
      { status, reason },
      type,
    )
  assert.ok(cluster.model().status?.sleep?.since)
  const autoscaler = cluster.find('HorizontalPodAutoscaler') as Draft
  assert.equal(autoscaler.spec.minReplicas, 1)
  cluster.writes.length = 0
  assert.equal(await cluster.wait(3600), 0)
  await cluster.passes()
  assert.deepEqual(cluster.writes, [])
})

test('the first request wakes it within a second, and further ones ask for nothing more', async () => {
  const cluster = await asleep()
  await cluster.wait(3600)
  cluster.hold()
  cluster.writes.length = 0
  await cluster.wait(1)
  assert.equal(cluster.replicas(), 1)
  assert.equal(cluster.condition('Ready')?.reason, 'Ready')
  const scalings = cluster.writes.filter(({ kind }) => kind === 'Deployment')
  assert.equal(scalings.length, 1)
  for (let count = 0; count < 20; count += 1) cluster.hold()
  cluster.writes.length = 0
  await cluster.wait(10)
  assert.deepEqual(cluster.writes, [])
  assert.equal(cluster.model().status?.sleep, undefined)
})

test('requests at any gateway, held or under way, keep it awake', async () => {
  const cluster = await sleepyCluster()
  const [, second] = cluster.gateways
  if (second) second.inFlight = 1
  await cluster.wait(600)
  assert.equal(cluster.replicas(), 1)
  if (second) second.inFlight = 0
  await cluster.wait(70)
  assert.equal(cluster.replicas(), 0)
})

test('requests that bypass the gateways keep it awake', async () => {
  const cluster = await sleepyCluster()
  for (let minute = 0; minute < 10; minute += 1) {
    cluster.direct.count += 1
    await cluster.wait(50)
  }
  assert.equal(cluster.replicas(), 1)
  cluster.direct.pending = 1
  await cluster.wait(300)
  assert.equal(cluster.replicas(), 1)
  cluster.direct.pending = 0
  await cluster.wait(70)
  assert.equal(cluster.replicas(), 0)
})

test('what is not known is not idle: a gateway or a pod that is silent keeps it awake', async () => {
  const cluster = await sleepyCluster()
  const [first] = cluster.gateways
  if (first) first.isAnswering = false
  await cluster.wait(300)
  assert.equal(cluster.replicas(), 1)
  if (first) first.isAnswering = true
  cluster.direct.isAnswering = false
  await cluster.wait(300)
  assert.equal(cluster.replicas(), 1)
  cluster.direct.isAnswering = true
  await cluster.wait(70)
  assert.equal(cluster.replicas(), 0)
})

test('without a gateway one pod stays, and the model says why', async () => {
  const cluster = await sleepyCluster()
  cluster.gateways.length = 0
  await cluster.wait(600)
  assert.equal(cluster.replicas(), 1)
  assert.equal(cluster.condition('Ready')?.status, 'True')
  assert.equal(cluster.condition('Degraded')?.reason, 'GatewayMissing')
  assert.match(cluster.condition('Degraded')?.message ?? '', /no gateway is installed/)
  cluster.gateways.push(testGateway())
  await cluster.wait(70)
  assert.equal(cluster.replicas(), 0)
  assert.equal(cluster.condition('Degraded')?.status, 'False')
})

test('a model with TLS sleeps only behind a certificate that names it, and wakes where the name is lost', async () => {
  const cluster = await sleepyCluster()
  await cluster.change((spec) => {
    spec.serve = { tls: { secretRef: { name: 'certificate' } } }
  })
  await cluster.wait(300)
  assert.equal(cluster.replicas(), 1)
  assert.match(
    cluster.condition('Degraded')?.message ?? '',
    /the gateway has no certificate, so one pod stays\. Set gateway\.tls\.secretName/,
  )
  for (const gateway of cluster.gateways) gateway.tls = { names: ['*.demo.svc'], untrusted: [] }
  await cluster.wait(70)
  assert.equal(cluster.replicas(), 0)
  for (const gateway of cluster.gateways) gateway.tls = { names: ['other.demo.svc'], untrusted: [] }
  await cluster.wait(5)
  assert.equal(cluster.replicas(), 1)
  assert.match(cluster.condition('Degraded')?.message ?? '', /does not name intents\.demo\.svc/)
})

test('a gateway that is uninstalled wakes what sleeps', async () => {
  const cluster = await asleep()
  cluster.gateways.length = 0
  await cluster.wait(5)
  assert.equal(cluster.replicas(), 1)
})

test('a model that wakes soon after it fell asleep stays awake for longer, up to eight times', async () => {
  const cluster = await asleep()
  const inForce: (number | undefined)[] = []
  for (let round = 0; round < 5; round += 1) {
    cluster.hold()
    await cluster.wait(5)
    cluster.answer()
    inForce.push(cluster.model().status?.sleep?.idleSeconds)
    await cluster.wait((inForce.at(-1) ?? 60) - 20)
    assert.equal(cluster.replicas(), 1)
    await cluster.wait(40)
    assert.equal(cluster.replicas(), 0)
  }
  assert.deepEqual(inForce, [120, 240, 480, 480, 480])
  await cluster.wait(500)
  cluster.hold()
  await cluster.wait(5)
  assert.equal(cluster.model().status?.sleep, undefined)
})

test('an operator that starts anew counts the idle time from its start, and leaves what sleeps asleep', async () => {
  const cluster = await sleepyCluster()
  await cluster.wait(50)
  cluster.restart()
  await cluster.wait(50)
  assert.equal(cluster.replicas(), 1)
  await cluster.wait(20)
  assert.equal(cluster.replicas(), 0)
  cluster.restart()
  await cluster.passes()
  await cluster.wait(300)
  assert.equal(cluster.replicas(), 0)
  cluster.restart()
  cluster.hold()
  await cluster.wait(1)
  assert.equal(cluster.replicas(), 1)
})

for (const when of ['before', 'after'] as const)
  test(`an operator that dies ${when} any write of a sleep or a waking is followed by one that ends it`, async () => {
    const cluster = await sleepyCluster()
    let writes = 0
    cluster.faults[when] = () => {
      writes += 1
      if (writes % 3 !== 0) throw new Error('the operator has died')
    }
    await cluster.wait(300)
    assert.equal(cluster.replicas(), 0)
    await cluster.passes()
    assert.equal(cluster.condition('Ready')?.reason, 'Asleep')
    cluster.hold()
    await cluster.wait(60)
    assert.equal(cluster.replicas(), 1)
    cluster.faults[when] = undefined
    await cluster.settle(60_000)
    assert.equal(cluster.condition('Ready')?.reason, 'Ready')
  })

test('a write that the API server refuses is tried again ever more rarely', async () => {
  const cluster = await asleep()
  let refused = 0
  cluster.faults.before = () => {
    refused += 1
    throw new Error('the API server is down')
  }
  cluster.hold()
  await cluster.wait(60)
  assert.ok(refused > 3 && refused < 20, `${refused} writes`)
})

test('a suspended model neither falls asleep nor wakes', async () => {
  const cluster = await sleepyCluster()
  await cluster.change((spec) => {
    spec.suspend = true
  })
  await cluster.wait(300)
  assert.equal(cluster.replicas(), 1)
  await cluster.change((spec) => {
    spec.suspend = false
  })
  await cluster.wait(70)
  assert.equal(cluster.replicas(), 0)
  await cluster.change((spec) => {
    spec.suspend = true
  })
  cluster.hold()
  await cluster.wait(60)
  assert.equal(cluster.replicas(), 0)
  assert.equal(cluster.condition('Ready')?.status, 'True')
})

test('another version wakes the model, and serves once it is seen to start', async () => {
  const cluster = await asleep()
  const first = cluster.model().status?.activeVersion
  cluster.edit('ModelDeployment', ({ spec }: Draft) => {
    spec.model.version = 'second'
  })
  await cluster.passes()
  await cluster.settle(10_000)
  assert.equal(cluster.replicas(), 1)
  const active = cluster.model().status?.activeVersion
  assert.notEqual(active, first)
  await cluster.wait(300)
  assert.equal(cluster.replicas(), 0)
  assert.equal(cluster.model().status?.activeVersion, active)
})

test('another version that does not start takes nothing down: what slept wakes, and serves', async () => {
  let good: string | undefined
  const cluster = await sleepyCluster({
    starts: (version) => (good === undefined || version === good ? 'ready' : { crash: 'no memory' }),
  })
  await cluster.wait(70)
  good = cluster.model().status?.activeVersion
  cluster.edit('ModelDeployment', ({ spec }: Draft) => {
    spec.model.version = 'second'
  })
  await cluster.settle(10_000)
  assert.equal(cluster.condition('Available')?.status, 'True')
  assert.equal(cluster.model().status?.activeVersion, good)
  await cluster.wait(300)
  assert.equal(cluster.condition('Available')?.status, 'True')
})

test('a version that is tried wakes the model, and keeps it awake until it is judged', async () => {
  const model = modelDeployment({
    spec: {
      autoscaling: { minReplicas: 0, maxReplicas: 3, idleSeconds: 60 },
      rollout: { strategy: 'Canary' },
    },
  })
  const cluster = await sleepyCluster({
    model,
    gateways: () => ({ instances: ['gateway-0', 'gateway-1'], demands: [] }),
  })
  await cluster.wait(70)
  assert.equal(cluster.replicas(), 0)
  const first = cluster.model().status?.activeVersion
  cluster.edit('ModelDeployment', ({ spec }: Draft) => {
    spec.model.version = 'second'
  })
  await cluster.settle(1_000)
  assert.equal(cluster.replicas(), 1)
  assert.equal(cluster.model().status?.activeVersion, first)
  assert.notEqual(cluster.model().status?.canary?.version, first)
  await cluster.wait(600)
  await cluster.passes()
  assert.equal(cluster.replicas(), 1)
  assert.ok(cluster.find('Deployment', 'intents-canary'))
})

test('a model that may sleep no more wakes, and one with a number of pods gets them', async () => {
  const cluster = await asleep()
  await cluster.change((spec) => {
    spec.autoscaling = { minReplicas: 1, maxReplicas: 3 }
  })
  assert.equal(cluster.replicas(), 1)
  assert.equal(cluster.model().status?.sleep, undefined)
  assert.equal(cluster.condition('Ready')?.reason, 'Ready')
  const other = await asleep()
  await other.change((spec) => {
    delete spec.autoscaling
    spec.replicas = 2
  })
  assert.equal(other.replicas(), 2)
  assert.equal(other.condition('Ready')?.reason, 'Ready')
})

test('pods that the autoscaler has added go when the model falls asleep, and a user may wake it', async () => {
  const cluster = await sleepyCluster()
  cluster.edit('Deployment', ({ spec }: Draft) => {
    spec.replicas = 3 // the autoscaler's own step
  })
  await cluster.passes()
  await cluster.wait(70)
  assert.equal(cluster.replicas(), 0)
  cluster.edit('Deployment', ({ spec }: Draft) => {
    spec.replicas = 2
  })
  await cluster.passes()
  await cluster.wait(30)
  assert.equal(cluster.replicas(), 2)
})

test('a model that has never been Ready does not sleep', async () => {
  const cluster = testCluster({
    model: modelDeployment({ spec: { autoscaling: { minReplicas: 0, maxReplicas: 3, idleSeconds: 10 } } }),
    starts: () => ({ crash: 'no memory' }),
    demanded: () => ({ gateways: 'present', isWanted: false, idleMs: 1e9 }),
  })
  await cluster.settle(1_000)
  assert.notEqual((cluster.find('Deployment') as Draft).spec.replicas, 0)
})
