/** Callers that are slow, leave at any moment, or send what costs much. Upstreams of these tests only answer as they are told. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { support, type TestGateway, testGateway, type Upstream, upstream } from './testing/gateway.ts'

const path = '/shop/support/predict'
const batchPath = '/shop/support/batch'
const timeout = 60_000

const echo = (): Promise<Upstream> =>
  upstream((request, response) => request.resume().on('end', () => response.end('{}')))

const caller = ({ gateway }: TestGateway): Socket & { received: string } => {
  const socket = Object.assign(connect(gateway.port, '127.0.0.1'), { received: '' })
  socket.on('error', () => {})
  socket.on('data', (chunk) => {
    socket.received += chunk.toString('latin1')
  })
  return socket
}

const upstreamsOf = ({ gateway }: TestGateway) =>
  gateway.directory.find('shop/support')?.upstreams('stable') ?? []

const metricsOf = async ({ probes }: TestGateway): Promise<string> =>
  (await fetch(`${probes}/metrics`)).text()

/** Waits for what follows when connections have ended. */
const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  for (let look = 0; look < 600 && !(await holds()); look++) await pause(20)
}

test('a caller that sends its body slowly has its answer, and no endpoint is blamed', {
  timeout,
}, async () => {
  await using one = await echo()
  await using two = await echo()
  await using gateway = await testGateway([support([one.url, two.url], { timeoutMs: 1500 })])
  const slowly = async (length: number, part: number): Promise<string> => {
    const socket = caller(gateway)
    socket.write(
      `POST ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: ${length}\r\n\r\n`,
    )
    for (let sent = 0; sent < length; sent += part) {
      await pause(450)
      socket.write('x'.repeat(part))
    }
    await once(socket, 'close')
    return socket.received
  }
  const asked = Array.from({ length: 6 }, () => [slowly(100, 25), slowly(200_000, 50_000)]).flat()
  for (const answer of await Promise.all(asked)) assert.match(answer, /^HTTP\/1\.1 200 /)
  assert.deepEqual(gateway.lines, [])
  assert.deepEqual(
    upstreamsOf(gateway).map(({ failures }) => failures),
    [0, 0],
  )
})

test('a large body that stops coming is 408, and no endpoint is blamed; one that an endpoint does not take is 504', {
  timeout,
}, async () => {
  await using good = await echo()
  await using gateway = await testGateway([support([good.url], { timeoutMs: 200 })])
  const socket = caller(gateway)
  socket.write(
    `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 200000\r\n\r\n${'x'.repeat(70_000)}`,
  )
  await once(socket, 'data')
  assert.match(socket.received, /^HTTP\/1\.1 408 /)
  assert.equal(upstreamsOf(gateway)[0]?.failures, 0)
  socket.destroy()
  await using stuck = await upstream(() => {})
  await using other = await testGateway([support([stuck.url], { timeoutMs: 200 })], { maxBodyBytes: 2 ** 25 })
  assert.equal((await other.post(path, 'x'.repeat(20_000_000))).status, 504)
  assert.equal(upstreamsOf(other)[0]?.failures, 1)
})

test('an inference over a connection that an only endpoint has just closed is answered', {
  timeout,
}, async () => {
  let asked = 0
  await using closing = await upstream((request, response) => {
    request.resume()
    asked += 1
    if (asked % 3 === 0) request.socket.destroy()
    else response.end('{}')
  })
  await using gateway = await testGateway([support([closing.url])])
  for (let round = 0; round < 8; round++) assert.equal((await gateway.post(path, {})).status, 200)
  assert.equal((await gateway.post('/shop/support/v2/repository/index', {})).status, 502)
})

/** Numbers that look random and are the same in each run. */
const seeded = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

