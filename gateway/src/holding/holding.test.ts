/** Requests for a model that sleeps, through a gateway whose list of endpoints changes as the cluster's would. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { after, test } from 'node:test'
import type { Demand } from '@gantry/contract/gateway.ts'
import type { Model } from '../models/model.ts'
import {
  inferBody,
  inferenceServer,
  inferPath,
  support,
  type TestGateway,
  testGateway,
  upstream,
} from '../testing/gateway.ts'

const timeout = 20_000
const mayBeWoken = { sleep: { mayBeWoken: true } }
const asleep = (more: Partial<Model> = {}): Model => support([], { ...mayBeWoken, ...more })

const server = await inferenceServer()
after(() => server[Symbol.asyncDispose]())

const demandOf = async ({ probes }: TestGateway): Promise<Demand> =>
  (await (await fetch(`${probes}/demand?only=activity`)).json()) as Demand

const activityOf = async (gateway: TestGateway) => (await demandOf(gateway)).activity?.[0]

/** Settles once so many requests wait. */
const untilWaiting = async (gateway: TestGateway, count: number): Promise<void> => {
  while ((await activityOf(gateway))?.waiting !== count) await new Promise(setImmediate)
}

const errorOf = async (response: Response): Promise<string> =>
  ((await response.json()) as { error: string }).error

test('requests wait while the model wakes, and all are answered', { timeout }, async () => {
  await using gateway = await testGateway([asleep()])
  const answers = Array.from({ length: 20 }, () => gateway.post(inferPath, inferBody))
  await untilWaiting(gateway, 20)
  gateway.gateway.directory.apply([support([server.url], mayBeWoken)])
  for (const answer of await Promise.all(answers)) {
    assert.equal(answer.status, 200)
    assert.equal(((await answer.json()) as { model_name: string }).model_name, 'support')
  }
  const activity = await activityOf(gateway)
  assert.deepEqual(
    { ...activity, idleSeconds: 0 },
    {
      ...{ model: 'shop/support', requests: 20, inFlight: 0, waiting: 0, idleSeconds: 0 },
    },
  )
  const metrics = await (await fetch(`${gateway.probes}/metrics`)).text()
  assert.match(metrics, /gantry_wake_seconds_count\{namespace="shop",model="support"\} 1/)
  assert.match(metrics, /gantry_gateway_held_requests\{namespace="shop",model="support"\} 0/)
})

test('they go to the endpoint in order of arrival, and not all at once', { timeout }, async () => {
  let underWay = 0
  let most = 0
  const sixteen = Promise.withResolvers<void>()
  const order: number[] = []
  await using slow = await upstream((request, response) => {
    underWay += 1
    most = Math.max(most, underWay)
    order.push(Number(request.headers['x-number']))
    request.resume()
    // A request on a connection that is free again would overtake one whose connection is still being made.
    if (order.length >= 16) sixteen.resolve()
    void sixteen.promise.then(() => {
      underWay -= 1
      response.end('{}')
    })
  })
  await using gateway = await testGateway([asleep()])
  const answers: Promise<Response>[] = []
  for (let number = 0; number < 50; number++) {
    answers.push(gateway.post(inferPath, inferBody, { 'x-number': `${number}` }))
    await untilWaiting(gateway, number + 1)
  }
  gateway.gateway.directory.apply([support([slow.url], mayBeWoken)])
  for (const answer of await Promise.all(answers)) assert.equal(answer.status, 200)
  assert.deepEqual(
    order.slice(0, 16).toSorted((one, other) => one - other),
    Array.from({ length: 16 }, (_, at) => at),
  )
  assert.equal(most, 16)
})

