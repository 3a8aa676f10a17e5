import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { openLoop } from './open-loop.ts'
import { jsonRequest } from './request.ts'

const timeout = 20_000
const request = jsonRequest('/predict', { text: 'a' })
const rate = { perSecond: 200, warmUpSeconds: 0.05, seconds: 0.2 }

const server = async (t: TestContext, listener: RequestListener): Promise<string> => {
  const http = createServer(listener).listen(0, '127.0.0.1')
  await once(http, 'listening')
  t.after(() => {
    http.closeAllConnections()
    http.close()
  })
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`
}
const reply = (response: ServerResponse): unknown => response.setHeader('content-length', 2).end('{}')

test('requests are sent when they are due, whatever has been answered, and each of them counts', {
  timeout,
}, async (t) => {
  const held: ServerResponse[] = []
  let asked = 0
  const base = await server(t, (_, response) => {
    asked += 1
    held.push(response)
    // A caller that waits for an answer would send no twentieth request.
    if (asked >= 20) for (const one of held.splice(0)) reply(one)
  })
  const { p50Ms, p99Ms } = await openLoop(base, request, rate)
  assert.equal(asked, 50)
  assert.ok(p99Ms > p50Ms && p50Ms > 0)
})

test('a request that fails ends the measurement', { timeout }, async (t) => {
  const base = await server(t, (_, response) => response.writeHead(503, { 'content-length': 0 }).end())
  await assert.rejects(openLoop(base, request, rate), /a request failed: HTTP\/1\.1 503/)
})
