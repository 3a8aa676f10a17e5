/** How the pods of a Deployment without a track become those of the stable one. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { components, labels } from '@gantry/contract/labels.ts'
import { isReady, type LiveDeployment, type LivePod } from '@gantry/kube/live.ts'
import { type Draft, type TestCluster, testCluster } from '../../testing/cluster.ts'
import { modelDeployment } from '../../testing/model-deployment.ts'
import { snapshot } from '../../testing/snapshot.ts'
import { untrackedCluster } from '../../testing/untracked.ts'

const untracked = 'intents'

const withReplicas = (replicas: number) => ({ model: modelDeployment({ spec: { replicas } }) })
const autoscaled = { model: modelDeployment({ spec: { autoscaling: { minReplicas: 2, maxReplicas: 9 } } }) }

/** A cluster whose autoscaler has chosen `count` pods. */
const scaledCluster = async (count: number): Promise<TestCluster> => {
  const cluster = await untrackedCluster(autoscaled)
  cluster.edit(
    'Deployment',
    ({ spec }) => {
      spec.replicas = count
    },
    untracked,
  )
  while (cluster.step());
  return cluster
}

/** The Service sends requests to all of these. */
const selected = (cluster: TestCluster): readonly LivePod[] => {
  const { selector } = (cluster.find('Service') as Draft).spec
  return cluster
    .all<LivePod>('Pod')
    .filter(({ metadata }) =>
      Object.entries(selector).every(([key, value]) => metadata.labels?.[key] === value),
    )
}
const replicasOf = (cluster: TestCluster, name?: string): number | undefined =>
  cluster.find<LiveDeployment>('Deployment', name)?.spec?.replicas

/** A pass after each step of anybody else until nothing moves, and a look at the pods after each single change. */
const takeOver = async (
  cluster: TestCluster,
  { least, most, pass = cluster.pass }: { least: number; most: number; pass?: () => Promise<unknown> },
): Promise<void> => {
  const look = (): void => {
    const pods = selected(cluster)
    const ready = pods.filter(isReady).length
    assert.ok(ready >= least, `${ready} of ${least} pods are ready`)
    assert.ok(pods.length <= most, `${pods.length} pods where ${most} have room`)
  }
  const { after } = cluster.faults
  cluster.faults.after = (write) => {
    look()
    after?.(write)
  }
  for (let idle = 0; idle < 8; ) {
    const before = cluster.store.version()
    await pass()
    look()
    const hasMoved = cluster.step() || cluster.store.version() !== before
    look()
    idle = hasMoved ? 0 : idle + 1
  }
  cluster.faults.after = undefined
}

const assertTaken = (cluster: TestCluster, count: number): void => {
  assert.equal(cluster.find('Deployment', untracked), undefined)
  assert.equal(replicasOf(cluster), count)
  const pods = selected(cluster)
  assert.equal(pods.length, count)
  for (const { metadata } of pods) assert.equal(metadata.labels?.[labels.track], 'stable')
  assert.equal(cluster.condition('Ready')?.status, 'True')
}

for (const count of [1, 2, 3, 5, 8])
  test(`${count} pods are taken over with never one fewer that answers, and a quarter more at most`, async () => {
    const cluster = await untrackedCluster(withReplicas(count))
    assert.equal(selected(cluster).length, count)
    await takeOver(cluster, { least: count, most: count + Math.ceil(count / 4) })
    assertTaken(cluster, count)
  })

test('a model without pods has none in between', async () => {
  const cluster = await untrackedCluster(withReplicas(0))
  await takeOver(cluster, { least: 0, most: 0 })
  assert.equal(cluster.find('Deployment', untracked), undefined)
  assert.equal(replicasOf(cluster), 0)
})