test('a request whose caller has left reaches no endpoint', { timeout }, async () => {
  await using one = await upstream((_, response) => void response.end('{}'))
  await using gateway = await testGateway([asleep()])
  const leaving = new AbortController()
  const left = fetch(gateway.url + inferPath, { method: 'POST', body: '{}', signal: leaving.signal })
  const stays = gateway.post(inferPath, inferBody)
  await untilWaiting(gateway, 2)
  leaving.abort()
  await assert.rejects(left)
  await untilWaiting(gateway, 1)
  gateway.gateway.directory.apply([support([one.url], mayBeWoken)])
  assert.equal((await stays).status, 200)
  assert.equal(one.requests.length, 1)
})

test('one model holds half of what may wait and is then 429, and all together are 503', {
  timeout,
}, async () => {
  const other: Model = { ...asleep(), name: 'other' }
  const third: Model = { ...asleep(), name: 'third' }
  const holding = { requests: 4, bytes: 2 ** 20, ms: 20_000 }
  const gateway = await testGateway([asleep(), other, third], { holding })
  const held = ['support', 'support', 'other', 'other'].map((name) =>
    gateway.post(`/shop/${name}/predict`, {}),
  )
  const waiting = async () => (await demandOf(gateway)).activity?.map((one) => one.waiting)
  while (`${await waiting()}` !== '2,2,0') await new Promise(setImmediate)
  const beyond = await gateway.post('/shop/support/predict', {})
  assert.equal(beyond.status, 429)
  assert.equal(beyond.headers.get('retry-after'), '5')
  assert.match(await errorOf(beyond), /too many requests wait for shop\/support to wake/)
  const full = await gateway.post('/shop/third/predict', {})
  assert.equal(full.status, 503)
  assert.ok(full.headers.get('retry-after'))
  // A gateway that ends tells those who wait to come again, once the slowest request would be over.
  gateway.gateway.directory.apply([asleep(), other, third].map((model) => ({ ...model, timeoutMs: 10 })))
  await gateway[Symbol.asyncDispose]()
  for (const answer of await Promise.all(held)) {
    assert.equal(answer.status, 503)
    assert.equal(answer.headers.get('retry-after'), '1')
  }
})

test('bytes of bodies that wait are bounded', { timeout }, async () => {
  await using gateway = await testGateway([asleep()], { holding: { requests: 100, bytes: 1000, ms: 20_000 } })
  const held = gateway.post('/shop/support/predict', { text: 'a'.repeat(400) })
  await untilWaiting(gateway, 1)
  assert.equal((await gateway.post('/shop/support/predict', { text: 'a'.repeat(400) })).status, 429)
  gateway.gateway.directory.apply([support([server.url], mayBeWoken)])
  assert.equal((await held).status, 404)
})

test('a model that does not wake in time is 503 with the reason', { timeout }, async () => {
  const model = asleep({ unready: 'no node has 4 GPUs' })
  await using gateway = await testGateway([model], { holding: { requests: 9, bytes: 2 ** 20, ms: 50 } })
  const answer = await gateway.post(inferPath, inferBody)
  assert.equal(answer.status, 503)
  assert.ok(Number(answer.headers.get('retry-after')) > 0)
  assert.match(await errorOf(answer), /has not woken within 0.05 s: no node has 4 GPUs; try again later/)
  assert.equal((await activityOf(gateway))?.waiting, 0)
})

test('only inferences wait: reads and probes are 503 at once, and do not count', { timeout }, async () => {
  await using gateway = await testGateway([asleep()])
  for (const path of ['/v2/models/support', '/v2/health/ready', '/v2/health/live', '/metrics']) {
    const answer = await fetch(`${gateway.url}/shop/support${path}`)
    assert.equal(answer.status, 503)
    assert.match(await errorOf(answer), /only an inference wakes it/)
  }
  assert.equal((await activityOf(gateway))?.requests, 0)
})

test('a model that cannot be woken holds nothing', { timeout }, async () => {
  const model = asleep({ sleep: { mayBeWoken: false }, unready: 'spec.suspend is true' })
  await using gateway = await testGateway([model])
  const answer = await gateway.post(inferPath, inferBody)
  assert.equal(answer.status, 503)
  assert.match(await errorOf(answer), /spec\.suspend is true/)
})

