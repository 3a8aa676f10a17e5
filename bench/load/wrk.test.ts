import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { describe, test } from 'node:test'
import type { Request } from './request.ts'
import { load, loadOf } from './wrk.ts'

const report = (extra = ''): string => `Running 2s test @ http://127.0.0.1:9000/infer
  1 threads and 8 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   146.38ms   17.00ms 178.11ms   88.46%
    Req/Sec    59.42     24.06   130.00     70.59%
  Latency Distribution
     50%  990.00us
     75%  149.21ms
     90%  158.63ms
     99%    1.02s
  107 requests in 2.00s, 40.12MB read
${extra}Requests/sec:     53.41
Transfer/sec:     20.02MB
p95 178110 us
`

test('a report is read in milliseconds', () => {
  assert.deepEqual(loadOf(report()), { perSecond: 53.41, p50Ms: 0.99, p95Ms: 178.11, p99Ms: 1020 })
})

test('a report of requests that failed is no measurement', () => {
  assert.throws(() => loadOf(report('  Non-2xx or 3xx responses: 12\n')), /Non-2xx or 3xx responses: 12/)
  const errors = '  Socket errors: connect 0, read 0, write 0, timeout 8\n'
  assert.throws(() => loadOf(report(errors)), /timeout 8/)
  assert.throws(() => loadOf(report().replace('53.41', '0.00')), /measure longer with --seconds/)
})

const missing = spawnSync('wrk', ['--version']).error ? 'wrk is not installed' : false

describe('wrk', { skip: missing }, () => {
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
  const body = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
  const request: Request = { path: '/infer', headers: { 'content-type': 'application/octet-stream' }, body }
  const pace = { callers: 3, warmUpSeconds: 1, seconds: 1 }

  test('lets every caller have one request at a time, any bytes in it', async () => {
    const open = new Map<Socket, number>()
    let most = 0
    const bodies = new Set<string>()
    const listener: RequestListener = async (incoming, response) => {
      const { socket } = incoming
      const now = (open.get(socket) ?? 0) + 1
      open.set(socket, now)
      most = Math.max(most, now)
      bodies.add(Buffer.concat(await incoming.toArray()).toString('hex'))
      setTimeout(() => {
        open.set(socket, now - 1)
        response.end('{}')
      }, 20)
    }
    await serving(listener, async (base) => {
      const found = await load(base, request, pace)
      assert.ok(found.p50Ms >= 20 && found.p50Ms <= found.p95Ms && found.p95Ms <= found.p99Ms)
    })
    assert.equal(most, 1)
    // Three to warm up, and three that count.
    assert.equal(open.size, 6)
    assert.deepEqual([...bodies], [body.toString('hex')])
  })

  test('takes an answer that is not 200 for a failure', async () => {
    const refuse: RequestListener = (_, response) => response.writeHead(429).end('the queue is full')
    await serving(refuse, (base) => assert.rejects(load(base, request, pace), /Non-2xx/))
  })
})