test('what an autoscaler has chosen is taken over, and the autoscaler rests meanwhile', async () => {
  const cluster = await scaledCluster(7)
  const scalers: Draft[] = []
  cluster.faults.after = ({ kind }) => {
    if (kind === 'Deployment' && cluster.find('Deployment', untracked))
      scalers.push(cluster.find('HorizontalPodAutoscaler'))
    const left = replicasOf(cluster, untracked)
    const target = (cluster.find('HorizontalPodAutoscaler') as Draft).spec.scaleTargetRef.name
    assert.ok(left === undefined || left === 7 || target === 'intents-stable', 'it would take back each step')
  }
  await takeOver(cluster, { least: 7, most: 9 })
  assert.ok(
    scalers.some(({ spec }) => spec.behavior?.scaleUp.selectPolicy === 'Disabled' && spec.minReplicas === 1),
  )
  assertTaken(cluster, 7)
  const { spec } = cluster.find('HorizontalPodAutoscaler') as Draft
  assert.deepEqual(
    [spec.scaleTargetRef.name, spec.minReplicas, spec.maxReplicas, spec.behavior?.scaleUp?.selectPolicy],
    ['intents-stable', 2, 9, undefined],
  )
  cluster.edit('Deployment', (deployment) => {
    deployment.spec.replicas = 5
  })
  await cluster.settle()
  assert.equal(replicasOf(cluster), 5, 'its own steps are left alone again')
})

for (const [name, start, count] of [
  ['three pods', () => untrackedCluster(withReplicas(3)), 3],
  ['an autoscaler', () => scaledCluster(3), 3],
] as const)
  test(`${name}: an operator that dies anywhere in between is followed by one that goes on`, async (context) => {
    const most = count + Math.ceil(count / 4)
    const undisturbed = await start()
    await takeOver(undisturbed, { least: count, most })
    const expected = snapshot(undisturbed)
    const total = undisturbed.writes.length
    assert.ok(total > 4)
    for (const when of ['before', 'after'] as const)
      for (let n = 1; n <= total; n += 1) {
        const cluster = await start()
        let writes = 0
        cluster.faults[when] = () => {
          writes += 1
          if (writes === n) throw new Error('the operator died')
        }
        await takeOver(cluster, { least: count, most, pass: () => cluster.pass().catch(() => {}) })
        assert.deepEqual(snapshot(cluster), expected, `the operator died ${when} write ${n}`)
      }
    context.diagnostic(`${2 * total} deaths`)
  })

for (const lag of [1, 2, 5])
  test(`watches that are ${lag} passes late cost no pod`, async () => {
    const cluster = await untrackedCluster({ ...withReplicas(3), lag })
    await takeOver(cluster, { least: 3, most: 4 })
    assertTaken(cluster, 3)
  })

test('another number and another version in between cost no pod', async () => {
  const cluster = await untrackedCluster(withReplicas(4))
  let writes = 0
  cluster.faults.before = () => {
    writes += 1
    if (writes === 3)
      cluster.edit('ModelDeployment', ({ spec }) => {
        spec.replicas = 6
      })
    if (writes === 6)
      cluster.edit('ModelDeployment', ({ spec }) => {
        spec.model.source.uri = 'https://models.example/2.tar.gz'
      })
  }
  // A rollout within the takeover has a quarter of its own.
  await takeOver(cluster, { least: 4, most: 6 + 2 + 2 })
  assertTaken(cluster, 6)
  assert.match(selected(cluster)[0]?.metadata.labels?.[labels.version] ?? '', /2$/)
})

test('an autoscaler given in between finds the pods that there were', async () => {
  const cluster = await untrackedCluster(withReplicas(4))
  let writes = 0
  cluster.faults.before = () => {
    writes += 1
    if (writes === 3)
      cluster.edit('ModelDeployment', ({ spec }) => {
        delete spec.replicas
        spec.autoscaling = { minReplicas: 2, maxReplicas: 9 }
      })
  }
  await takeOver(cluster, { least: 4, most: 5 })
  assertTaken(cluster, 4)
})

test('a suspended model keeps its Deployment as it is, and says that the operator has another in mind', async () => {
  const cluster = await untrackedCluster(withReplicas(2))
  cluster.edit('ModelDeployment', ({ spec }) => {
    spec.suspend = true
  })
  await cluster.settle()
  assert.ok(cluster.find('Deployment', untracked))
  assert.equal(cluster.find('Deployment'), undefined)
  assert.match(
    cluster.condition('Ready')?.message ?? '',
    /serves on 2 pods\. A change of the operator's own .* waits for its turn/,
  )
  await cluster.change((spec) => {
    spec.suspend = false
  })
  assertTaken(cluster, 2)
})

