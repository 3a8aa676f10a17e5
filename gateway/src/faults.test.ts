/** Endpoints that fail, and callers that leave. Upstreams of these tests only produce faults. */
import assert from 'node:assert/strict'
import { request as send } from 'node:http'
import { connect } from 'node:net'
import { test } from 'node:test'
import { closed, nowhere, support, testGateway, upstream } from './testing/gateway.ts'

const path = '/shop/support/predict'
const timeout = 20_000

const errorOf = async (response: Response): Promise<string> =>
  ((await response.json()) as { error: string }).error

test('an answer that does not come in time is 504, and the endpoint sees the request end', {
  timeout,
}, async () => {
  await using silent = await upstream(() => {})
  await using gateway = await testGateway([support([silent.url], { timeoutMs: 150 })])
  const response = await gateway.post(path, {})
  assert.equal(response.status, 504)
  assert.match(await errorOf(response), /shop\/support has not answered within 0\.15 s/)
  await closed(silent.requests[0])
})

test('a caller that leaves ends the request to the endpoint', { timeout }, async () => {
  await using silent = await upstream(() => {})
  await using gateway = await testGateway([support([silent.url])])
  const left = new AbortController()
  const asked = fetch(gateway.url + path, { method: 'POST', body: '{}', signal: left.signal })
  await silent.until(1)
  left.abort()
  await assert.rejects(asked)
  await closed(silent.requests[0])
})

test('a caller that leaves in the middle of a stream ends it at the endpoint', { timeout }, async () => {
  await using streaming = await upstream((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('data: 1\n\n')
  })
  await using gateway = await testGateway([support([streaming.url])])
  const left = new AbortController()
  const response = await fetch(gateway.url + path, { method: 'POST', body: '{}', signal: left.signal })
  const reader = response.body?.getReader()
  assert.equal(Buffer.from((await reader?.read())?.value ?? []).toString(), 'data: 1\n\n')
  left.abort()
  await closed(streaming.requests[0])
})

test('an inference that an endpoint leaves without an answer is answered by another one', {
  timeout,
}, async () => {
  await using resetting = await upstream((request) => request.socket.destroy())
  await using good = await upstream((_, response) => response.end('{}'))
  await using gateway = await testGateway([support([resetting.url, good.url])])
  for (let round = 0; round < 4; round++) {
    const response = await gateway.post(path, {})
    assert.equal(response.status, 200)
    assert.equal(response.headers.get('x-gantry-endpoint'), new URL(good.url).host)
  }
  assert.ok(resetting.requests.length > 0)
})

test('a request that may change something is not sent twice', { timeout }, async () => {
  await using resetting = await upstream((request) => request.socket.destroy())
  await using other = await upstream((request) => request.socket.destroy())
  await using gateway = await testGateway([support([resetting.url, other.url])])
  const response = await gateway.post('/shop/support/v2/repository/models/support/unload', {})
  assert.equal(response.status, 502)
  assert.match(await errorOf(response), /ended the connection without an answer/)
  assert.equal(resetting.requests.length + other.requests.length, 1)
})

test('an endpoint that takes no connection costs no request, whatever is asked', { timeout }, async () => {
  await using good = await upstream((request, response) => {
    request.resume().on('end', () => response.end('{}'))
  })
  await using gateway = await testGateway([support([await nowhere(), good.url])])
  const large = JSON.stringify({ text: 'x'.repeat(300_000) })
  for (const body of ['{}', large, '{}', large]) {
    const response = await gateway.post('/shop/support/v2/repository/index', body)
    assert.equal(response.status, 200)
    await response.arrayBuffer()
  }
  assert.equal(good.requests.length, 4)
})

test('a large body of which an endpoint has taken a part is not sent to another one', {
  timeout,
}, async () => {
  await using resetting = await upstream((request) => request.once('data', () => request.socket.destroy()))
  await using other = await upstream((request) => request.once('data', () => request.socket.destroy()))
  await using gateway = await testGateway([support([resetting.url, other.url])])
  const response = await gateway.post(path, JSON.stringify({ text: 'x'.repeat(500_000) }))
  assert.equal(response.status, 502)
  assert.equal(resetting.requests.length + other.requests.length, 1)
})

test('an answer that has begun is not begun again: the connection of the caller ends', {
  timeout,
}, async () => {
  await using half = await upstream((request, response) => {
    response.writeHead(200, { 'content-length': 100 })
    response.write('half', () => request.socket.destroy())
  })
  await using good = await upstream((_, response) => response.end('{}'))
  await using gateway = await testGateway([support([half.url, good.url])])
  for (let round = 0; round < 2; round++) {
    const response = await gateway.post(path, {})
    if (response.headers.get('x-gantry-endpoint') === new URL(good.url).host) continue
    await assert.rejects(response.text())
  }
  assert.equal(half.requests.length + good.requests.length, 2)
})