test('a caller that only the servers could check does not wake a model', { timeout }, async () => {
  await using gateway = await testGateway(
    [asleep({ asksForKeys: true })],
    {},
    { addresses: { namespacesOf: () => new Set(), isClient: () => false, awaited: () => undefined } },
  )
  const refused = await gateway.post(inferPath, inferBody)
  assert.equal(refused.status, 403)
  assert.match(await errorOf(refused), /only callers that the gateway knows wake it/)
  const untouched = { model: 'shop/support', requests: 0, inFlight: 0, waiting: 0 }
  assert.deepEqual(await activityOf(gateway), untouched)
  gateway.gateway.directory.apply([support([server.url], { ...mayBeWoken, asksForKeys: true })])
  assert.equal((await gateway.post(inferPath, inferBody)).status, 200)
  while ((await activityOf(gateway))?.inFlight !== 0) await new Promise(setImmediate)
  assert.deepEqual(await activityOf(gateway), untouched)
})

test('a caller that becomes known while it waits wakes the model', { timeout }, async () => {
  let namespaces: ReadonlySet<string> = new Set()
  const addresses = {
    namespacesOf: () => namespaces,
    isClient: () => false,
    awaited: async () => {
      namespaces = new Set(['shop'])
    },
  }
  await using gateway = await testGateway([asleep({ asksForKeys: true })], {}, { addresses })
  const answer = gateway.post(inferPath, inferBody)
  await untilWaiting(gateway, 1)
  gateway.gateway.directory.apply([support([server.url], mayBeWoken)])
  assert.equal((await answer).status, 200)
})

test('a model that is deleted while requests wait is 503', { timeout }, async () => {
  await using gateway = await testGateway([asleep()])
  const answer = gateway.post(inferPath, inferBody)
  await untilWaiting(gateway, 1)
  gateway.gateway.directory.apply([])
  assert.equal((await answer).status, 503)
})

test('a batch and a body that is streamed wait, too', { timeout }, async () => {
  await using echo = await upstream(async (request, response) => {
    let bytes = 0
    for await (const chunk of request) bytes += (chunk as Buffer).length
    response.setHeader('content-type', 'application/json').end(`{"bytes":${bytes}}`)
  })
  await using gateway = await testGateway([asleep()])
  const batch = gateway.post('/shop/support/batch', { path: '/predict', payloads: [{ text: 'a' }, {}] })
  const large = gateway.post('/shop/support/predict', { text: 'a'.repeat(200_000) })
  await untilWaiting(gateway, 3)
  gateway.gateway.directory.apply([support([echo.url], mayBeWoken)])
  const { results } = (await (await batch).json()) as { results: unknown[] }
  assert.deepEqual(results, [
    { status: 200, body: { bytes: 12 } },
    { status: 200, body: { bytes: 2 } },
  ])
  assert.deepEqual(await (await large).json(), { bytes: 200_011 })
})

test('an event stream that has begun keeps the model awake until it ends', { timeout }, async () => {
  let finish = (): void => {}
  await using stream = await upstream((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n')
    finish = () => void response.end('data: 2\n\n')
  })
  await using gateway = await testGateway([asleep()])
  const asked = httpRequest(`${gateway.url}/shop/support/v1/chat/completions`, { method: 'POST' }).end('{}')
  await untilWaiting(gateway, 1)
  gateway.gateway.directory.apply([support([stream.url], mayBeWoken)])
  const [answer] = (await once(asked, 'response')) as [import('node:http').IncomingMessage]
  assert.equal((await activityOf(gateway))?.inFlight, 1)
  finish()
  const text = (await answer.toArray()).join('')
  assert.equal(text, 'data: 1\n\ndata: 2\n\n')
  while ((await activityOf(gateway))?.inFlight !== 0) await new Promise(setImmediate)
})
