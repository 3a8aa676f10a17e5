import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { createKube } from './client.ts'
import type { LivePod } from './live.ts'
import type { Log } from './log.ts'
import type { KubernetesObject } from './objects.ts'
import { createReflector } from './reflector.ts'
import { Pod } from './resources.ts'
import { createStore } from './store.ts'
import { manualClock } from './testing/clock.ts'
import { event, page, refusal, type Step, scriptedServer, watch } from './testing/scripted-server.ts'
import { createTransport } from './transport.ts'

const limit = { timeout: 20_000 }

const pod = (name: string, resourceVersion: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', resourceVersion },
})
const bookmark = (resourceVersion: string) =>
  event('BOOKMARK', { apiVersion: 'v1', kind: 'Pod', metadata: { resourceVersion } })
const expired = event('ERROR', { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' })

/** Runs a reflector against a script, on a clock that stands still. */
const reflecting = async (t: TestContext, steps: readonly Step[]) => {
  const server = await scriptedServer(t, steps)
  const clock = manualClock()
  const logged: string[] = []
  const write = (message: string): void => void logged.push(message)
  const log: Log = { error: write, warn: write, info: write, debug: write }
  const transport = createTransport(server.access)
  const removed: string[] = []
  const store = createStore({
    onChange: (before, after) => {
      if (before && !after) removed.push(before.metadata.name)
    },
  })
  const restarts: string[] = []
  const reflector = createReflector({
    kube: createKube(transport, { fieldManager: 'gantry' }),
    resource: Pod,
    selector: { labelSelector: 'app=x' },
    ...{ store, clock, log },
    onRestart: (how) => void restarts.push(how),
  })
  const stop = new AbortController()
  const running = reflector.run(stop.signal)
  t.after(async () => {
    stop.abort()
    await running
    transport.close()
  })
  const names = () =>
    store
      .all()
      .map(({ metadata }) => metadata.name)
      .sort((a, b) => a.localeCompare(b))
  /** Waits for what another connection is about to bring; a wrong expectation runs into the test's limit. */
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo()) await pause(2)
  }
  /** Lets the wait after a first or second failure pass, but not the time a watch has to begin. */
  const afterFailure = async (count = 1): Promise<void> => {
    await until(() => restarts.length >= count)
    await clock.advance(2_000)
  }
  return {
    server,
    clock,
    store,
    reflector,
    restarts,
    removed,
    logged,
    names,
    until,
    afterFailure,
    stop,
    running,
  }
}

test('lists page by page, then follows from the version of the list', limit, async (t) => {
  const { server, names, until, reflector } = await reflecting(t, [
    page('10', [pod('a', '1')], 'more'),
    page('10', [pod('b', '2')]),
    watch([event('ADDED', pod('c', '11')), event('DELETED', pod('a', '12'))], 'hold'),
  ])
  await until(() => names().join() === 'b,c')
  assert.ok(reflector.isSynced())
  const [first, second, third] = server.requests
  assert.equal(first?.path, '/api/v1/pods')
  assert.equal(first?.query.get('labelSelector'), 'app=x')
  assert.equal(first?.query.get('limit'), '500')
  assert.equal(second?.query.get('continue'), 'more')
  assert.equal(third?.query.get('watch'), 'true')
  assert.equal(third?.query.get('labelSelector'), 'app=x')
  assert.equal(third?.query.get('resourceVersion'), '10')
  assert.equal(third?.query.get('allowWatchBookmarks'), 'true')
  assert.ok(Number(third?.query.get('timeoutSeconds')) >= 265)
})

test('gives listed objects the kind that only watched ones carry', limit, async (t) => {
  const { kind: _, apiVersion: __, ...bare } = pod('a', '1')
  const { store, reflector } = await reflecting(t, [page('10', [bare])])
  await reflector.synced
  const expected: KubernetesObject = pod('a', '1')
  assert.deepEqual(store.get('shop', 'a'), expected)
})

test('lists in one piece when the pages outlived the history', limit, async (t) => {
  const { server, names, reflector } = await reflecting(t, [
    page('10', [pod('a', '1'), pod('gone', '2')], 'more'),
    refusal(410, 'Expired'),
    page('90', [pod('a', '80'), pod('b', '81')]),
  ])
  await reflector.synced
  assert.deepEqual(names(), ['a', 'b'])
  assert.equal(server.requests[2]?.query.get('continue'), null)
  assert.equal(server.requests[2]?.query.get('limit'), null)
})

test('goes on without a pause where a watch ended in order', limit, async (t) => {
  const { server, restarts } = await reflecting(t, [
    page('10', []),
    watch([event('ADDED', pod('a', '15'))], 'end'),
  ])
  const next = await server.request(3)
  assert.equal(next.query.get('resourceVersion'), '15')
  assert.deepEqual(restarts, [])
})

test('a bookmark moves the place to go on from', limit, async (t) => {
  const { server } = await reflecting(t, [page('10', []), watch([bookmark('70')], 'end')])
  assert.equal((await server.request(3)).query.get('resourceVersion'), '70')
})

test('a connection torn in the middle of a line loses nothing', limit, async (t) => {
  const torn = event('ADDED', pod('b', '12'))
  const { server, names, restarts, until, afterFailure } = await reflecting(t, [
    page('10', []),
    watch([event('ADDED', pod('a', '11')), torn.slice(0, 30)], 'reset'),
    watch([torn], 'hold'),
  ])
  await afterFailure()
  assert.equal((await server.request(3)).query.get('resourceVersion'), '11')
  await until(() => names().join() === 'a,b')
  assert.deepEqual(restarts, ['resume'])
})