test('where no endpoint can be reached, the answer is 503 with the reason and Retry-After', {
  timeout,
}, async () => {
  await using gateway = await testGateway([support([await nowhere(), await nowhere()])])
  const response = await gateway.post(path, {})
  assert.equal(response.status, 503)
  assert.equal(response.headers.get('retry-after'), '1')
  assert.match(await errorOf(response), /no endpoint of shop\/support could be reached \(ECONNREFUSED\)/)
})

test('a model without a ready endpoint is 503 with the reason that is known', { timeout }, async () => {
  await using gateway = await testGateway([support([], { unready: 'its version is being imported' })])
  const response = await gateway.post(path, {})
  assert.equal(response.status, 503)
  assert.equal(response.headers.get('retry-after'), '1')
  assert.match(
    await errorOf(response),
    /no endpoint of shop\/support is ready: its version is being imported/,
  )
})

test('retries stay within a tenth of the requests', { timeout }, async () => {
  await using first = await upstream((request) => request.socket.destroy())
  await using second = await upstream((request) => request.socket.destroy())
  await using gateway = await testGateway([support([first.url, second.url])])
  const asked = 60
  for (let round = 0; round < asked; round++) assert.equal((await gateway.post(path, {})).status, 502)
  const sent = first.requests.length + second.requests.length
  // Ten are in store from the start.
  assert.ok(sent > asked && sent <= asked + 10 + asked / 10, `${sent} attempts of ${asked} requests`)
})

test('an endpoint that fails again and again gets no requests, and the last one always does', {
  timeout,
}, async () => {
  await using failing = await upstream((_, response) => response.writeHead(503).end('{}'))
  await using good = await upstream((_, response) => response.end('{}'))
  await using gateway = await testGateway([support([failing.url, good.url])])
  for (let round = 0; round < 30; round++) await (await gateway.post(path, {})).arrayBuffer()
  assert.equal(failing.requests.length, 5)
  assert.match(gateway.lines.map(({ message }) => message).join(), /an endpoint failed again and again/)
  assert.match(
    await (await fetch(`${gateway.probes}/metrics`)).text(),
    /gantry_gateway_endpoints\{namespace="shop",model="support",track="stable",state="ejected"\} 1/,
  )
  await using alone = await testGateway([support([failing.url])])
  for (let round = 0; round < 10; round++) assert.equal((await alone.post(path, {})).status, 503)
  assert.equal(failing.requests.length, 15)
})

test('round robin is taken on request, and another word is refused by name', { timeout }, async () => {
  await using slow = await upstream((_, response) => setTimeout(() => response.end('{}'), 300))
  await using quick = await upstream((_, response) => response.end('{}'))
  await using gateway = await testGateway([support([slow.url, quick.url])])
  const some = (headers: Record<string, string>) =>
    Promise.all(Array.from({ length: 6 }, () => gateway.post(path, {}, headers)))
  await some({ 'x-gantry-balance': 'round-robin' })
  assert.deepEqual([slow.requests.length, quick.requests.length], [3, 3])
  const held = gateway.post(path, {}, { 'x-gantry-balance': 'round-robin' })
  await slow.until(4)
  for (let round = 0; round < 4; round++) await gateway.post(path, {})
  assert.equal(quick.requests.length, 7)
  await held
  const refused = await gateway.post(path, {}, { 'x-gantry-balance': 'random' })
  assert.equal(refused.status, 400)
  assert.equal(((await refused.json()) as { field: string }).field, 'X-Gantry-Balance')
})

test('headers of one connection stay behind, and the endpoint learns who asked whom', {
  timeout,
}, async () => {
  await using seeing = await upstream((_, response) => {
    response.writeHead(200, {
      ...{ connection: 'x-answer', 'x-answer': '1', 'x-kept': '1' },
      ...{ 'x-gantry-endpoint': 'another', 'x-gantry-track': 'canary' },
    })
    response.end('{}')
  })
  await using gateway = await testGateway([support([seeing.url])])
  const headers = {
    ...{
      connection: 'x-mine',
      'x-mine': '1',
      te: 'trailers',
      'proxy-authorization': 'Basic x',
      'x-other': '1',
    },
    ...{ authorization: 'Bearer key', tracestate: 'a=1', 'x-forwarded-for': '10.0.0.9' },
  }
  const answer = await new Promise<import('node:http').IncomingMessage>((resolve) =>
    send(gateway.url + path, { method: 'POST', headers }, resolve).end('{}'),
  )
  answer.resume()
  const seen = seeing.requests[0]?.headers ?? {}
  for (const gone of ['x-mine', 'te', 'proxy-authorization', 'tracestate'])
    assert.equal(seen[gone], undefined, gone)
  assert.deepEqual(
    [seen['x-other'], seen.authorization, seen.host, seen['x-forwarded-for'], seen['x-forwarded-host']],
    ['1', 'Bearer key', new URL(seeing.url).host, '10.0.0.9, 127.0.0.1', new URL(gateway.url).host],
  )
  assert.deepEqual([answer.headers['x-answer'], answer.headers['x-kept']], [undefined, '1'])
  assert.equal(answer.headers['x-gantry-endpoint'], new URL(seeing.url).host)
  assert.equal(answer.headers['x-gantry-track'], 'stable')
})

