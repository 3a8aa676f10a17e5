import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { served } from './served.ts'

const never = new AbortController().signal

/** Asks a server that answers like `listener`. */
const ask = async (listener: RequestListener, signal = never) => {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  try {
    return await served({ ip: '127.0.0.1', secure: false }, 'intents', signal, port)
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}
const gantry = { version: 'v_20261123_100001', device: { requested: 'auto', active: 'cpu' } }

test('reads what a server says of itself in its model metadata', async () => {
  const answer = await ask(({ url }, response) => {
    response.statusCode = url === '/v2/models/intents' ? 200 : 404
    response.end(JSON.stringify({ name: 'intents', gantry }))
  })
  assert.deepEqual(answer, gantry)
})

test('an error, another server, or nonsense is no answer', async () => {
  const bodies = ['{"gantry":{}}', '{}', '<html>', JSON.stringify({ gantry: { ...gantry, device: {} } })]
  for (const body of bodies) assert.equal(await ask((_, response) => response.end(body)), undefined, body)
  const refusing: RequestListener = (_, response) => {
    response.statusCode = 503
    response.end(JSON.stringify({ gantry }))
  }
  assert.equal(await ask(refusing), undefined)
})

test('nobody there is no answer', async () => {
  assert.equal(await served({ ip: '127.0.0.1', secure: false }, 'intents', never, 1), undefined)
})

test('stops to wait when it is told to', async () => {
  const stop = new AbortController()
  const answer = ask(() => stop.abort(), stop.signal)
  assert.equal(await answer, undefined)
})

/** Self-signed, for a name that is not the pod's address. */
const certificate = () => {
  const dir = mkdtempSync(join(tmpdir(), 'gantry-tls-'))
  const [cert, key] = [join(dir, 'tls.crt'), join(dir, 'tls.key')]
  const flags = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-subj',
    '/CN=intents.demo.svc',
  ]
  execFileSync('openssl', ['req', '-x509', ...flags, '-keyout', key, '-out', cert], { stdio: 'ignore' })
  const pair = { cert: readFileSync(cert), key: readFileSync(key) }
  rmSync(dir, { recursive: true })
  return pair
}

test('a pod with a certificate is asked over TLS, whoever signed it', async () => {
  const server = createSecureServer(certificate(), (_, response) => response.end(JSON.stringify({ gantry })))
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)))
  const { port } = server.address() as AddressInfo
  const ask = (secure: boolean) => served({ ip: '127.0.0.1', secure }, 'intents', never, port)
  assert.deepEqual(await ask(true), gantry)
  assert.equal(await ask(false), undefined)
  server.close()
})
