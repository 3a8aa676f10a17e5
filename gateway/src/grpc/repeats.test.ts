/** Calls that an endpoint does not answer, in front of servers of HTTP/2 that say so in each way that there is. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import {
  connect,
  constants,
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { isDemand } from '@gantry/contract/documents.ts'
import { nowhere, support, testGateway } from '../testing/gateway.ts'

const timeout = 20_000
const load = 'RepositoryModelLoad'

type Behave = (stream: ServerHttp2Stream, number: number) => void

const answer = (stream: ServerHttp2Stream): void => {
  const chunks: Buffer[] = []
  stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  stream.on('end', () => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
    stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
    stream.end(Buffer.concat(chunks))
  })
}

/** @param behave gets the number of the call too, from 1 */
const endpoint = async (behave: Behave) => {
  const sessions = new Set<ServerHttp2Session>()
  const server = createServer()
  let calls = 0
  server.on('session', (session) => sessions.add(session.on('error', () => {})))
  server.on('stream', (stream) => {
    calls += 1
    behave(
      stream.on('error', () => {}),
      calls,
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const grpcUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    ...{ url: grpcUrl, grpcUrl, track: 'stable' as const, calls: () => calls },
    [Symbol.asyncDispose]: async () => {
      for (const session of sessions) session.destroy()
      server.close()
    },
  }
}

/** A connection to a gateway, and calls over it. */
const caller = (url: string) => {
  const session = connect(url)
  return {
    /** @returns status of gRPC, and the bytes of the answer */
    call: async (method: string, body: Buffer): Promise<readonly [status: string, echo: Buffer]> => {
      const stream = session.request({
        ...{ ':method': 'POST', ':path': `/inference.GRPCInferenceService/${method}` },
        ...{ ':authority': 'support.shop.svc', 'content-type': 'application/grpc' },
      })
      let last: IncomingHttpHeaders = {}
      stream.on('response', (headers) => {
        last = headers
      })
      stream.on('trailers', (headers) => {
        last = headers
      })
      // In two parts: what comes later has to reach the further endpoint too.
      stream.write(body.subarray(0, body.length / 2))
      setTimeout(() => stream.end(body.subarray(body.length / 2)), 20)
      const chunks: Buffer[] = []
      for await (const chunk of stream) chunks.push(chunk as Buffer)
      return [String(last['grpc-status']), Buffer.concat(chunks)]
    },
    [Symbol.dispose]: () => session.destroy(),
  }
}

const small = Buffer.from(Array.from({ length: 5000 }, (_, at) => at % 251))
const large = Buffer.alloc(70 * 1024, 7)

const refuse: Behave = (stream) => stream.close(constants.NGHTTP2_REFUSED_STREAM)
const cut: Behave = (stream) => stream.session?.destroy()
const lateCut: Behave = (stream) => void stream.resume().once('end', () => stream.session?.destroy())

const cases: readonly (readonly [
  what: string,
  fault: Behave,
  method: string,
  body: Buffer,
  isRepeated: boolean,
])[] = [
  ['a call that is refused is repeated, whatever it does', refuse, load, small, true],
  ['an inference whose connection ends is repeated', lateCut, 'ModelInfer', small, true],
  ['a read whose connection ends is repeated', cut, 'ModelReady', small, true],
  ['a call that may have changed something is not repeated', lateCut, load, small, false],
  ['a call of a service that nobody knows is not repeated', lateCut, 'Other', small, false],
  ['a call that is larger than what is kept is not repeated', lateCut, 'ModelInfer', large, false],
]
for (const [what, fault, method, body, isRepeated] of cases)
  test(what, { timeout }, async () => {
    await using faulty = await endpoint(fault)
    await using good = await endpoint(answer)
    await using gateway = await testGateway([support([faulty, good])])
    using asking = caller(gateway.url)
    const [status, echo] = await asking.call(method, body)
    assert.deepEqual([faulty.calls(), good.calls()], [1, isRepeated ? 1 : 0])
    assert.equal(status, isRepeated ? '0' : '14')
    if (isRepeated) assert.ok(echo.equals(body))
  })

for (const [how, code, ofFirst] of [
  ['gracefully', constants.NGHTTP2_NO_ERROR, '0'],
  ['with an error', constants.NGHTTP2_INTERNAL_ERROR, '14'],
] as const)
  test(`a call above the last of a connection that ends ${how} is repeated over a new one`, {
    timeout,
  }, async () => {
    const held = Promise.withResolvers<ServerHttp2Stream>()
    await using only = await endpoint((stream, number) => {
      if (number === 1) held.resolve(stream)
      else if (number === 2) stream.session?.goaway(code, 1)
      else answer(stream)
    })
    await using gateway = await testGateway([support([only])])
    using asking = caller(gateway.url)
    const first = asking.call(load, small)
    const stream = await held.promise
    const [status, echo] = await asking.call(load, small)
    assert.equal(status, '0')
    assert.ok(echo.equals(small))
    // The endpoint has seen the first one, and goes on with it unless the connection is broken.
    if (!stream.destroyed) answer(stream)
    assert.equal((await first)[0], ofFirst)
    assert.equal(only.calls(), 3)
  })

test('the verdict counts the first attempt of a call that is repeated, and an endpoint without gRPC is none', {
  timeout,
}, async () => {
  await using faulty = await endpoint(refuse)
  await using good = await endpoint(answer)
  const without = { url: await nowhere(), track: 'stable' } as const
  await using gateway = await testGateway([support([without, faulty, good])])
  using asking = caller(gateway.url)
  assert.equal((await asking.call('ModelInfer', small))[0], '0')
  assert.deepEqual([faulty.calls(), good.calls()], [1, 1])
  const demand: unknown = await (await fetch(`${gateway.probes}/demand`)).json()
  assert.ok(isDemand(demand))
  const { requests, errors } = demand.models[0]?.stable ?? {}
  assert.deepEqual({ requests, errors }, { requests: 1, errors: 1 })
  const metrics = await (await fetch(`${gateway.probes}/metrics`)).text()
  assert.match(metrics, /gantry_gateway_retries_total\{[^}]*\} 1\n/)
})

for (const isSent of [true, false])
  test(`a connection that its caller ends ends its calls, ${isSent ? 'sent to their end' : 'half sent'}`, {
    timeout,
  }, async () => {
    const held = Promise.withResolvers<ServerHttp2Stream>()
    await using only = await endpoint((stream) => held.resolve(stream))
    await using gateway = await testGateway([support([only])])
    const session = connect(gateway.url)
    const stream = session.request({
      ...{ ':method': 'POST', ':path': `/inference.GRPCInferenceService/${load}` },
      ...{ ':authority': 'support.shop.svc', 'content-type': 'application/grpc' },
    })
    stream.on('error', () => {}).write(small)
    if (isSent) stream.end()
    const asked = await held.promise
    const ended = once(asked, 'close')
    session.destroy()
    await ended
  })

test('repeats are a tenth of the calls and ten in store, however often endpoints refuse', {
  timeout,
}, async () => {
  await using one = await endpoint(refuse)
  await using other = await endpoint(refuse)
  await using gateway = await testGateway([support([one, other])])
  using asking = caller(gateway.url)
  const calls = 40
  for (let round = 0; round < calls; round++) assert.equal((await asking.call('ModelInfer', small))[0], '14')
  const repeats = one.calls() + other.calls() - calls
  assert.ok(repeats >= 10 && repeats <= 10 + calls / 10, `${repeats} repeats`)
})
