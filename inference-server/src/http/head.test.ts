/** Every path that answers GET answers HEAD: the same status and headers, and no body. */
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { shifted } from '../testing/models.ts'
import { type TestServer, testServer } from '../testing/server.ts'

const open = [
  '/v2',
  '/v2/health/live',
  '/v2/health/ready',
  '/v2/health/ready/',
  '/v2/models',
  '/v2/models/m',
  '/v2/models/m/ready',
  '/v2/models/m/versions/1',
  '/v2/models/m/versions/1/ready',
  '/metrics',
  '/stats',
  '/openapi.json',
] as const
const guarded = ['/v1/models', '/v1/models/m'] as const
const wrong = [
  ['/v2/models/nope', 404],
  ['/v2/models/m/versions/9/ready', 404],
  ['/v1/models/nope', 404],
  ['/nowhere', 404],
  ['/v2/models/m/infer', 405],
  ['/predict', 405],
  ['/v1/completions', 405],
  ['/v2/repository/index', 405],
] as const

/** Counters move between two answers. */
const changing = ['/metrics', '/stats']

describe('HEAD', () => {
  let server: TestServer
  let keys: string
  before(async () => {
    keys = await mkdtemp(join(tmpdir(), 'gantry-keys-'))
    await writeFile(join(keys, 'shop'), 'shop-0123456789abcdef')
    server = await testServer(shifted(1), ['--api-keys', keys])
  })
  after(async () => {
    await server[Symbol.asyncDispose]()
    await rm(keys, { recursive: true })
  })
  const key = { authorization: 'Bearer shop-0123456789abcdef' }
  const ask = async (method: string, path: string, headers = {}) => {
    const response = await fetch(server.url + path, { method, headers })
    return { status: response.status, headers: response.headers, body: await response.text() }
  }

  test('is answered as GET is, without the body', async () => {
    for (const path of [...open, ...guarded]) {
      const [get, head] = [await ask('GET', path, key), await ask('HEAD', path, key)]
      assert.deepEqual([head.status, head.body], [200, ''], path)
      assert.equal(head.headers.get('content-type'), get.headers.get('content-type'), path)
      if (changing.includes(path)) continue
      assert.equal(head.headers.get('content-length'), String(Buffer.byteLength(get.body)), path)
    }
  })

  test('needs a key where GET needs one, and no other', async () => {
    for (const path of open) assert.equal((await ask('HEAD', path)).status, 200, path)
    for (const path of guarded) assert.equal((await ask('HEAD', path)).status, 401, path)
  })

  test('fails as GET does', async () => {
    for (const [path, status] of wrong) {
      assert.deepEqual(
        [(await ask('GET', path, key)).status, (await ask('HEAD', path, key)).status],
        [status, status],
      )
    }
  })

  test('is named where another method is refused', async () => {
    for (const path of ['/v2/health/live', '/metrics', '/v1/models', '/stats', '/v2/models/m']) {
      const { status, headers } = await ask('DELETE', path, key)
      assert.deepEqual([status, headers.get('allow')], [405, 'GET, HEAD'], path)
    }
  })
})
