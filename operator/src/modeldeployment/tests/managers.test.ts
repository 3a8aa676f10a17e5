/** Several releases of Gantry watch one model: one of them manages it, and the others write nothing. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ApiError } from '@gantry/kube/errors.ts'
import type { Kube, KubernetesObject } from '@gantry/kube/objects.ts'
import { Lease } from '@gantry/kube/resources.ts'
import { type Draft, type TestCluster, testCluster } from '../../testing/cluster.ts'
import { modelDeployment } from '../../testing/model-deployment.ts'
import { type TestRelease, testRelease } from '../../testing/releases.ts'

const minuteMs = 60_000

const two = (cluster: TestCluster = testCluster()) => {
  const one = testRelease(cluster, 'team-a/gantry')
  const other = testRelease(cluster, 'team-b/prod')
  return { cluster, one, other, both: [one, other] as const }
}

/** Runs passes of all operators that are at work, and steps of the cluster, until nothing has changed for some rounds. */
const settle = async (cluster: TestCluster, atWork: readonly TestRelease[], stepMs = 10_000) => {
  let idle = 0
  for (let round = 0; round < 200 && idle < 5; round += 1) {
    for (const release of atWork) release.renew()
    const before = cluster.store.version()
    for (const release of atWork) await release.pass()
    const hasMoved = cluster.step()
    idle = hasMoved || cluster.store.version() !== before ? 0 : idle + 1
    cluster.advance(stepMs)
  }
  assert.equal(idle, 5, 'the cluster does not come to rest')
}

const managerOf = (cluster: TestCluster): string | undefined => cluster.model().status?.managedBy
const imageOf = (cluster: TestCluster): unknown =>
  JSON.stringify(cluster.find('Deployment')).match(/"image":"([^"]*)"/)?.[1]
const events = (cluster: TestCluster, reason: string): readonly KubernetesObject[] =>
  cluster.all<KubernetesObject>('Event').filter((event) => event['reason'] === reason)

test('the first release manages a model, and the second one writes an Event and nothing else', async () => {
  const { cluster, one, other, both } = two()
  await settle(cluster, both)
  assert.equal(managerOf(cluster), 'team-a/gantry')
  assert.equal(imageOf(cluster), 'registry.example/team-a:1')
  assert.equal(cluster.condition('Ready')?.status, 'True')
  assert.deepEqual(other.writes, ['create Event'])
  one.writes.length = 0
  await settle(cluster, both)
  assert.deepEqual([one.writes, other.writes], [[], ['create Event']], 'settled operators write nothing')
})

test('of two that claim a model at the same time one wins, and the other writes nothing', async () => {
  const { cluster, one, other, both } = two()
  for (const release of both) {
    release.renew()
    release.see()
  }
  await Promise.all(both.map((release) => release.pass('stale')))
  const [winner, loser] = managerOf(cluster) === one.manager ? [one, other] : [other, one]
  assert.equal(managerOf(cluster), winner.manager)
  assert.deepEqual(loser.writes, [])
  await settle(cluster, both)
  assert.deepEqual(loser.writes, ['create Event'])
})

test('the refusal is told once in the log and once on the object, also after a restart', async () => {
  const { cluster, other, both } = two()
  await settle(cluster, both)
  const sentence =
    /Release team-a\/gantry manages this ModelDeployment, so release team-b\/prod, which watches it too, leaves it alone/
  assert.equal(other.logged.filter((line) => sentence.test(line)).length, 1)
  other.restart()
  await settle(cluster, both)
  assert.equal(other.logged.filter((line) => sentence.test(line)).length, 2, 'once for each process')
  const [event, ...more] = events(cluster, 'ManagedElsewhere')
  assert.match(String(event?.['message']), sentence)
  assert.deepEqual(more, [])
})

test('a model is taken over when the Lease of its release has not been renewed for five minutes', async () => {
  const { cluster, one, other, both } = two()
  await settle(cluster, both)
  for (let ms = 0; ms < 5 * minuteMs - 30_000; ms += 30_000) {
    other.renew()
    await other.pass()
    cluster.advance(30_000)
  }
  await other.pass()
  assert.equal(managerOf(cluster), one.manager, 'not before')
  cluster.advance(30_000)
  await settle(cluster, [other])
  assert.equal(managerOf(cluster), other.manager)
  assert.equal(imageOf(cluster), 'registry.example/team-b:1')
  assert.match(String(events(cluster, 'TakenOver')[0]?.['message']), /not been renewed for 5 minutes/)
  one.writes.length = 0
  one.restart()
  await settle(cluster, both)
  assert.equal(managerOf(cluster), other.manager, 'the first release comes back and leaves it alone')
  assert.deepEqual(one.writes, ['create Event'])
})

