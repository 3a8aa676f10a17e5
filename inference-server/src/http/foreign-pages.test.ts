/** What a foreign web page can make a browser send to a server on the machine of its reader. */
import assert from 'node:assert/strict'
import { networkInterfaces } from 'node:os'
import { after, before, describe, test } from 'node:test'
import { loadConfig } from '../config/config.ts'
import type { ServerConfig } from '../config/server-config.ts'
import { serve } from '../serve/serve.ts'
import { identity, modelFolder } from '../testing/models.ts'
import { call } from '../testing/raw-sockets.ts'
import { memoryLog, type TestServer, testServer } from '../testing/server.ts'

const body = '{"inputs":[{"name":"x","datatype":"FP32","shape":[1,1],"data":[1]}]}'
const infer = '/v2/models/m/infer'

interface Asked {
  readonly path?: string
  readonly method?: 'GET' | 'POST'
  readonly headers: readonly string[]
}

/** Status and error of the answer. */
const ask = async (port: number, { path = infer, method = 'POST', headers }: Asked) => {
  const content = method === 'POST' ? body : ''
  const head = [
    `${method} ${path} HTTP/1.1`,
    ...headers,
    'connection: close',
    `content-length: ${content.length}`,
  ]
  const caller = await call(port, `${head.join('\r\n')}\r\n\r\n${content}`)
  await caller.ended
  const [, status, json = ''] = /^HTTP\/1\.1 (\d+) [\s\S]*?\r\n\r\n([\s\S]*)$/.exec(caller.received()) ?? []
  const { error } = (json.startsWith('{') ? JSON.parse(json) : {}) as { error?: string }
  return { status: Number(status), error }
}

/** A server of model m, with these flags and no other. */
const plainServer = async (...flags: readonly string[]) => {
  const folder = await modelFolder(identity('FP32'))
  const args = ['--model', folder.dir, '--name', 'm', '--port', '0', '--grpc-port', '0', ...flags]
  const { port, stop } = await serve(loadConfig(args) as ServerConfig, memoryLog(), '0.0.0-test')
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      await stop(0)
      await folder[Symbol.asyncDispose]()
    },
  }
}

/** Addresses by which others reach this machine. */
const otherAddresses = (): readonly string[] =>
  Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ address }) => address)

const json = 'content-type: application/json'
const hosts = [
  'localhost:9000',
  '127.0.0.1',
  'LOCALHOST.',
  '[::1]:9000',
  'models.localhost:80',
  '127.8.9.10:1',
]
const foreignHosts = [
  'evil.example',
  'evil.example:9000',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  '0.0.0.0:9000',
  '127.1',
  '[::2]',
  'notlocalhost',
  '',
]
const local = 'host: localhost:9000'
const foreignPages: readonly (readonly string[])[] = [
  [local, json, 'sec-fetch-site: cross-site'],
  [local, json, 'origin: https://evil.example', 'sec-fetch-site: cross-site'],
  [local, json, 'origin: https://evil.example'],
  [local, json, 'origin: http://evil.example:9000'],
  [local, json, 'origin: null'],
  [local, json, 'origin: http://localhost.evil.example'],
  [local, json, 'origin: http://evil.example/localhost'],
  [local, json, 'origin: localhost'],
]
const ownPages: readonly (readonly string[])[] = [
  [local, json, 'sec-fetch-site: same-origin', 'origin: http://localhost:9000'],
  [local, json, 'sec-fetch-site: same-site', 'origin: http://localhost:3000'],
  [local, json, 'sec-fetch-site: cross-site', 'origin: http://127.0.0.1:3000'],
  [local, json, 'sec-fetch-site: none'],
]

