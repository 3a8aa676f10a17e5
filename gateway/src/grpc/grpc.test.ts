/** gRPC through the port of requests, in front of real inference servers. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { constants, createServer, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import {
  type Client,
  credentials,
  loadPackageDefinition,
  type ServiceClientConstructor,
  status,
} from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import { call, refusal } from '../../../inference-server/src/testing/grpc.ts'
import type { TestServer } from '../../../inference-server/src/testing/server.ts'
import {
  inferenceServer,
  nowhere,
  support,
  type TestGateway,
  testGateway,
  upstream,
} from '../testing/gateway.ts'

const timeout = 20_000
const proto = join(import.meta.dirname, '../../../inference-server/src/grpc/open_inference.proto')
const { inference } = loadPackageDefinition(
  loadSync(proto, { keepCase: true, longs: String, enums: String, oneofs: true }),
) as unknown as { inference: { GRPCInferenceService: ServiceClientConstructor } }

const clientOf = ({ gateway }: TestGateway, authority = 'support.shop.svc'): Client =>
  new inference.GRPCInferenceService(`127.0.0.1:${gateway.port}`, credentials.createInsecure(), {
    'grpc.default_authority': authority,
  })

let server: TestServer
let gateway: TestGateway
let client: Client
const endpointOf = ({ url, serving }: TestServer) =>
  ({ url, grpcUrl: `http://127.0.0.1:${serving.grpcPort}`, track: 'stable' }) as const
before(async () => {
  server = await inferenceServer()
  gateway = await testGateway([support([endpointOf(server)])])
  client = clientOf(gateway)
})
after(async () => {
  client.close()
  await gateway[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

const request = {
  model_name: 'support',
  inputs: [
    {
      name: 'input',
      datatype: 'FP32',
      shape: [1, 30],
      contents: { fp32_contents: Array.from({ length: 30 }, (_, at) => at + 0.5) },
    },
  ],
}

test('a call is answered as the endpoint does, on the port of HTTP', { timeout }, async () => {
  const answer = (await call(client, 'ModelInfer', request)) as { model_name: string; outputs: unknown[] }
  assert.equal(answer.model_name, 'support')
  assert.equal(answer.outputs.length, 2)
  assert.equal((await fetch(`${gateway.url}/shop/support/v2/health/ready`)).status, 200)
})

test('a refusal of the endpoint keeps its status and its sentence', { timeout }, async () => {
  const error = await refusal(call(client, 'ModelInfer', { ...request, inputs: [] }))
  assert.equal(error.code, status.INVALID_ARGUMENT)
  assert.match(error.details, /input "input" is missing/)
})

test('a stream of calls goes both ways', { timeout }, async () => {
  const stream = (
    client as unknown as {
      ModelStreamInfer: () => import('@grpc/grpc-js').ClientDuplexStream<unknown, unknown>
    }
  ).ModelStreamInfer()
  const answers: unknown[] = []
  stream.on('data', (answer: unknown) => answers.push(answer))
  for (let round = 0; round < 3; round++) stream.write(request)
  stream.end()
  await once(stream, 'end')
  assert.equal(answers.length, 3)
})

test('many calls at a time share a connection', { timeout }, async () => {
  const answers = await Promise.all(Array.from({ length: 60 }, () => call(client, 'ModelInfer', request)))
  assert.equal(answers.length, 60)
})

test('an authority without a model is NOT_FOUND, and says what to call', { timeout }, async () => {
  const other = clientOf(gateway, 'suport.shop.svc')
  const error = await refusal(call(other, 'ServerLive'))
  assert.equal(error.code, status.NOT_FOUND)
  assert.match(error.details, /no model has the authority "suport\.shop\.svc"/)
  other.close()
})

test('an endpoint that takes no connection costs no call, and none at all is UNAVAILABLE', {
  timeout,
}, async () => {
  const gone = { url: await nowhere(), grpcUrl: await nowhere(), track: 'stable' } as const
  await using two = await testGateway([support([gone, endpointOf(server)])])
  const asking = clientOf(two)
  for (let round = 0; round < 3; round++) await call(asking, 'ServerLive')
  asking.close()
  await using none = await testGateway([support([gone])])
  const refused = clientOf(none)
  assert.equal((await refusal(call(refused, 'ServerLive'))).code, status.UNAVAILABLE)
  refused.close()
})

/** A server of HTTP/2 that does what a test of faults says, and a gateway in front of it. */
const faulty = async (behave: (stream: ServerHttp2Stream) => void, timeoutMs: number) => {
  const http = await upstream(() => {})
  const server = createServer()
  const sessions = new Set<ServerHttp2Session>()
  server.on('session', (session) => sessions.add(session.once('close', () => sessions.delete(session))))
  server.on('stream', (stream) => behave(stream.on('error', () => {})))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const grpcUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const front = await testGateway([support([{ url: http.url, grpcUrl, track: 'stable' }], { timeoutMs })])
  const asking = clientOf(front)
  return {
    ...{ asking, sessions },
    directory: front.gateway.directory,
    failures: () => front.gateway.directory.find('shop/support')?.upstreams('stable')[0]?.failures,
    [Symbol.asyncDispose]: async () => {
      asking.close()
      for (const session of sessions) session.destroy()
      server.close()
      await front[Symbol.asyncDispose]()
      await http[Symbol.asyncDispose]()
    },
  }
}