test('a model of a release that is uninstalled is taken over within a minute', async () => {
  const { cluster, one, other, both } = two()
  await settle(cluster, both)
  one.uninstall()
  await other.pass()
  assert.equal(managerOf(cluster), one.manager, 'an operator creates its Lease again after it was deleted')
  cluster.advance(15_000)
  await other.pass()
  assert.equal(managerOf(cluster), other.manager)
  assert.match(String(events(cluster, 'TakenOver')[0]?.['message']), /does not exist/)
})

test('a model in a namespace that its release watches no more is taken over at once', async () => {
  const { cluster, one, other, both } = two()
  await settle(cluster, both)
  one.narrow('elsewhere')
  one.renew()
  await settle(cluster, [other])
  assert.equal(managerOf(cluster), other.manager)
  assert.match(String(events(cluster, 'TakenOver')[0]?.['message']), /it watches namespace elsewhere alone/)
})

test('a Lease that was deleted by hand and is made again is no sign of a release that is gone', async () => {
  const { cluster, one, other, both } = two()
  await settle(cluster, both)
  one.uninstall()
  await other.pass()
  cluster.advance(10_000)
  await settle(cluster, both)
  assert.equal(managerOf(cluster), one.manager)
})

test('what may not be read is no sign of a release that is gone, and the way to free the model is told', async () => {
  const cluster = testCluster()
  const one = testRelease(cluster, 'team-a/gantry')
  const client = (kube: Kube): Kube => ({
    ...kube,
    get: async (resource, ...at) => {
      if (resource === Lease) throw new ApiError(403, 'Forbidden', 'leases "gantry-operator" is forbidden')
      return kube.get(resource, ...at)
    },
  })
  const other = testRelease(cluster, 'team-b/prod', { client })
  await settle(cluster, [one, other])
  one.uninstall()
  await settle(cluster, [other], 5 * minuteMs)
  assert.equal(managerOf(cluster), one.manager)
  assert.deepEqual(other.writes, ['create Event'])
  const message = String(events(cluster, 'ManagedElsewhere')[0]?.['message'])
  assert.match(message, /may not read Lease team-a\/gantry-operator/)
  assert.match(message, /kubectl patch modeldeployment intents --namespace demo --subresource=status/)
})

test('an operator that was stopped for ten minutes learns that it has lost the model before its first write', async () => {
  const { cluster, one, other, both } = two()
  await settle(cluster, both)
  cluster.edit('ModelDeployment', (model) => {
    model.spec.serve.threads = 2
  })
  one.see() // so that it has something to write when it goes on
  for (let ms = 0; ms <= 10 * minuteMs; ms += 30_000) {
    other.renew()
    await other.pass()
    cluster.step()
    cluster.advance(30_000)
  }
  one.writes.length = 0
  await assert.rejects(one.pass('stale'), { reason: 'ManagerChanged' })
  assert.deepEqual(one.writes, [])
  assert.equal(managerOf(cluster), other.manager)
  assert.equal((await one.pass()).kind, 'waiting')
  assert.deepEqual(one.writes, ['create Event'])
})

test('an operator that is stopped in the middle of a pass makes no further write of it', async () => {
  const cluster = testCluster()
  const other = testRelease(cluster, 'team-b/prod')
  let stopped = false
  const client = (kube: Kube): Kube => ({
    ...kube,
    apply: async (...args) => {
      const answer = await kube.apply(...args)
      if (stopped) return answer as never
      stopped = true
      for (let ms = 0; ms <= 6 * minuteMs; ms += 30_000) {
        other.renew()
        await other.pass()
        cluster.advance(30_000)
      }
      return answer as never
    },
  })
  const one = testRelease(cluster, 'team-a/gantry', { client })
  one.renew()
  await assert.rejects(one.pass(), { reason: 'ManagerChanged' })
  assert.equal(managerOf(cluster), other.manager)
  assert.deepEqual(one.writes, ['applyStatus ModelDeployment', 'apply ServiceAccount'])
})

test('a model whose status was cleared is managed by one release again, and its pods are not replaced twice', async () => {
  const { cluster, both } = two()
  await settle(cluster, both)
  cluster.edit('ModelDeployment', (model) => {
    model.status = undefined
  })
  await settle(cluster, both)
  const manager = managerOf(cluster)
  assert.ok(both.some((release) => release.manager === manager))
  for (const release of both) release.writes.length = 0
  await settle(cluster, both)
  assert.deepEqual(
    both.flatMap(({ writes }) => writes),
    [],
  )
})

test('a model is handed over by writing another release into its status', async () => {
  const { cluster, one, other, both } = two()
  await settle(cluster, both)
  cluster.edit('ModelDeployment', (model) => {
    model.status.managedBy = other.manager
  })
  await settle(cluster, both)
  assert.equal(managerOf(cluster), other.manager)
  assert.equal(imageOf(cluster), 'registry.example/team-b:1')
  one.writes.length = 0
  await settle(cluster, both)
  assert.deepEqual(one.writes, [])
})

