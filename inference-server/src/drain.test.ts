import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { systemClock } from './clock.ts'
import { drain } from './drain.ts'
import { createHealth } from './health.ts'

test('a connection that its caller keeps after the last answer does not hold up the end', {
  timeout: 60_000,
}, async () => {
  const asked = Promise.withResolvers<() => void>()
  const http = createServer({ keepAliveTimeout: 600_000 }, (_request, response) => {
    asked.resolve(() => response.end('done'))
  }).listen(0, '127.0.0.1')
  await once(http, 'listening')
  const agent = new Agent({ keepAlive: true })
  const { port } = http.address() as AddressInfo
  const answered = once(get({ host: '127.0.0.1', port, agent }), 'response')
  const answer = await asked.promise
  const health = createHealth({ serving: () => 1, longestRunMs: () => 0, stuckAfterMs: 1000 })
  const drained = drain({ health, http, clock: systemClock, lingerMs: 0 })
  while (health.phase() !== 'closing') await new Promise(setImmediate)
  answer()
  const [response] = await answered
  response.resume()
  await drained
  assert.equal(response.statusCode, 200)
  agent.destroy()
})
