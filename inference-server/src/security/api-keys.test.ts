import assert from 'node:assert/strict'
import { mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { Failure, StartError } from '../failures/errors.ts'
import type { Log } from '../process/log.ts'
import { manualClock } from '../testing/clock.ts'
import { identity } from '../testing/models.ts'
import { mountedSecret as secret } from '../testing/secrets.ts'
import { testServer } from '../testing/server.ts'
import { createApiKeys, isOpen } from './api-keys.ts'

const shop = 'shop-0123456789abcdef'
const batch = 'batch-0123456789abcdef'

const memoryLog = () => {
  const lines: string[] = []
  const at = (message: string, fields: unknown = {}): void =>
    void lines.push(message + JSON.stringify(fields))
  return { lines, log: { error: at, warn: at, info: at, debug: at, flush: async () => {} } satisfies Log }
}

const refused = (admit: () => unknown): Failure => {
  try {
    admit()
  } catch (error) {
    assert.ok(error instanceof Failure)
    assert.equal(error.kind, 'unauthenticated')
    assert.equal(error.status, 401)
    return error
  }
  return assert.fail('was admitted')
}

test('each of several keys is known by its name, in either header', async () => {
  await using folder = await secret({ shop: `${shop}\n`, batch })
  const keys = createApiKeys({ dir: folder.dir, clock: manualClock(), log: memoryLog().log })
  assert.equal(keys.admit(`Bearer ${shop}`, undefined), 'shop')
  assert.equal(keys.admit(`bearer ${batch}`, undefined), 'batch')
  assert.equal(keys.admit(undefined, batch), 'batch')
  assert.equal(keys.admit('Basic dTpw', shop), 'shop')
})

test('no key, and a wrong one, are told what to do; no key is ever repeated', async () => {
  await using folder = await secret({ shop })
  const keys = createApiKeys({ dir: folder.dir, clock: manualClock(), log: memoryLog().log })
  assert.match(refused(() => keys.admit(undefined, undefined)).message, /Authorization: Bearer KEY/)
  assert.match(refused(() => keys.admit('Bearer', '')).message, /Authorization: Bearer KEY/)
  const wrong = refused(() => keys.admit(`Bearer ${shop}x`, undefined))
  assert.match(wrong.message, /not known/)
  assert.doesNotMatch(wrong.message, new RegExp(shop))
})

test('keys are exchanged without a restart', async () => {
  await using folder = await secret({ shop })
  const clock = manualClock()
  const { log, lines } = memoryLog()
  const keys = createApiKeys({ dir: folder.dir, clock, log })
  await folder.put({ shop: 'another-0123456789abcdef' })
  clock.advance(5000)
  refused(() => keys.admit(`Bearer ${shop}`, undefined))
  assert.equal(keys.admit('Bearer another-0123456789abcdef', undefined), 'shop')
  assert.equal(lines.length, 1, lines.join('\n'))
  assert.doesNotMatch(lines.join(), /0123456789abcdef/)
})

test('a key ends with its file, the last one too', async () => {
  await using folder = await secret({ shop, batch })
  const clock = manualClock()
  const keys = createApiKeys({ dir: folder.dir, clock, log: memoryLog().log })
  await folder.put({ batch })
  clock.advance(5000)
  refused(() => keys.admit(`Bearer ${shop}`, undefined))
  assert.equal(keys.admit(`Bearer ${batch}`, undefined), 'batch')
  await folder.put({})
  clock.advance(5000)
  refused(() => keys.admit(`Bearer ${batch}`, undefined))
  await folder.put({ shop })
  clock.advance(5000)
  assert.equal(keys.admit(`Bearer ${shop}`, undefined), 'shop')
})

test('a file that holds no usable key admits no caller, changes no other key, and is logged once', async () => {
  await using folder = await secret({ shop })
  const clock = manualClock()
  const { log, lines } = memoryLog()
  const keys = createApiKeys({ dir: folder.dir, clock, log })
  await folder.put({ batch, worst: 'short' })
  await mkdir(join(folder.dir, 'nested'))
  clock.advance(20_000)
  refused(() => keys.admit(`Bearer ${shop}`, undefined))
  refused(() => keys.admit('Bearer short', undefined))
  assert.equal(keys.admit(`Bearer ${batch}`, undefined), 'batch')
  assert.equal(lines.length, 2, lines.join('\n'))
  assert.match(lines[1] ?? '', /does not admit callers.*nested is a folder.*"worst\\" is shorter than 16/)
})

test('a folder that cannot be read says nothing of any key: those before count on', async () => {
  await using folder = await secret({ shop })
  const clock = manualClock()
  const { log, lines } = memoryLog()
  const keys = createApiKeys({ dir: folder.dir, clock, log })
  await rename(folder.dir, `${folder.dir}-away`)
  clock.advance(10_000)
  assert.equal(keys.admit(`Bearer ${shop}`, undefined), 'shop')
  assert.match(lines.join('\n'), /^the API keys before are kept.*does not exist.*$/)
  await rename(`${folder.dir}-away`, folder.dir)
  await rename(join(folder.dir, '..data'), join(folder.dir, '..away'))
  clock.advance(5000)
  assert.equal(keys.admit(`Bearer ${shop}`, undefined), 'shop')
  assert.match(lines.at(-1) ?? '', /^the API keys before are kept.*lead nowhere/)
  await folder.put({ batch })
  clock.advance(5000)
  refused(() => keys.admit(`Bearer ${shop}`, undefined))
})

describe('a server does not start with keys that could not protect it', () => {
  for (const [what, entries, sentence] of [
    ['none', {}, /has no file/],
    ['a short one', { shop: 'secret' }, /API key "shop" is shorter than 16 characters.*openssl rand/],
    ['an empty one', { shop: '' }, /shorter than 16/],
    ['one that no header carries', { shop: 'two words that are long' }, /holds a space/],
  ] as const) {
    test(what, async () => {
      await using folder = await secret(entries)
      assert.throws(
        () => createApiKeys({ dir: folder.dir, clock: manualClock(), log: memoryLog().log }),
        (error) => error instanceof StartError && sentence.test(error.message),
      )
    })
  }
})

test('probes, metrics and descriptions are open, everything else is not', () => {
  for (const path of ['/v2/health/live', '/v2/health/ready', '/metrics', '/stats', '/v2', '/v2/models'])
    assert.ok(isOpen('GET', path), path)
  for (const path of ['/v2/models/m', '/v2/models/m/ready', '/v2/models/m/versions/1'])
    assert.ok(isOpen('GET', path), path)
  for (const path of ['/', '/predict', '/v1/models', '/v2/models/m/infer', '/v2/models/m/versions/1/infer'])
    assert.equal(isOpen('GET', path), false, path)
  assert.equal(isOpen('POST', '/v2/models/m'), false)
})

test('a server with keys asks every inference request for one', async () => {
  await using folder = await secret({ shop })
  await using server = await testServer(identity('FP32'), ['--api-keys', folder.dir])
  const body = { inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 1], data: [1] }] }
  const paths = [
    '/v2/models/m/infer',
    '/predict',
    '/chat',
    '/v1/completions',
    '/v2/repository/index',
    '/nowhere',
  ]
  for (const path of paths) {
    const refusal = await server.post(path, body)
    assert.equal(refusal.status, 401, path)
    assert.equal(refusal.headers.get('www-authenticate'), 'Bearer')
    assert.match(await refusal.text(), /Authorization: Bearer KEY/)
  }
  const answer = await server.post('/v2/models/m/infer', body, { authorization: `Bearer ${shop}` })
  assert.equal(answer.status, 200, await answer.text())
  assert.equal((await server.post('/v2/models/m/infer', body, { 'x-api-key': shop })).status, 200)
  for (const path of ['/v2/health/live', '/v2/health/ready', '/metrics', '/v2/models/m', '/stats'])
    assert.equal((await server.get(path)).status, 200, path)
})