test('a model of a release before this field is claimed at the first pass, and nothing of it is changed', async () => {
  const cluster = testCluster()
  const one = testRelease(cluster, 'team-a/gantry')
  await settle(cluster, [one])
  cluster.edit('ModelDeployment', (model) => {
    delete model.status.managedBy
  })
  one.writes.length = 0
  await settle(cluster, [one])
  assert.equal(managerOf(cluster), one.manager)
  assert.deepEqual(one.writes, ['applyStatus ModelDeployment'])
})

test('a suspended model has a manager, too', async () => {
  const { cluster, other, both } = two(testCluster({ model: modelDeployment({ spec: { suspend: true } }) }))
  await settle(cluster, both)
  assert.equal(managerOf(cluster), 'team-a/gantry')
  assert.deepEqual(other.writes, ['create Event'])
})

test('an operator without a Lease takes nothing over, since no other could see that it works', async () => {
  const cluster = testCluster()
  const one = testRelease(cluster, 'team-a/gantry')
  const other = testRelease(cluster, 'team-b/prod', { holdsLease: false })
  await settle(cluster, [one])
  one.uninstall()
  for (let round = 0; round < 20; round += 1) {
    await other.pass()
    cluster.advance(minuteMs)
  }
  assert.equal(managerOf(cluster), one.manager)
})

test('on a cluster whose CRD does not know managers it says that the CRD is old', async () => {
  const cluster = testCluster()
  const client = (kube: Kube): Kube => ({
    ...kube,
    applyStatus: async () => {
      throw new ApiError(
        500,
        '',
        'failed to create typed patch object: .status.managedBy: field not declared in schema',
      )
    },
  })
  const one = testRelease(cluster, 'team-a/gantry', { client })
  await assert.rejects(one.pass(), { reason: 'CrdOutdated', message: /apply crds\/ of its version/ })
  assert.deepEqual(one.writes, [])
})

/** Numbers from 0 to 1 that are the same for the same seed. */
const numbers = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return state / 2 ** 31
  }
}

/** A client that notes each write of a release to a model that another one manages. */
const watched =
  (cluster: TestCluster, manager: string, intruders: string[]) =>
  (kube: Kube): Kube => {
    const check = (kind: string): void => {
      if (managerOf(cluster) !== manager && kind !== 'Event') intruders.push(`${manager} writes ${kind}`)
    }
    return {
      ...kube,
      create: (resource, object) => {
        check(resource.kind)
        return kube.create(resource, object) as never
      },
      apply: (resource, ...args) => {
        check(resource.kind)
        return kube.apply(resource, ...args) as never
      },
      remove: (resource, ...one) => {
        check(resource.kind)
        return kube.remove(resource, ...one)
      },
    }
  }

/** What may happen, each with its share of all steps. */
const happenings = (cluster: TestCluster, releases: readonly TestRelease[], random: () => number) => {
  const below = (count: number): number => Math.floor(random() * count)
  const release = (): TestRelease => releases[below(releases.length)] as TestRelease
  const edit = (change: (model: Draft) => void) => () => cluster.edit('ModelDeployment', change)
  const all: readonly (readonly [number, () => unknown])[] = [
    [25, () => release().renew()],
    [5, () => release().uninstall()],
    [5, () => release().restart()],
    [4, edit((model) => (model.spec.serve.threads = 1 + below(8)))],
    [3, edit((model) => (model.status = undefined))],
    [3, edit((model) => (model.status = { ...model.status, managedBy: release().manager }))],
    [15, () => cluster.step()],
    [10, () => cluster.advance(random() < 0.2 ? 6 * minuteMs : 20_000)],
    [
      30,
      () =>
        release()
          .pass(random() < 0.3 ? 'stale' : 'fresh')
          .catch(() => {}),
    ],
  ]
  return all.flatMap(([share, happens]) => Array.from({ length: share }, () => happens))
}

test('in every history only the release that manages the model writes, and in the end one does', async () => {
  for (let seed = 1; seed <= 30; seed += 1) {
    const random = numbers(seed)
    const cluster = testCluster()
    const intruders: string[] = []
    const releases = ['team-a/gantry', 'team-b/prod', 'team-c/gantry'].map((manager) =>
      testRelease(cluster, manager, { client: watched(cluster, manager, intruders) }),
    )
    const all = happenings(cluster, releases, random)
    for (let step = 0; step < 80; step += 1) await all[Math.floor(random() * all.length)]?.()
    assert.deepEqual(intruders, [], `seed ${seed}`)
    await settle(cluster, releases)
    for (const { writes } of releases) writes.length = 0
    await settle(cluster, releases)
    const late = releases.flatMap(({ writes }) => writes)
    assert.deepEqual(late, [], `seed ${seed}`)
    assert.ok(releases.some(({ manager }) => manager === managerOf(cluster)))
  }
})
