/** Counters are read over HTTP from the very text that the inference server writes. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { createMetrics, type MetricsOptions } from '../../../inference-server/src/observability/metrics.ts'
import { countersOf, readCounters } from './counters.ts'

const served = async (t: TestContext, listener: RequestListener): Promise<number> => {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  return (server.address() as AddressInfo).port
}
const pod = { ip: '127.0.0.1', secure: false }
const ask = (port: number) => readCounters(pod, new AbortController().signal, port)

const options: MetricsOptions = {
  byVersion: false,
  versions: () => [],
  requestLog: undefined,
  tracing: undefined,
}
type Spent = Parameters<ReturnType<typeof createMetrics>['answered']>[1]
const spent = (inferMs: number): Spent =>
  ({
    timings: { totalMs: 9, preprocessMs: 1, queueMs: 1, inferMs, postprocessMs: 1 },
    usage: { promptTokens: 0 },
  }) as Spent

test('the counters of a server are read from its metrics', async (t) => {
  const metrics = createMetrics(options)
  const port = await served(t, (request, response) => {
    if (request.url !== '/metrics') return void response.writeHead(404).end()
    void metrics.text().then(({ body }) => response.end(body))
  })
  const first = await ask(port)
  assert.deepEqual([first?.answered, first?.inferSeconds, first?.runs], [0, 0, 0])
  metrics.answered('infer', spent(500))
  metrics.answered('predict', spent(250))
  metrics.failed('infer', 'malformed', undefined)
  metrics.batch(2, 'v')
  const now = await ask(port)
  assert.deepEqual([now?.answered, now?.inferSeconds, now?.runs], [2, 0.75, 1])
  assert.ok((now?.cpuSeconds ?? 0) > 0)
  assert.ok(Math.abs((now?.startedAt ?? 0) - (Date.now() / 1000 - process.uptime())) < 60)
  assert.equal(now?.startedAt, first?.startedAt)
})

const text = 'process_start_time_seconds 5\nprocess_cpu_seconds_total 1\n'

for (const [what, listener] of [
  ['another page', (_, response) => void response.end('hello')],
  ['an error', (_, response) => void response.writeHead(500).end(text)],
  ['a redirect', (_, response) => void response.writeHead(302, { location: '/' }).end(text)],
  ['a text without end', (_, response) => void response.end(text + '#'.repeat(600_000))],
  [
    'a number that is none',
    (_, response) => void response.end(`${text}gantry_requests_total{outcome="answered"} NaN\n`),
  ],
  ['a negative number', (_, response) => void response.end(`${text}gantry_batch_rows_count -1\n`)],
  ['an endless number', (_, response) => void response.end(`${text}gantry_batch_rows_count +Inf\n`)],
  [
    'numbers that no server counts to',
    (_, response) => void response.end(`${text}gantry_requests_total{outcome="answered"} 1e308\n`),
  ],
  ['nothing', (request) => void request.socket.destroy()],
] as const satisfies readonly (readonly [string, RequestListener])[])
  test(`a pod that answers with ${what} has no counters`, async (t) => {
    assert.equal(await ask(await served(t, listener)), undefined)
  })

test('the text that the answers above spoil has counters', () => {
  assert.deepEqual(countersOf(text), {
    ...{ startedAt: 5, answered: 0, asked: 0, cpuSeconds: 1, inferSeconds: 0, runs: 0, pending: 0 },
  })
})