test('callers that leave at any moment leave nothing behind', { timeout }, async () => {
  const warnings: string[] = []
  const heard = ({ message }: Error): void => void warnings.push(message)
  process.on('warning', heard)
  const random = seeded(15)
  const behave: Parameters<typeof upstream>[0] = (request, response) => {
    const kind = Math.floor(random() * 5)
    if (kind === 0) return
    if (kind === 1) return void request.socket.destroy()
    request.resume()
    if (kind === 2) return void setTimeout(() => response.end('{}'), random() * 20)
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const timer = setInterval(() => response.write(Buffer.alloc(60_000)), 2)
    response.on('error', () => {}).once('close', () => clearInterval(timer))
    if (kind === 3) setTimeout(() => response.end(), random() * 30)
  }
  await using one = await upstream(behave)
  await using two = await upstream(behave)
  await using gateway = await testGateway([support([one.url, two.url], { timeoutMs: 400 })])
  const large = 'x'.repeat(100_000)
  const forms: readonly string[] = [
    `GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`,
    `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 2\r\n\r\n{}`,
    `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${large.length}\r\n\r\n${large}`,
    `POST ${path} HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n186a0\r\n${large}\r\n0\r\n\r\n`,
    `POST ${batchPath} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 50\r\n\r\n{"path":"/predict","payloads":[1,2,3,4,5,6,7,8,9]}`,
  ]
  const endings: readonly ((socket: Socket) => unknown)[] = [
    (socket) => socket.resetAndDestroy(),
    (socket) => socket.destroy(),
    (socket) => setTimeout(() => socket.destroy(), 100).ref() && socket.end(),
  ]
  const oneOf = <One>(list: readonly One[]): One => list[Math.floor(random() * list.length)] as One
  const leave = async (): Promise<void> => {
    const socket = caller(gateway)
    const pipelined = random() < 0.2 ? 3 : 1
    const bytes = Array.from({ length: pipelined }, () => oneOf(forms)).join('')
    socket.write(random() < 0.3 ? bytes.slice(0, Math.floor(random() * bytes.length)) : bytes)
    if (random() < 0.2) socket.pause()
    await pause(random() * 60)
    oneOf(endings)(socket)
  }
  const many = Number(process.env['GANTRY_LEAVING_CALLERS'] ?? 400)
  for (let round = 0; round < many; round += 40) await Promise.all(Array.from({ length: 40 }, leave))
  const isQuiet = async () => /in_flight\{[^}]*\} 0\n/.test(await metricsOf(gateway))
  // What they had sent may still wait to be read, so that one quiet moment is not the end.
  let quiet = 0
  await until(async () => {
    quiet = (await isQuiet()) ? quiet + 1 : 0
    return quiet > 25
  })
  process.off('warning', heard)
  assert.deepEqual(
    upstreamsOf(gateway).map(({ outstanding }) => outstanding),
    [0, 0],
  )
  assert.ok(await isQuiet(), 'requests are under way that have no caller')
  assert.deepEqual(warnings, [])
  assert.ok(!gateway.lines.some(({ level }) => level === 'error'))
})

test('bodies that wait in memory are bounded together, and there is room again once their callers have gone', {
  timeout,
}, async () => {
  await using good = await echo()
  await using gateway = await testGateway([support([good.url])], { heldBytes: 100_000 })
  const waiting = Array.from({ length: 3 }, () => {
    const socket = caller(gateway)
    socket.write(
      `POST ${batchPath} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 90000\r\n\r\n${' '.repeat(45_000)}`,
    )
    return socket
  })
  const [refused] = await Promise.race(waiting.map((socket) => once(socket, 'data')))
  assert.match(String(refused), /^HTTP\/1\.1 503 [\s\S]*retry-after: 1\r\n/)
  const batch = JSON.stringify({ path: '/predict', payloads: ['x'.repeat(30_000)] })
  assert.equal((await gateway.post(batchPath, batch)).status, 503)
  // A request to a model is sent on while it arrives.
  assert.equal((await gateway.post(path, 'x'.repeat(60_000))).status, 200)
  for (const socket of waiting) socket.destroy()
  await until(async () => (await gateway.post(batchPath, batch)).status === 200)
  assert.equal((await gateway.post(batchPath, batch)).status, 200)
})

test('a batch of millions of payloads is refused before they are looked at', { timeout }, async () => {
  await using good = await echo()
  await using gateway = await testGateway([support([good.url])], { maxBodyBytes: 2 ** 25 })
  const before = process.memoryUsage().rss
  const refused = await gateway.post(
    batchPath,
    `{"path": "/predict", "payloads": [${'[],'.repeat(10_000_000)}1]}`,
  )
  assert.equal(refused.status, 413)
  assert.ok(process.memoryUsage().rss - before < 400 * 2 ** 20)
  const deep = `{"path": "/predict", "payloads": [${'['.repeat(1e6)}${']'.repeat(1e6)}]}`
  assert.equal((await gateway.post(batchPath, deep)).status, 200)
})

const brokenBatches: readonly string[] = [
  '{"path": "/predict", "payloads": [1 2]}',
  '{"path": "/predict", "payloads": [1,]}',
  '{"path": "/predict", "payloads": [,1]}',
  '{"path": "/predict", "payloads": [1}',
  '{"path": "/predict", "payloads": [1]',
  '{"path": "/predict", "payloads": [1]} {}',
  '{"path": "/predict", "payloads": [1],}',
  '{"path": "/predict" "payloads": [1]}',
  '{path: "/predict", "payloads": [1]}',
  '\ufeff{"path": "/predict", "payloads": [1]}',
  '{"path": "/batch", "payloads": [1]}',
  '{"path": "/predict", "payloads": [1], "path": "/chat"}',
  '[]',
]
test('a batch that is not cut clearly is refused', { timeout }, async () => {
  await using good = await echo()
  await using gateway = await testGateway([support([good.url])])
  for (const body of brokenBatches) assert.equal((await gateway.post(batchPath, body)).status, 400, body)
  assert.equal(good.requests.length, 0)
})