test('a model that is suspended half way serves from both, and goes on afterwards', async () => {
  const cluster = await untrackedCluster(withReplicas(4))
  for (let i = 0; i < 3; i += 1) {
    await cluster.pass()
    while (cluster.step());
  }
  assert.ok(cluster.find('Deployment', untracked) && cluster.find('Deployment'))
  cluster.edit('ModelDeployment', ({ spec }) => {
    spec.suspend = true
  })
  cluster.writes.length = 0
  await takeOver(cluster, { least: 4, most: 5 })
  const told = new Set(['ModelDeployment', 'Event'])
  assert.deepEqual(
    cluster.writes.filter(({ kind }) => !told.has(kind)),
    [],
  )
  cluster.edit('ModelDeployment', ({ spec }) => {
    spec.suspend = false
  })
  await takeOver(cluster, { least: 4, most: 5 })
  assertTaken(cluster, 4)
})

test('a Deployment with a paused rollout is left alone until it is resumed', async () => {
  const cluster = await untrackedCluster(withReplicas(2))
  cluster.edit(
    'Deployment',
    ({ spec }) => {
      spec.paused = true
    },
    untracked,
  )
  while (cluster.step());
  const before = cluster.find('Deployment', untracked)
  await cluster.settle()
  assert.deepEqual(cluster.find('Deployment', untracked), before)
  assert.equal(cluster.find('Deployment'), undefined)
  assert.equal(cluster.condition('Stalled')?.reason, 'RolloutPaused')
  assert.equal(cluster.condition('Available')?.status, 'True')
  cluster.edit(
    'Deployment',
    ({ spec }) => {
      spec.paused = false
    },
    untracked,
  )
  await takeOver(cluster, { least: 2, most: 3 })
  assertTaken(cluster, 2)
})

test('while status does not know the version, its Deployment serves on; then it is taken over', async () => {
  const cluster = await untrackedCluster(withReplicas(2))
  cluster.edit('ModelDeployment', (model) => void delete model.status)
  for (const job of cluster.all('Job')) cluster.store.erase(job)
  await takeOver(cluster, { least: 2, most: 3 })
  assertTaken(cluster, 2)
})

test('new pods that do not start take nothing from those that answer', async () => {
  let works = true
  const cluster = await untrackedCluster({
    ...withReplicas(2),
    starts: (_, { metadata }) =>
      works || !metadata.labels?.[labels.track] ? 'ready' : { crash: 'no such operator' },
  })
  works = false
  await takeOver(cluster, { least: 2, most: 3 })
  assert.equal(replicasOf(cluster, untracked), 2)
  assert.equal(cluster.condition('Available')?.status, 'True')
  assert.equal(cluster.condition('Ready')?.status, 'False')
})

test('a foreign Deployment of the new name is told, and nothing changes until it is gone', async () => {
  const cluster = await untrackedCluster(withReplicas(2))
  cluster.store.store({
    ...{ apiVersion: 'apps/v1', kind: 'Deployment' },
    metadata: { name: 'intents-stable', namespace: 'demo' },
    spec: { replicas: 0 },
  })
  const before = cluster.find('Deployment', untracked)
  await cluster.settle(1_000)
  assert.deepEqual(cluster.find('Deployment', untracked), before)
  assert.equal(cluster.condition('Stalled')?.reason, 'NameTaken')
  cluster.erase('Deployment')
  await cluster.settle()
  assertTaken(cluster, 2)
})

test('a new model has one Deployment, with its track in the selector', async () => {
  const cluster = testCluster()
  await cluster.settle()
  const [deployment, ...others] = cluster.all<LiveDeployment>('Deployment')
  assert.deepEqual(others, [])
  assert.equal(deployment?.metadata.name, 'intents-stable')
  assert.deepEqual((deployment as Draft).spec.selector.matchLabels, {
    [labels.model]: 'intents',
    [labels.component]: components.server,
    [labels.track]: 'stable',
  })
})
