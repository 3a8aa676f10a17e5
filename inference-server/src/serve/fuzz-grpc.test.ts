/** gRPC below its library: frames, flags, lengths and protobuf that no client would send. Each call ends with a status. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type ClientHttp2Session, connect, type OutgoingHttpHeaders } from 'node:http2'
import { connect as connectTcp } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { status } from '@grpc/grpc-js'
import { printedRandom, randomBytes } from '../testing/fuzz.ts'
import { exchange, frame, additions as right } from '../testing/grpc-frames.ts'
import { addition } from '../testing/models.ts'
import { type TestServer, testServer } from '../testing/server.ts'

/** The gRPC status of a call. */
const call = async (
  session: ClientHttp2Session,
  body: Buffer,
  more: OutgoingHttpHeaders = {},
): Promise<number> => (await exchange(session, body, more)).code

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

  test('bytes that are not HTTP/2, or break off in the middle of it, harm no other caller', async (context) => {
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
