import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sleep } from './clock.ts'
import { campaign, type ElectionOptions, type Leadership } from './leader.ts'
import type { Log } from './log.ts'
import type { KubernetesObject } from './objects.ts'
import { type ManualClock, manualClock } from './testing/clock.ts'
import { type LeaseServer, leaseServer, type Trouble } from './testing/leases.ts'

const silent: Log = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} }

/** One who wants to lead. */
const candidate = (identity: string, server: LeaseServer, clock: ManualClock) => {
  let trouble: Trouble = 'none'
  let leadership: Leadership | undefined
  const stop = new AbortController()
  const options: ElectionOptions = {
    kube: server.client(() => trouble),
    ...{ clock, log: silent, namespace: 'gantry', name: 'gantry-operator', identity },
  }
  const campaigning = campaign(options, stop.signal).then((won) => {
    leadership = won
  })
  return {
    suffer: (next: Trouble) => {
      trouble = next
    },
    leads: () => leadership !== undefined && !leadership.lost.aborted,
    hasLost: () => leadership?.lost.aborted === true,
    release: () => leadership?.release(),
    stop: () => stop.abort(),
    campaigning,
  }
}

const specOf = (lease: KubernetesObject | undefined) => lease?.['spec'] as Record<string, unknown> | undefined

/** Two candidates of which the first leads. */
const leaderAndStandby = async () => {
  const clock = manualClock()
  const server = leaseServer()
  const leader = candidate('a', server, clock)
  await clock.advance(0)
  const standby = candidate('b', server, clock)
  await clock.advance(0)
  return { clock, server, leader, standby }
}

test('the first to come leads, the second stands by for as long as the Lease is renewed', async () => {
  const { clock, server, leader, standby } = await leaderAndStandby()
  await clock.advance(10 * 60_000)
  assert.ok(leader.leads())
  assert.ok(!standby.leads())
  const spec = specOf(server.stored())
  assert.equal(spec?.['holderIdentity'], 'a')
  assert.equal(spec?.['leaseDurationSeconds'], 15)
  assert.equal(spec?.['acquireTime'], '2026-01-01T00:00:00.000000Z')
  assert.equal(spec?.['renewTime'], '2026-01-01T00:10:00.000000Z')
})

test('the standby takes over within 17 s of the death of the leader', async () => {
  const { clock, server, leader, standby } = await leaderAndStandby()
  await clock.advance(60_000)
  leader.suffer('unreachable') // dead, as seen from the server
  await clock.advance(13_000)
  assert.ok(!standby.leads(), 'not before its Lease has ended')
  await clock.advance(4_000)
  assert.ok(standby.leads())
  assert.equal(specOf(server.stored())?.['leaseTransitions'], 1)
})

test('the standby takes over within 2 s of a release', async () => {
  const { clock, leader, standby } = await leaderAndStandby()
  await clock.advance(5_000)
  await leader.release()
  assert.ok(!standby.leads())
  await clock.advance(2_000)
  assert.ok(standby.leads())
  assert.ok(!leader.hasLost(), 'a release is no loss')
})

test('the Lease has its owner and annotations, also after it was deleted, and the present ones where it had others', async () => {
  const clock = manualClock()
  const server = leaseServer()
  const owner = (uid: string) => ({ apiVersion: 'apps/v1', kind: 'Deployment', name: 'gantry-operator', uid })
  const options = { clock, log: silent, namespace: 'gantry', name: 'gantry-operator', identity: 'a' }
  const stop = new AbortController()
  const lead = (uid: string) =>
    campaign({ ...options, kube: server.client(), owner: owner(uid), annotations: { by: uid } }, stop.signal)
  const first = await lead('1')
  server.write(undefined)
  await clock.advance(4_000)
  assert.deepEqual(server.stored()?.metadata.ownerReferences, [owner('1')])
  assert.deepEqual(server.stored()?.metadata.annotations, { by: '1' })
  await first?.release()
  await lead('2')
  assert.deepEqual(server.stored()?.metadata.ownerReferences, [owner('2')])
  assert.deepEqual(server.stored()?.metadata.annotations, { by: '2' })
})

test('the Lease of another is left alone to its very end', async () => {
  const clock = manualClock()
  const server = leaseServer()
  server.write({
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: 'gantry-operator', namespace: 'gantry' },
    // Its times are of a clock that is wrong by years, and do not matter.
    spec: { holderIdentity: 'z', leaseDurationSeconds: 15, renewTime: '2020-01-01T00:00:00.000000Z' },
  })
  const standby = candidate('b', server, clock)
  await clock.advance(14_999)
  assert.ok(!standby.leads())
  await clock.advance(1)
  assert.ok(standby.leads())
})

