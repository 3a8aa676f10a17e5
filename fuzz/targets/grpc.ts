/** gRPC below its library: frames, flags, lengths, headers and protobuf of any form. Each call ends with a status. */
import assert from 'node:assert/strict'
import type { OutgoingHttpHeaders } from 'node:http2'
import { gzipSync } from 'node:zlib'
import { mutated, pick, randomBytes } from '../../inference-server/src/testing/fuzz.ts'
import {
  exchange,
  frame,
  methodPath,
  openSession,
  additions as right,
  status,
} from '../../inference-server/src/testing/grpc-frames.ts'
import { addition } from '../../inference-server/src/testing/models.ts'
import { testServer } from '../../inference-server/src/testing/server.ts'
import type { Random, Target } from '../target.ts'

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

interface Call {
  readonly headers: OutgoingHttpHeaders
  /** base64 */
  readonly body: string
}

export const grpc: Target = {
  name: 'grpc',
  rounds: 2000,
  reaches: ['OK', 'INVALID_ARGUMENT', 'UNIMPLEMENTED', 'RESOURCE_EXHAUSTED'],
  open: async () => {
    const server = await testServer(addition(), ['--max-body-mib', '1'])
    const open = () => openSession(server.serving.grpcPort)
    let session = open()
    return {
      make: (random) => {
        const frames = Array.from({ length: random() < 0.9 ? 1 : 3 }, () => oddFrame(random))
        const call: Call = { headers: oddHeaders(random), body: Buffer.concat(frames).toString('base64') }
        return Buffer.from(JSON.stringify(call))
      },
      check: async (input) => {
        const { headers, body } = JSON.parse(input.toString()) as Call
        if (session.destroyed || session.closed) session = open()
        const { code } = await exchange(session, Buffer.from(body, 'base64'), headers)
        return status[code] ?? String(code)
      },
      afterwards: async () => {
        const fresh = open()
        for (const message of right) assert.equal((await exchange(fresh, frame(message))).code, status.OK)
        fresh.close()
        assert.deepEqual(
          server.lines.filter(({ level }) => level === 'error'),
          [],
        )
      },
      [Symbol.asyncDispose]: async () => {
        session.destroy()
        await server[Symbol.asyncDispose]()
      },
    }
  },
}
