/** Keys of the gateway and limits of clients, over HTTP and gRPC. Tokens need an API server: cluster/tokens.integration.test.ts. */
import assert from 'node:assert/strict'
import { rename } from 'node:fs/promises'
import { test } from 'node:test'
import { manualClock } from '@gantry/kube/testing/clock.ts'
import { mountedSecret } from '../../../inference-server/src/testing/secrets.ts'
import { Failure, StartError } from '../failure.ts'
import { support, type TestGateway, testGateway, upstream } from '../testing/gateway.ts'
import { createApiKeys } from './api-keys.ts'
import { takeCredential } from './credential.ts'
import { createRateLimit } from './rate-limit.ts'
import { createLine, createReviews } from './reviews.ts'

const web = 'web-0123456789abcdef'
const path = '/shop/support/predict'
const timeout = 30_000

const echo = () => upstream((request, response) => request.resume().on('end', () => response.end('{}')))

const quiet = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} }

const get = (gateway: TestGateway, headers: Readonly<Record<string, string>> = {}, at = path) =>
  fetch(gateway.url + at, { headers })

test('with keys each caller needs one, which no server sees; other keys reach the server', {
  timeout,
}, async () => {
  await using folder = await mountedSecret({ web })
  await using server = await echo()
  await using gateway = await testGateway([support([server.url])], { apiKeys: folder.dir })
  for (const at of [path, '/v1/models', '/shop/none/predict']) {
    const refused = await get(gateway, { authorization: 'Bearer another-0123456789' }, at)
    assert.equal(refused.status, 401, at)
    assert.equal(refused.headers.get('www-authenticate'), 'Bearer')
    assert.match(
      await refused.text(),
      /a key: send a credential of the gateway as .*Authorization: Bearer CREDENTIAL/,
    )
  }
  for (const headers of [{ authorization: `Bearer ${web}` }, { 'x-api-key': web }] as const)
    assert.equal((await get(gateway, headers)).status, 200)
  const both = { 'x-gantry-authorization': `Bearer ${web}`, authorization: 'Bearer key-of-the-model' }
  assert.equal((await get(gateway, both)).status, 200)
  const seen = server.requests.map(({ headers }) => [headers.authorization, headers['x-api-key']])
  assert.deepEqual(seen, [
    [undefined, undefined],
    [undefined, undefined],
    ['Bearer key-of-the-model', undefined],
  ])
  assert.ok(server.requests.every(({ headers }) => headers['x-gantry-authorization'] === undefined))
  const unknown = await get(gateway, { 'x-gantry-authorization': 'Bearer another-0123456789' })
  assert.equal(unknown.status, 401)
  assert.match(await unknown.text(), /X-Gantry-Authorization must be .*"field":"X-Gantry-Authorization"/)
})

test('a key where a model has keys of its own is told where it belongs', { timeout }, async () => {
  await using folder = await mountedSecret({ web })
  await using server = await echo()
  await using gateway = await testGateway([support([server.url], { asksForKeys: true })], {
    apiKeys: folder.dir,
  })
  const clash = await get(gateway, { authorization: `Bearer ${web}` })
  assert.equal(clash.status, 401)
  assert.match(
    await clash.text(),
    /Authorization holds a credential of the gateway.*send that one there.*X-Gantry-Authorization/,
  )
  assert.equal((await get(gateway, { authorization: `Bearer ${web}`, 'x-api-key': 'its own' })).status, 200)
})

test('a key of the gateway that stands in further headers reaches no server either', () => {
  const keys = { clientOf: (key: string) => (key.startsWith('web') ? 'web' : undefined) }
  const rules = { keys, audience: 'gantry' }
  const own = { 'x-gantry-authorization': 'Bearer web-1' }
  const twice = { ...own, authorization: 'Bearer web-1', 'x-api-key': 'web-2', cookie: 'a' }
  assert.equal(takeCredential(twice, rules).kind, 'key')
  assert.deepEqual(twice, { cookie: 'a' })
  const others = { ...own, authorization: 'Bearer key-of-the-model' }
  takeCredential(others, rules)
  assert.deepEqual(others, { authorization: 'Bearer key-of-the-model' })
  for (const value of ['key-of-the-model, web-1', 'web-1, key-of-the-model', 'a, '.repeat(5000)])
    assert.throws(
      () => takeCredential({ 'x-api-key': value }, rules),
      (error) => error instanceof Failure && error.status === 400 && error.field === 'X-API-Key',
      value,
    )
  assert.equal(takeCredential({ 'x-api-key': 'one, of the model' }, rules).kind, 'none')
})

test('two credentials of the gateway in one request are refused by name', () => {
  const keys = { clientOf: (key: string) => (key.startsWith('web') ? 'web' : undefined) }
  const rules = { keys, audience: undefined }
  assert.throws(
    () => takeCredential({ authorization: `Bearer ${web}`, 'x-api-key': 'web-2' }, rules),
    (error) =>
      error instanceof Failure && error.status === 400 && /Authorization and X-API-Key/.test(error.message),
  )
})

test('only a token that names the audience is the gateway’s', () => {
  const token = (payload: object | string): string =>
    `e30.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.sig`
  const kindOf = (value: string): string =>
    takeCredential({ authorization: `Bearer ${value}` }, { keys: undefined, audience: 'gantry-gateway' }).kind
  assert.equal(kindOf(token({ aud: ['other', 'gantry-gateway'] })), 'token')
  assert.equal(kindOf(token({ aud: 'gantry-gateway' })), 'token')
  const foreign = [
    token({ aud: ['other'] }),
    token({}),
    token('gantry-gateway'),
    'a.b.c',
    'sk-123',
    `${'x'.repeat(9000)}.e30.s`,
  ]
  assert.deepEqual(
    foreign.map(kindOf),
    foreign.map(() => 'none'),
  )
})

