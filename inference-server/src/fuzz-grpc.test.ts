/** gRPC below its library: frames, flags, lengths and protobuf that no client would send. Each call ends with a status. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type ClientHttp2Session, connect, type OutgoingHttpHeaders } from 'node:http2'
import { connect as connectTcp } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { status } from '@grpc/grpc-js'
import { mutated, pick, printedRandom, type Random, randomBytes } from './testing/fuzz.ts'
import { encodeInfer, exchange, frame, methodPath } from './testing/grpc-frames.ts'
import { addition } from './testing/models.ts'
import { type TestServer, testServer } from './testing/server.ts'

const inputs = ['a', 'b'].map((name) => ({ name, datatype: 'FP32', shape: [1, 3] }))
const raw = Buffer.from(Float32Array.of(1, 2, 3).buffer)
const right: readonly Buffer[] = [
  encodeInfer({ model_name: 'm', inputs, raw_input_contents: [raw, raw] }),
  encodeInfer({
    model_name: 'm',
    id: '7',
    inputs: inputs.map((input) => ({ ...input, contents: { fp32_contents: [1, 2, 3] } })),
    outputs: [{ name: 'sum' }],
  }),
]

/** The gRPC status of a call. */
const call = async (
  session: ClientHttp2Session,
  body: Buffer,
  more: OutgoingHttpHeaders = {},
): Promise<number> => (await exchange(session, body, more)).code

const path = methodPath('ModelInfer')

const oddFrame = (random: Random): Buffer => {
  const kinds: readonly (() => Buffer)[] = [
    () => mutated(random, pick(random, right)),
    () => randomBytes(random, 200),
    () => gzipSync(mutated(random, pick(random, right))),
    () => mutated(random, gzipSync(pick(random, right))),
  ]
  const message = pick(random, kinds)()
  const flag = random() < 0.5 ? Math.floor(random() * 2) : Math.floor(random() * 256)
  const length = random() < 0.7 ? message.length : Math.floor(random() * 2 ** pick(random, [4, 8, 16, 32]))
  return frame(message, flag, length)
}

const oddHeaders = (random: Random): OutgoingHttpHeaders => ({
  ...(random() < 0.5 && {
    'grpc-encoding': pick(random, ['identity', 'gzip', 'deflate', 'br', 'x'.repeat(300)]),
  }),
  ...(random() < 0.1 && {
    ':path': pick(random, ['/', '/x', `${path}/`, '/inference.GRPCInferenceService/Nothing']),
  }),
  ...(random() < 0.1 && { 'content-type': pick(random, ['application/json', 'application/grpc+json', '']) }),
  ...(random() < 0.1 && { 'grpc-timeout': pick(random, ['1m', '0n', '99999999H', 'soon', '-1S']) }),
  ...(random() < 0.1 && { ':method': pick(random, ['GET', 'PUT', 'BREW']) }),
  ...(random() < 0.2 && {
    traceparent: pick(random, ['00', `00-${'0'.repeat(32)}-${'0'.repeat(16)}-00`, 'é']),
  }),
  ...(random() < 0.1 && { 'grpc-accept-encoding': pick(random, ['gzip', 'x', ',,,']) }),
  ...(random() < 0.1 && { 'x-binary-bin': pick(random, ['====', 'AAAA', 'not base64!']) }),
})

describe('gRPC', () => {
  let server: TestServer
  let session: ClientHttp2Session
  before(async () => {
    server = await testServer(addition(), ['--max-body-mib', '1'])
    session = connect(`http://127.0.0.1:${server.serving.grpcPort}`)
    session.on('error', () => {})
  })
  after(async () => {
    session.close()
    await server[Symbol.asyncDispose]()
  })

  const stillServes = async (): Promise<void> => {
    const fresh = connect(`http://127.0.0.1:${server.serving.grpcPort}`)
    for (const message of right) assert.equal(await call(fresh, frame(message)), status.OK)
    fresh.close()
    assert.deepEqual(
      server.lines.filter(({ level }) => level === 'error'),
      [],
    )
  }

  const gzip = { 'grpc-encoding': 'gzip' }
  const message = right[0] as Buffer
  const refused: readonly (readonly [string, Buffer, OutgoingHttpHeaders, status])[] = [
    ['a message that ends early', frame(message).subarray(0, -4), {}, status.UNIMPLEMENTED],
    ['half of the head of a message', frame(message).subarray(0, 3), {}, status.UNIMPLEMENTED],
    ['no message', Buffer.alloc(0), {}, status.UNIMPLEMENTED],
    ['a message that says it has 4 GiB', frame(message, 0, 2 ** 32 - 1), {}, status.RESOURCE_EXHAUSTED],
    ['a compression that is not known', frame(message, 1), { 'grpc-encoding': 'br' }, status.UNIMPLEMENTED],
    ['what is called gzip and is none', frame(message, 1), gzip, status.INVALID_ARGUMENT],
    [
      'a message that unpacks beyond the limit',
      frame(gzipSync(Buffer.alloc(64 * 2 ** 20)), 1),
      gzip,
      status.RESOURCE_EXHAUSTED,
    ],
    ['what is no protobuf', frame(Buffer.alloc(64, 255)), {}, status.INVALID_ARGUMENT],
    [
      'a tensor longer than its message',
      frame(Buffer.from([42, 100, 10, 1, 97])),
      {},
      status.INVALID_ARGUMENT,
    ],
  ]
  for (const [what, body, more, code] of refused) {
    test(`${what} is refused`, async () => {
      assert.equal(await call(session, body, more), code)
      await stillServes()
    })
  }

  test('a compressed message that is right is answered', async () => {
    assert.equal(await call(session, frame(gzipSync(message), 1), gzip), status.OK)
  })

  test('frames and headers of any kind end with a status', async (context) => {
    const random = printedRandom(context)
    const printed = context.mock.method(console, 'error', () => {})
    const seen = new Set<number>()
    for (let round = 0; round < 2000; round++) {
      const frames = Array.from({ length: random() < 0.9 ? 1 : 3 }, () => oddFrame(random))
      if (session.destroyed || session.closed) {
        session = connect(`http://127.0.0.1:${server.serving.grpcPort}`)
        session.on('error', () => {})
      }
      const body = Buffer.concat(frames)
      const more = oddHeaders(random)
      try {
        seen.add(await call(session, body, more))
      } catch (error) {
        assert.fail(`${String(error)}: ${JSON.stringify(more)} ${body.toString('base64')}`)
      }
    }
    assert.ok(seen.has(status.OK) && seen.has(status.INVALID_ARGUMENT), [...seen].join())
    assert.equal(printed.mock.callCount(), 0, 'the library prints nothing of its own')
    await stillServes()
  })

  test('what is no HTTP/2, or breaks off in the middle of it, harms nobody', async (context) => {
    const random = printedRandom(context)
    const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
    for (let round = 0; round < 300; round++) {
      const socket = connectTcp(server.serving.grpcPort ?? 0, '127.0.0.1')
      socket.on('error', () => {})
      socket.resume()
      const junk = randomBytes(random, 400)
      socket.write(random() < 0.7 ? Buffer.concat([preface, junk]) : junk)
      if (random() < 0.5) await Promise.race([once(socket, 'close'), pause(20)])
      socket.destroy()
    }
    await stillServes()
  })
})
