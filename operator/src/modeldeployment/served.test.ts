import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { type AddressInfo, createServer as createNetServer } from 'node:net'
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

test('no more than 64 KiB of an answer is read, and then the connection is cut', async () => {
  const filler = 'x'.repeat(64 * 1024)
  const closed = Promise.withResolvers<void>()
  let sentBytes = 0
  const server = createServer((_, response) => {
    response.on('close', closed.resolve)
    response.write(`{"gantry":${JSON.stringify(gantry)},"more":"`)
    const pour = (): void => {
      sentBytes += filler.length
      if (response.destroyed) return
      if (response.write(filler)) setImmediate(pour)
      else response.once('drain', pour)
    }
    pour()
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  assert.equal(await served({ ip: '127.0.0.1', secure: false }, 'intents', never, port), undefined)
  await closed.promise
  assert.ok(sentBytes < 32 * 2 ** 20, `what fills the buffers of two sockets, and not ${sentBytes} bytes`)
  server.close()
})

test('an answer of nearly 64 KiB is read, and one of a little more is not', async () => {
  const whole = (length: number) => JSON.stringify({ gantry, more: 'x'.repeat(length) })
  assert.deepEqual(await ask((_, response) => response.end(whole(60_000))), gantry)
  assert.equal(await ask((_, response) => response.end(whole(70_000))), undefined)
})

test('an answer that comes in drops is given up after two seconds', async () => {
  const dripping: RequestListener = (_, response) => {
    const drip = setInterval(() => response.write(' '), 100)
    response.on('close', () => clearInterval(drip))
  }
  assert.equal(await ask(dripping), undefined)
})

test('each member that is read must be what it is said to be', async () => {
  const { version, device } = gantry
  const batching = { rows: 'independent', batched: true }
  const feature = { name: 'x', statistic: 'psi', value: 1, since: '2026-11-23T10:00:00Z' }
  const drift = { samples: 1, enough: true, features: [] }
  const wrong: readonly unknown[] = [
    { version: 7, device },
    { version: '', device },
    { version: 'v'.repeat(254), device },
    { version, device: null },
    { version, device: 'cpu' },
    { version, device: { ...device, active: 'toString' } },
    { version, device: { ...device, requested: 'tpu' } },
    { version, device: { ...device, reason: { toString: 'x' } } },
    { version, device, batching: true },
    { version, device, batching: { ...batching, rows: 'constructor' } },
    { version, device, batching: { ...batching, batched: 'false' } },
    { version, device, batching: { ...batching, reason: ['x'] } },
    { version, device, drift: { ...drift, samples: -1 } },
    { version, device, drift: { ...drift, features: [{ ...feature, value: '1' }] } },
    { version, device, drift: { ...drift, features: [{ ...feature, since: 'today' }] } },
    { version, device, drift: { ...drift, features: Array.from({ length: 65 }, () => feature) } },
    [gantry],
    null,
  ]
  for (const answer of wrong) {
    const body = JSON.stringify({ gantry: answer })
    assert.equal(await ask((_, response) => response.end(body)), undefined, body.slice(0, 200))
  }
  for (const body of ['null', '7', '[]', '"gantry"']) {
    assert.equal(await ask((_, response) => response.end(body)), undefined, body)
  }
})

test('unused members are left out, and so are characters that have no place in a line of text', async () => {
  const reason = `\u001b[2Jno driver\r\n  Ready\u202e: True${'x'.repeat(120_000 / 4)}`
  const device = { requested: 'auto', active: 'cpu', reason, more: 'x' }
  const batching = { rows: 'unproven', batched: false, reason: 'node\u0000 7', more: 'x' }
  const feature = { name: `x\u202e\n[3]`, statistic: 'psi', value: 1, since: '2026-11-23T10:00:00Z' }
  const drift = {
    samples: 1,
    enough: true,
    features: [{ ...feature, more: 'x' }],
    unusable: 'a\u0000',
    more: 'x',
  }
  const body = JSON.stringify({ gantry: { version: gantry.version, device, batching, drift, more: 'x' } })
  const answer = await ask((_, response) => response.end(body))
  assert.deepEqual(Object.keys(answer ?? {}), ['version', 'device', 'batching', 'drift'])
  assert.deepEqual(answer?.drift, {
    ...{ samples: 1, enough: true, unusable: 'a\ufffd' },
    features: [{ ...feature, name: 'x\ufffd [3]' }],
  })
  assert.match(answer?.device.reason ?? '', /^\ufffd\[2Jno driver Ready\ufffd: Truex+…$/)
  assert.equal(answer?.device.reason?.length, 500)
  assert.deepEqual(answer?.batching, { rows: 'unproven', batched: false, reason: 'node\ufffd 7' })
})

/** Bytes as a pod may send them, and whether it then closes. */
const rawAnswers: Readonly<Record<string, string>> = {
  'another protocol': 'SSH-2.0-x\r\n',
  'a switch of protocols': 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
  'a switch that is none': 'HTTP/1.1 200 OK\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n{}',
  'news of an answer that does not come': 'HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n'.repeat(1000),
  'less than it announces': 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{',
  'two lengths': 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}',
  'headers without end': `HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(100_000)}`,
  nothing: '',
}

for (const [what, text] of Object.entries(rawAnswers)) {
  for (const isClosed of [true, false]) {
    const end = isClosed ? 'and closes' : 'and stays'
    test(`a pod that sends ${what} ${end} delays no pass`, { timeout: 20_000 }, async (t) => {
      const server = createNetServer((socket) => {
        socket.on('error', () => {})
        socket.write(text)
        if (isClosed) socket.end()
      }).listen(0, '127.0.0.1')
      await new Promise((resolve) => server.once('listening', resolve))
      t.after(() => server.close())
      const { port } = server.address() as AddressInfo
      assert.equal(await served({ ip: '127.0.0.1', secure: false }, 'intents', never, port), undefined)
    })
  }
}

test('a closed port is no answer', async () => {
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

test('a pod with a certificate is asked over TLS, with any issuer', async () => {
  const server = createSecureServer(certificate(), (_, response) => response.end(JSON.stringify({ gantry })))
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)))
  const { port } = server.address() as AddressInfo
  const ask = (secure: boolean) => served({ ip: '127.0.0.1', secure }, 'intents', never, port)
  assert.deepEqual(await ask(true), gantry)
  assert.equal(await ask(false), undefined)
  server.close()
})