test('a body that is too large is 413, announced or not, and the caller can read it', {
  timeout,
}, async () => {
  await using reading = await upstream((request, response) => {
    request.resume().on('end', () => response.end('{}'))
  })
  await using gateway = await testGateway([support([reading.url])], { maxBodyBytes: 200_000 })
  const announced = await gateway.post(path, 'x'.repeat(300_000))
  assert.equal(announced.status, 413)
  assert.match(await errorOf(announced), /larger than 200000 bytes/)
  const chunks = async function* () {
    for (let part = 0; part < 6; part++) yield Buffer.alloc(50_000, 'x')
  }
  const options = { method: 'POST', body: chunks() as never, duplex: 'half' }
  assert.equal((await fetch(gateway.url + path, options as RequestInit)).status, 413)
})

test('a caller that reads slowly does not fill the memory: the endpoint is slowed down', {
  timeout,
}, async () => {
  let sent = 0
  const chunk = Buffer.alloc(64 * 1024)
  const total = 64 * 2 ** 20
  await using fast = await upstream((_, response) => {
    const more = (): void => {
      while (sent < total) {
        sent += chunk.length
        if (!response.write(chunk)) return void response.once('drain', more)
      }
      response.end()
    }
    more()
  })
  await using gateway = await testGateway([support([fast.url])])
  const socket = connect(gateway.gateway.port, '127.0.0.1')
  socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`)
  socket.once('data', () => socket.pause())
  let before = -1
  while (before !== sent) {
    before = sent
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
  assert.ok(sent < total / 2, `${sent} bytes were taken`)
  socket.destroy()
})

test('endpoints come and go without a lost request', { timeout }, async () => {
  const answer = (_: unknown, response: import('node:http').ServerResponse): void =>
    void setTimeout(() => response.end('{}'), 20)
  await using one = await upstream(answer)
  await using two = await upstream(answer)
  await using gateway = await testGateway([support([one.url])])
  let done = false
  const statuses: number[] = []
  const caller = async (): Promise<void> => {
    while (!done) statuses.push((await gateway.post(path, {})).status)
  }
  const callers = Promise.all(Array.from({ length: 8 }, caller))
  for (let change = 0; change < 10; change++) {
    gateway.gateway.directory.apply([support(change % 2 === 0 ? [two.url] : [one.url, two.url])])
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
  done = true
  await callers
  assert.deepEqual(new Set(statuses), new Set([200]))
  assert.ok(one.requests.length > 0 && two.requests.length > 0)
})

test('nothing that a caller sends or leaves out ejects an endpoint', { timeout }, async () => {
  await using good = await upstream((request, response) => {
    request.resume().on('end', () => response.end('{}'))
  })
  await using other = await upstream((request, response) => {
    request.resume().on('end', () => response.end('{}'))
  })
  await using gateway = await testGateway([support([good.url, other.url])])
  const { port } = gateway.gateway
  const head = `POST ${path} HTTP/1.1\r\nhost: localhost\r\n`
  const odd: readonly string[] = [
    `GET ${path} HTTP/1.1\r\nhost: localhost\r\nx-a: \xe9\xff\r\nconnection: close\r\n\r\n`,
    `GET ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5\r\nconnection: close\r\n\r\nabcde`,
    `HEAD ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`,
    `OPTIONS ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`,
    `PROPFIND ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`,
    `GET ${path}?a=\xe9 HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`,
    `${head}expect: 100-continue\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}`,
    `${head}connection: upgrade, close\r\nupgrade: websocket\r\ncontent-length: 2\r\n\r\n{}`,
    `${head}connection: close, content-type, authorization\r\ncontent-type: a\r\ncontent-length: 2\r\n\r\n{}`,
    `${head}connection: close\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
    // These leave before all of their body has come, small and large.
    `${head}content-length: 100\r\n\r\n{`,
    `${head}content-length: 200000\r\n\r\n{`,
    `${head}transfer-encoding: chunked\r\n\r\n5\r\nabc`,
  ]
  for (let round = 0; round < 6; round++)
    for (const bytes of odd) {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => {})
      socket.write(Buffer.from(bytes, 'latin1'))
      if (/close/.test(bytes)) {
        let received = ''
        socket.on('data', (chunk) => {
          received += chunk.toString('latin1')
        })
        await new Promise((resolve) => socket.once('close', resolve))
        assert.match(received, /^HTTP\/1\.1 (100 Continue\r\n\r\nHTTP\/1\.1 )?[24]/, bytes)
      } else setTimeout(() => socket.destroy(), 20)
    }
  await new Promise((resolve) => setTimeout(resolve, 200))
  for (let round = 0; round < 4; round++) assert.equal((await gateway.post(path, {})).status, 200)
  assert.deepEqual(gateway.lines, [])
  const metrics = await (await fetch(`${gateway.probes}/metrics`)).text()
  assert.doesNotMatch(metrics, /status="5xx"\} [1-9]|state="ejected"\} [1-9]|in_flight\{[^}]*\} [1-9]/)
})