test('a renewal counts from when it was asked for, however late its answer', async () => {
  const clock = manualClock()
  const server = leaseServer()
  const slowly = async (): Promise<Trouble> => {
    await sleep(clock, 3_000, new AbortController().signal)
    return 'none'
  }
  const options = { clock, log: silent, namespace: 'gantry', name: 'gantry-operator', identity: 'a' }
  const campaigning = campaign({ ...options, kube: server.client(slowly) }, new AbortController().signal)
  await clock.advance(6_000) // asks who leads, then writes
  assert.equal((await campaigning)?.renewalAgeMs(), 3_000)
  await clock.advance(5_000) // waits 2 s, then renews
  assert.equal((await campaigning)?.renewalAgeMs(), 3_000)
})

test('who cannot renew gives up after 10 s, before anyone else may lead', async () => {
  const { clock, leader, standby } = await leaderAndStandby()
  await clock.advance(60_000)
  leader.suffer('unreachable')
  await clock.advance(7_500)
  assert.ok(leader.leads())
  await clock.advance(2_500)
  assert.ok(leader.hasLost())
  assert.ok(!standby.leads())
})

test('who finds another in the Lease gives up at once', async () => {
  const { clock, server, leader } = await leaderAndStandby()
  const stored = server.stored()
  assert.ok(stored)
  server.write({ ...stored, spec: { ...specOf(stored), holderIdentity: 'z' } })
  await clock.advance(2_000)
  assert.ok(leader.hasLost())
})

test('a foreign write that keeps the holder is no loss of the Lease, and is kept', async () => {
  const { clock, server, leader } = await leaderAndStandby()
  const stored = server.stored()
  assert.ok(stored)
  server.write({ ...stored, metadata: { ...stored.metadata, annotations: { note: 'x' } } })
  await clock.advance(30_000)
  assert.ok(leader.leads())
  assert.deepEqual(server.stored()?.metadata.annotations, { note: 'x' })
})

test('a Lease that was deleted is written again by its holder, and not taken by another', async () => {
  const { clock, server, leader, standby } = await leaderAndStandby()
  await clock.advance(60_000)
  server.write(undefined)
  await clock.advance(30_000)
  assert.ok(leader.leads())
  assert.ok(!standby.leads())
  assert.equal(specOf(server.stored())?.['holderIdentity'], 'a')
})

test('renewals whose answers are lost for a while cost nothing', async () => {
  const { clock, leader } = await leaderAndStandby()
  leader.suffer('answer-lost')
  await clock.advance(4_000)
  leader.suffer('none')
  await clock.advance(30_000)
  assert.ok(leader.leads())
})

test('who finds itself in the Lease goes on at once: the same pod after a crash', async () => {
  const { clock, server } = await leaderAndStandby()
  const again = candidate('a', server, clock)
  await clock.advance(0)
  assert.ok(again.leads())
  assert.equal(specOf(server.stored())?.['leaseTransitions'], 0)
})

test('of two who come at the same moment one leads', async () => {
  const clock = manualClock()
  const server = leaseServer()
  const both = [candidate('a', server, clock), candidate('b', server, clock)]
  await clock.advance(60_000)
  assert.equal(both.filter(({ leads }) => leads()).length, 1)
})

test('a candidate that is stopped stops waiting and never leads', async () => {
  const { clock, leader, standby } = await leaderAndStandby()
  standby.stop()
  await standby.campaigning
  leader.suffer('unreachable')
  await clock.advance(60_000)
  assert.ok(!standby.leads())
})

/** A small generator of its own, so that a failure can be repeated by its seed. */
const randomFrom = (seed: number) => {
  let state = seed
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
  test(`two replicas never lead at once, however long each is cut off (seed ${seed})`, async () => {
    const random = randomFrom(seed)
    const clock = manualClock()
    const server = leaseServer()
    const all = ['a', 'b', 'c'].map((identity) => candidate(identity, server, clock))
    let led = 0
    for (let step = 0; step < 400; step += 1) {
      const trouble = (['none', 'none', 'unreachable', 'answer-lost'] as const)[random(4)] ?? 'none'
      if (random(5) === 0) all[random(3)]?.suffer(trouble)
      await clock.advance(random(3_000))
      const leaders = all.filter(({ leads }) => leads()).length
      assert.ok(leaders <= 1, `${leaders} lead in step ${step}`)
      led += leaders
      if (all.every(({ hasLost }) => hasLost())) break // each process ends when it has lost
    }
    assert.ok(led > 0, 'a replica led')
  })
}
