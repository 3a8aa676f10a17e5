import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { test } from 'node:test'
import { createLoad } from './load.ts'
import type { RoundPlan } from './round.ts'

const requestOf = (path: string): Uint8Array =>
  new Uint8Array(Buffer.from(`POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 2\r\n\r\n{}`))

const plan = (port: number, change: Partial<RoundPlan> = {}): RoundPlan => ({
  ...{ port, concurrency: 4, settleMs: 20, measureMs: 100 },
  ...change,
})

const listening = async (server: {
  readonly listen: Server['listen']
  readonly address: Server['address']
}) => {
  await once(server.listen(0, '127.0.0.1') as Server, 'listening')
  return (server.address() as AddressInfo).port
}

/** Serves, and ends with `await using`. */
const served = async (listener: RequestListener) => {
  const server = createHttpServer(listener)
  const port = await listening(server)
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

test('callers send the requests in turn, each the next one when it is answered, and all are counted', async () => {
  const asked = new Map<string, number>()
  let inFlight = 0
  let most = 0
  await using server = await served((request, response) => {
    const path = String(request.url)
    asked.set(path, (asked.get(path) ?? 0) + 1)
    inFlight += 1
    most = Math.max(most, inFlight)
    setTimeout(() => {
      inFlight -= 1
      // Longer than what is read at a time, so that an answer comes in several pieces.
      response.end('x'.repeat(100_000))
    }, 2)
  })
  await using load = createLoad()
  const result = await load.round(plan(server.port), [requestOf('/a'), requestOf('/b')])
  assert.ok(result.kind === 'measured')
  assert.equal(most, 4)
  const [a = 0, b = 0] = [asked.get('/a'), asked.get('/b')]
  assert.ok(a > 0 && Math.abs(a - b) <= 1)
  assert.ok(result.answers > 0 && result.answers <= a + b)
  assert.ok(result.latenciesMs.length > 0 && result.latenciesMs.length <= a + b)
  assert.ok(result.latenciesMs.every((latencyMs) => latencyMs >= 1))
})

test('requests that take longer than a round count by their share of it', async () => {
  await using server = await served((_, response) => void setTimeout(() => response.end('{}'), 300))
  await using load = createLoad()
  const result = await load.round(plan(server.port, { settleMs: 0 }), [requestOf('/')])
  assert.ok(result.kind === 'measured')
  assert.ok(result.answers > 0 && result.answers < 4, `${result.answers}`)
})

test('an answer that is no 200 ends the round with its status and its words', async () => {
  const said = '{"error": "no memory"}'
  await using server = await served((_, response) =>
    response.writeHead(503, { 'content-length': said.length }).end(said),
  )
  await using load = createLoad()
  const result = await load.round(plan(server.port), [requestOf('/')])
  assert.deepEqual(result, { kind: 'failed', status: 503, text: said })
  await using silent = await served((_, response) => response.writeHead(400).end())
  const bare = await load.round(plan(silent.port), [requestOf('/')])
  assert.ok(bare.kind === 'failed' && bare.status === 400)
})

test('a server that hangs up, says nothing of a length, or is not there ends the round', async () => {
  const raw = async (talk: (socket: Socket) => void): Promise<string> => {
    const server = createServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', () => talk(socket))
    })
    const port = await listening(server as unknown as Server)
    await using load = createLoad()
    const result = await load.round(plan(port), [requestOf('/')])
    server.close()
    assert.ok(result.kind === 'failed' && result.status === undefined)
    return result.text
  }
  assert.match(await raw((socket) => socket.destroy()), /closed the connection|ECONNRESET/)
  assert.match(await raw((socket) => socket.write('HTTP/1.1 200 OK\r\n\r\n')), /no length/)
  await using load = createLoad()
  const closed = createServer()
  const port = await listening(closed as unknown as Server)
  closed.close()
  const result = await load.round(plan(port), [requestOf('/')])
  assert.ok(result.kind === 'failed' && /ECONNREFUSED/.test(result.text))
})