test('keys of the gateway are exchanged without a restart, and a folder that cannot be read ends none', async () => {
  await using folder = await mountedSecret({ web })
  const clock = manualClock()
  const keys = createApiKeys({ dir: folder.dir, clock, log: quiet })
  await folder.put({ batch: 'batch-0123456789abcdef', short: 'short' })
  await clock.advance(5000)
  assert.equal(keys.clientOf(web), undefined)
  assert.equal(keys.clientOf('short'), undefined)
  assert.equal(keys.clientOf('batch-0123456789abcdef'), 'batch')
  await rename(folder.dir, `${folder.dir}-away`)
  await clock.advance(5000)
  assert.equal(keys.clientOf('batch-0123456789abcdef'), 'batch')
  await rename(`${folder.dir}-away`, folder.dir)
  keys.close()
})

test('keys stay while the files of their folder lead nowhere, as while a Secret is exchanged', async () => {
  const batch = 'batch-0123456789abcdef'
  await using folder = await mountedSecret({ web, batch })
  const clock = manualClock()
  const keys = createApiKeys({ dir: folder.dir, clock, log: quiet })
  await rename(`${folder.dir}/..data`, `${folder.dir}/..away`)
  await clock.advance(5000)
  assert.deepEqual([web, batch].map(keys.clientOf), ['web', 'batch'])
  keys.close()
})

for (const [what, entries, said] of [
  ['no key', {}, /has no file/],
  ['a short key', { web: 'secret' }, /API key "web" is shorter than 16 characters/],
  ['a key that no header carries', { web: 'two words that are long' }, /holds a space/],
] as const)
  test(`a gateway does not start with ${what}`, async () => {
    await using folder = await mountedSecret(entries)
    assert.throws(
      () => createApiKeys({ dir: folder.dir, clock: manualClock(), log: quiet }),
      (error) => error instanceof StartError && said.test(error.message),
    )
  })

test('a client beyond its rate is 429 with Retry-After, others are not, and it is counted', {
  timeout,
}, async () => {
  await using folder = await mountedSecret({ web, batch: 'batch-0123456789abcdef' })
  await using server = await echo()
  await using gateway = await testGateway([support([server.url])], {
    ...{ apiKeys: folder.dir, rateLimit: { requestsPerSecond: 0.01, burst: 2 } },
  })
  const as = (key: string) => get(gateway, { authorization: `Bearer ${key}` })
  const statuses = [(await as(web)).status, (await as(web)).status]
  const refused = await as(web)
  assert.deepEqual([...statuses, refused.status], [200, 200, 429])
  assert.equal(refused.headers.get('retry-after'), '100')
  assert.equal((await as('batch-0123456789abcdef')).status, 200)
  const metrics = await (await fetch(`${gateway.probes}/metrics`)).text()
  assert.match(metrics, /gantry_gateway_refused_requests_total\{kind="too-many-requests"\} 1\n/)
})

test('a batch goes through whole, and its client waits for it afterwards', () => {
  let nowMs = 0
  const limit = createRateLimit({ requestsPerSecond: 1, burst: 2 }, () => nowMs)
  limit.take('web')
  limit.owe('web', 9)
  nowMs = 8000
  assert.throws(() => limit.take('web'), /more than 1 requests a second/)
  nowMs = 9000
  limit.take('web')
  // A body that comes slowly fills no bucket beyond its brim.
  nowMs = 100_000
  limit.take('slow')
  nowMs = 160_000
  limit.owe('slow', 30)
  nowMs = 161_000
  assert.throws(() => limit.take('slow'), /more than 1 requests a second/)
})

test('clients that no room is left for share one bucket, and full buckets make room', () => {
  let nowMs = 0
  const limit = createRateLimit({ requestsPerSecond: 1, burst: 1 }, () => nowMs)
  for (let client = 0; client < 10_000; client++) limit.take(`client ${client}`)
  limit.take('one more')
  assert.throws(() => limit.take('another one'), Failure)
  nowMs = 2000
  limit.take('another one')
  limit.take('one more')
})

test('while the API server does not answer nobody is let in, and it is asked again later and later', async () => {
  const clock = manualClock()
  const failed: unknown[] = []
  const line = createLine(
    clock,
    (error) => failed.push(error),
    () => 1,
  )
  const reviews = createReviews<string>({ clock, line, keepMs: () => 1000, most: 2 })
  let asked = 0
  const down = () => {
    asked += 1
    return Promise.reject(new Error('no route'))
  }
  const isUnavailable = (error: unknown): boolean =>
    error instanceof Failure && error.status === 503 && error.retryAfterSeconds !== undefined
  await assert.rejects(reviews.ask('a', down, '10.0.0.1'), isUnavailable)
  await assert.rejects(reviews.ask('a', down, '10.0.0.1'), isUnavailable)
  assert.deepEqual([asked, failed.length, reviews.known('a')], [1, 1, undefined])
  await clock.advance(500)
  await assert.rejects(reviews.ask('a', down, '10.0.0.1'), isUnavailable)
  await clock.advance(999)
  await assert.rejects(
    reviews.ask('a', () => Promise.resolve('early'), '10.0.0.1'),
    isUnavailable,
  )
  await clock.advance(1)
  await Promise.all(['a', 'b', 'c'].map((key) => reviews.ask(key, () => Promise.resolve(key), '10.0.0.1')))
  assert.deepEqual(['a', 'b', 'c'].map(reviews.known), [undefined, 'b', 'c'])
  await clock.advance(1000)
  assert.equal(reviews.known('c'), undefined)
})
