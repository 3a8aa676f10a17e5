import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { load, percentile } from './callers.ts'
import { jsonRequest } from './request.ts'

const serving = async (listener: RequestListener, work: (base: string) => Promise<void>): Promise<void> => {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

const request = jsonRequest('/infer', { inputs: [] })
const pace = { callers: 3, warmUpSeconds: 0.05, seconds: 0.2 }

test('keeps all callers busy, each with one request at a time', async () => {
  let open = 0
  let most = 0
  const bodies = new Set<string>()
  const listener: RequestListener = async (incoming, response) => {
    open += 1
    most = Math.max(most, open)
    bodies.add(Buffer.concat(await incoming.toArray()).toString())
    setTimeout(() => {
      open -= 1
      response.end('{}')
    }, 20)
  }
  await serving(listener, async (base) => {
    const found = await load(base, request, pace)
    assert.ok(found.perSecond > 0)
    assert.ok(found.p50Ms <= found.p99Ms)
  })
  assert.equal(most, 3)
  assert.deepEqual([...bodies], [request.body])
})

test('stops at an answer that is not 200 and says what the server said', async () => {
  const refuse: RequestListener = (_, response) => response.writeHead(429).end('the queue is full')
  await serving(refuse, (base) =>
    assert.rejects(load(base, request, pace), /answered 429: the queue is full/),
  )
})

test('says so when nothing was answered in time', async () => {
  const slow: RequestListener = (_, response) => void setTimeout(() => response.end(), 400)
  await serving(slow, (base) => assert.rejects(load(base, request, pace), /measure longer with --seconds/))
})

test('a percentile is the smallest value that so many are not above', () => {
  assert.equal(percentile([1, 2, 3, 4], 0.5), 2)
  assert.equal(percentile([1, 2, 3, 4], 0.99), 4)
  assert.equal(percentile([7], 0.5), 7)
})
