import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { emptyTallies, startTraffic, streams, type Tallies, type Traffic } from './traffic.ts'

type Behaviour = (request: IncomingMessage, response: ServerResponse, x: number) => void

const adds =
  (summand: number): Behaviour =>
  (_request, response, x) =>
    void response.end(JSON.stringify({ outputs: [{ name: 'y', data: [x + summand] }] }))

let behaves: Behaviour = adds(1000)
/** Connections by whether the client meant to keep them. */
const connections = { kept: new Set<unknown>(), fresh: new Set<unknown>() }
const server = createServer(async (request, response) => {
  connections[request.headers.connection === 'close' ? 'fresh' : 'kept'].add(request.socket)
  const { inputs } = JSON.parse(await text(request)) as { inputs: readonly { data: readonly number[] }[] }
  behaves(request, response, inputs[0]?.data[0] ?? Number.NaN)
})
let traffic: Traffic
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  traffic = await startTraffic({
    url: `http://127.0.0.1:${port}`,
    model: 'adder',
    perSecond: 200,
    summands: [1000],
  })
})
after(async () => {
  await traffic.stop()
  server.close()
})

/** What happens to requests while the server behaves so. */
const under = async (behaviour: Behaviour): Promise<Tallies> => {
  await traffic.take()
  behaves = behaviour
  await traffic.take() // requests that were under way may have met either
  for (;;) {
    const tallies = await traffic.take()
    if (streams.every((stream) => tallies[stream].sent > 0)) return tallies
  }
}

const assertAll = (tallies: Tallies, pick: 'answered' | 'lost', key: string): void => {
  for (const stream of streams) {
    const { sent, answered, lost } = tallies[stream]
    assert.deepEqual({ answered, lost }, { answered: {}, lost: {}, [pick]: { [key]: sent } }, stream)
  }
}

test('right answers are counted by the version that gave them', async () => {
  assertAll(await under(adds(1000)), 'answered', '1000')
})

test('an answer of a version that may not answer is wrong, and right once it may', async () => {
  assertAll(await under(adds(2000)), 'lost', 'wrong answer')
  await traffic.expect([1000, 2000])
  assertAll(await under(adds(2000)), 'answered', '2000')
  await traffic.expect([1000])
})

test("an answer to another request is wrong, even where its version's summand is right", async () => {
  assertAll(
    await under((request, response, x) => adds(1000)(request, response, x + 1)),
    'lost',
    'wrong answer',
  )
})

test('another status is lost by its number', async () => {
  assertAll(await under((_request, response) => void response.writeHead(503).end('{}')), 'lost', 'HTTP 503')
})

test('a connection that is cut is a reset', async () => {
  assertAll(await under((request) => void request.socket.destroy()), 'lost', 'reset')
})

test('half of the requests share a few connections, and each of the others has its own', async () => {
  await under(adds(1000))
  const before = { kept: new Set(connections.kept), fresh: connections.fresh.size }
  const sum = emptyTallies()
  while (sum.kept.sent < 50) {
    const tallies = await traffic.take()
    for (const stream of streams) sum[stream].sent += tallies[stream].sent
  }
  assert.ok(connections.kept.size - before.kept.size <= 8, 'no more than the eight that are kept')
  assert.ok(connections.fresh.size - before.fresh >= sum.fresh.sent - 1, 'one each')
})

test('a port without a listener refuses the connection', async () => {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeAllConnections()
  await closed
  assertAll(await under(adds(1000)), 'lost', 'refused')
})