test('an event that comes in pieces, even within a character, is one event', limit, async (t) => {
  const { store, until } = await reflecting(t, [
    page('10', []),
    (response) => {
      const whole = Buffer.from(event('ADDED', { ...pod('a', '11'), status: { message: '模型' } }))
      const cut = whole.indexOf(Buffer.from('型')) + 1
      response.writeHead(200)
      response.write(whole.subarray(0, cut), () => setTimeout(() => response.write(whole.subarray(cut)), 20))
    },
  ])
  await until(() => (store.get('shop', 'a') as LivePod | undefined)?.status?.message === '模型')
})

test('410 as an answer: lists again and tells of what was deleted meanwhile', limit, async (t) => {
  const { names, removed, restarts, until, afterFailure } = await reflecting(t, [
    page('10', [pod('a', '1'), pod('b', '2')]),
    refusal(410, 'Expired'),
    page('50', [pod('b', '2'), pod('c', '40')]),
  ])
  await afterFailure()
  await until(() => names().join() === 'b,c')
  assert.deepEqual(removed, ['a'])
  assert.deepEqual(restarts, ['relist'])
})

test('410 as an event: the same', limit, async (t) => {
  const { server, names, removed, until, afterFailure } = await reflecting(t, [
    page('10', [pod('a', '1')]),
    watch([event('ADDED', pod('b', '11')), expired], 'hold'),
    page('50', [pod('b', '11')]),
  ])
  await afterFailure()
  await until(() => names().join() === 'b')
  assert.deepEqual(removed, ['a'])
  assert.equal((await server.request(4)).query.get('resourceVersion'), '50')
})

test('another error event is a failure of the watch, not of what is known', limit, async (t) => {
  const { server, names, afterFailure } = await reflecting(t, [
    page('10', [pod('a', '1')]),
    watch([event('ERROR', { kind: 'Status', code: 500, reason: 'InternalError', message: 'etcd' })], 'hold'),
  ])
  await afterFailure()
  assert.equal((await server.request(3)).query.get('resourceVersion'), '10')
  assert.deepEqual(names(), ['a'])
})

test('429 is asked again only after its Retry-After', limit, async (t) => {
  const { server, clock, restarts, until, reflector } = await reflecting(t, [
    refusal(429, 'TooManyRequests', { 'Retry-After': '20' }),
    page('10', []),
  ])
  await until(() => restarts.length === 1)
  await clock.advance(19_999)
  await pause(20)
  assert.equal(server.requests.length, 1)
  await clock.advance(1)
  await reflector.synced
})

test('waits longer from failure to failure, and short again after a success', limit, async (t) => {
  const broken: Step = (response) => response.socket?.destroy()
  const { clock, server, restarts, until } = await reflecting(t, [
    page('10', []),
    ...[broken, broken, broken],
    watch([event('ADDED', pod('a', '11'))], 'reset'),
  ])
  for (const [index, atMostMs] of [1_000, 2_000, 4_000].entries()) {
    await until(() => restarts.length === index + 1)
    await clock.advance(atMostMs / 2 - 1)
    await pause(10)
    assert.equal(server.requests.length, index + 2, `the wait after failure ${index + 1} was too short`)
    await clock.advance(atMostMs / 2 + 1)
    await server.request(index + 3)
  }
  await until(() => restarts.length === 4)
  await clock.advance(1_000)
  await server.request(6)
})

test('a watch that ends at once and tells nothing is not repeated in a hurry', limit, async (t) => {
  const { server, clock, restarts, until } = await reflecting(t, [page('10', []), watch([], 'end')])
  await until(() => restarts.length === 1)
  await pause(20)
  assert.equal(server.requests.length, 2)
  await clock.advance(1_000)
  await server.request(3)
})

test('a watch that outlives its time in silence is dropped and taken up again', limit, async (t) => {
  const { server, clock, reflector, names, restarts, until, afterFailure } = await reflecting(t, [
    page('10', []),
    watch([event('ADDED', pod('a', '11'))], 'hold'),
  ])
  const asked = Number((await server.request(2)).query.get('timeoutSeconds')) * 1000
  await until(() => names().join() === 'a')
  await clock.advance(asked)
  assert.deepEqual(restarts, [])
  assert.equal(reflector.contactAgeMs(), asked)
  await clock.advance(15_000)
  await afterFailure()
  assert.equal((await server.request(3)).query.get('resourceVersion'), '11')
})

test('a watch that does not begin is given up', limit, async (t) => {
  const { server, clock, afterFailure } = await reflecting(t, [page('10', []), () => {}])
  await server.request(2)
  await clock.advance(15_000)
  await afterFailure()
  await server.request(3)
})

test(
  'says what to do when the role forbids it or the kind is unknown, and goes on trying',
  limit,
  async (t) => {
    const { reflector, logged, afterFailure } = await reflecting(t, [
      refusal(403, 'Forbidden'),
      refusal(404, 'NotFound'),
      page('10', []),
    ])
    await afterFailure(1)
    await afterFailure(2)
    await reflector.synced
    assert.match(logged.join('\n'), /cannot list pods \(does the account's role allow it\?\)/)
    assert.match(logged.join('\n'), /cannot list pods \(is the CustomResourceDefinition installed\?\)/)
  },
)

test('stops in the middle of a watch', limit, async (t) => {
  const { server, stop, running } = await reflecting(t, [page('10', []), watch([], 'hold')])
  await server.request(2)
  stop.abort()
  await running
})