const ends: readonly (readonly [
  what: string,
  attempts: number,
  behave: (stream: ServerHttp2Stream) => void,
])[] = [
  ['whose connection ends', 2, (stream) => stream.session?.destroy()],
  ['that the endpoint resets', 2, (stream) => stream.close(constants.NGHTTP2_REFUSED_STREAM)],
  ['that the endpoint ends without an answer', 2, (stream) => stream.close(constants.NGHTTP2_NO_ERROR)],
  [
    'whose answer is cut off',
    1,
    (stream) => {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' })
      stream.write(Buffer.alloc(5), () => stream.close(constants.NGHTTP2_INTERNAL_ERROR))
    },
  ],
]
for (const [what, attempts, behave] of ends)
  test(`a call ${what} is UNAVAILABLE long before its deadline, and the endpoint is blamed`, {
    timeout,
  }, async () => {
    await using front = await faulty(behave, timeout)
    assert.equal((await refusal(call(front.asking, 'ServerLive'))).code, status.UNAVAILABLE)
    assert.equal(front.failures(), attempts)
  })

test('no endpoint is blamed for a call that its caller does not send to its end', { timeout }, async () => {
  await using front = await faulty(() => {}, 200)
  const stream = (
    front.asking as unknown as {
      ModelStreamInfer: () => import('@grpc/grpc-js').ClientDuplexStream<unknown, unknown>
    }
  ).ModelStreamInfer()
  const [error] = await once(stream.resume(), 'error').catch((thrown) => [thrown])
  assert.equal((error as { code: number }).code, status.DEADLINE_EXCEEDED)
  assert.equal(front.failures(), 0)
})

test('the connection to an endpoint ends when it leaves the model', { timeout }, async () => {
  await using front = await faulty((stream) => {
    stream.respond(
      { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '12' },
      { endStream: true },
    )
  }, 1000)
  assert.equal((await refusal(call(front.asking, 'ServerLive'))).code, status.UNIMPLEMENTED)
  const [session] = front.sessions
  assert.ok(session)
  const ended = once(session, 'close')
  front.directory.apply([])
  await ended
})

test('a call that is not answered in time is DEADLINE_EXCEEDED, and the endpoint sees it end', {
  timeout,
}, async () => {
  await using http = await upstream(() => {})
  const silent = createServer()
  const called = new Promise<ServerHttp2Stream>((resolve) => void silent.once('stream', resolve))
  silent.listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const grpcUrl = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
  await using late = await testGateway([
    support([{ url: http.url, grpcUrl, track: 'stable' }], { timeoutMs: 200 }),
  ])
  const asking = clientOf(late)
  const refused = refusal(call(asking, 'ServerLive'))
  const stream = await called
  const ended = new Promise((resolve) => stream.on('error', () => {}).once('close', resolve))
  assert.equal((await refused).code, status.DEADLINE_EXCEEDED)
  await ended
  asking.close()
  silent.close()
})