describe('a server on loopback', () => {
  let server: TestServer
  let port = 0
  before(async () => {
    server = await testServer(identity('FP32'))
    port = server.serving.port
  })
  after(() => server[Symbol.asyncDispose]())

  test('is what one gets without --host', async () => {
    await using plain = await plainServer()
    assert.equal((await ask(plain.port, { headers: ['host: m', json] })).status, 403)
    for (const address of otherAddresses()) await assert.rejects(fetch(`http://${address}:${plain.port}/v2`))
  })

  test('answers to the names of its machine', async () => {
    for (const host of hosts)
      assert.equal((await ask(port, { headers: [`host: ${host}`, json] })).status, 200, host)
  })

  test('refuses every other name at every address, and says how it is allowed', async () => {
    for (const host of foreignHosts) {
      const { status, error } = await ask(port, { headers: [`host: ${host}`, json] })
      assert.equal(status, 403, host)
      assert.match(error ?? '', /--allowed-hosts/)
    }
    const headers = ['host: evil.example']
    for (const path of ['/v2/health/live', '/metrics', '/v2', '/openapi.json', '/nowhere'])
      assert.equal((await ask(port, { path, method: 'GET', headers })).status, 403, path)
  })

  test('refuses pages of other sites, and says how they are allowed', async () => {
    for (const headers of foreignPages) {
      const { status, error } = await ask(port, { headers })
      assert.equal(status, 403, headers.join(', '))
      assert.match(error ?? '', /web pages of other sites.*--allowed-hosts/)
    }
  })

  test('tells a page without an origin, such as an opened file, what helps', async () => {
    const { error } = await ask(port, { headers: [local, json, 'origin: null'] })
    assert.match(error ?? '', /opened file.*serve it from localhost/)
  })

  test('answers pages of its own machine', async () => {
    for (const headers of ownPages)
      assert.equal((await ask(port, { headers })).status, 200, headers.join(', '))
  })

  test('answers programs, which send none of these headers', async () => {
    assert.equal((await server.post(infer, body)).status, 200)
  })
})

test('--allowed-hosts lets further names and their pages in, and * everything', async () => {
  const page = [
    'host: models.example:8080',
    json,
    'origin: https://app.example',
    'sec-fetch-site: cross-site',
  ]
  for (const [allowed, status] of [
    ['models.example,APP.example', 200],
    ['models.example', 403],
    ['*', 200],
  ] as const) {
    await using server = await testServer(identity('FP32'), ['--allowed-hosts', allowed])
    assert.equal((await ask(server.serving.port, { headers: page })).status, status, allowed)
  }
})

test('a server on all addresses ignores these headers: a gateway in front may have allowed the page', async () => {
  await using server = await plainServer('--host', 'all')
  const { port } = server
  for (const headers of [...foreignPages, ['host: evil.example', json]])
    assert.equal((await ask(port, { headers })).status, 200, headers.join(', '))
})

test('where its names are given, a server on all addresses answers to them and to its addresses only', async () => {
  await using server = await plainServer('--host', 'all', '--allowed-hosts', 'models.example')
  const { port } = server
  for (const host of ['models.example', 'localhost:9000', '10.1.2.3:9000', '[fd00::1]:9000'])
    assert.equal((await ask(port, { headers: [`host: ${host}`, json] })).status, 200, host)
  for (const headers of [
    ['host: evil.example', json],
    ['host: 10.1.2.3', json, 'origin: http://10.6.6.6'],
    ['host: models.example', json, 'sec-fetch-site: cross-site'],
  ])
    assert.equal((await ask(port, { headers })).status, 403, headers.join(', '))
})

test('but no page gets a body in that it may send without being asked', async () => {
  await using server = await plainServer('--host', 'all')
  const { port } = server
  const paths = [infer, '/v2/repository/index', '/v2/repository/models/m/unload']
  for (const path of paths)
    for (const type of [
      'application/x-www-form-urlencoded',
      'text/plain',
      'multipart/form-data; boundary=a',
      '',
    ]) {
      const headers = [
        'host: a.example',
        'origin: https://evil.example',
        ...(type ? [`content-type: ${type}`] : []),
      ]
      const { status, error } = await ask(port, { path, headers })
      assert.equal(status, 415, `${path} ${type}`)
      assert.match(error ?? '', /send application\/json/)
    }
})

describe('a body that is not said to be JSON', () => {
  let server: TestServer
  before(async () => {
    server = await testServer(identity('FP32'))
  })
  after(() => server[Symbol.asyncDispose]())

  test('is refused as a form, with what curl has to be told', async () => {
    const { status, error } = await ask(server.serving.port, {
      headers: [local, 'content-type: application/x-www-form-urlencoded'],
    })
    assert.equal(status, 415)
    assert.match(error ?? '', /belongs to forms; send application\/json \(curl: --json, or -H/)
  })

  test('is taken without a type, with one that ends in +json, or as binary tensors', async () => {
    for (const headers of [
      [local],
      [local, 'content-type: application/json; charset=utf-8'],
      [local, 'content-type: application/cloudevents+json'],
      [local, 'content-type: application/octet-stream'],
      [local, 'content-type: application/vnd.sagemaker-triton.binary+json;json-header-size=1'],
    ])
      assert.equal((await ask(server.serving.port, { headers })).status, 200, headers.join(', '))
  })
})
