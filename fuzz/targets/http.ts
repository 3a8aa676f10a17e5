/** Requests of HTTP below its client: every one is answered, and none with a fault of the server. */
import assert from 'node:assert/strict'
import { mutated, pick } from '../../inference-server/src/testing/fuzz.ts'
import { exchange, statusesOf } from '../../inference-server/src/testing/http-bytes.ts'
import { addition } from '../../inference-server/src/testing/models.ts'
import { testServer } from '../../inference-server/src/testing/server.ts'
import type { Random, Target } from '../target.ts'

const infer = '/v2/models/m/infer'
const right = JSON.stringify({
  inputs: ['a', 'b'].map((name) => ({ name, datatype: 'FP32', shape: [1, 3], data: [1, 2, 3] })),
})

const headerJunk: readonly string[] = [
  'traceparent: 00',
  'traceparent: 00-00000000000000000000000000000000-0000000000000000-00',
  'traceparent: ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  'traceparent: 00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01',
  `traceparent: ${'0'.repeat(5000)}`,
  'traceparent: \xe9\xff',
  'tracestate: a=b,,,=,c',
  'inference-header-content-length: 1e3',
  'inference-header-content-length: -1',
  'inference-header-content-length: 99999999999999999999',
  'inference-header-content-length: 0x10',
  'accept-language: ,;q=,zh;q=x,*',
  'accept-encoding: gzip;q=NaN',
  'authorization: Bearer',
  'x-api-key: ',
  'content-encoding: gzip, gzip',
  'content-encoding: gzip',
  'expect: 200-maybe',
  'expect: 100-continue',
  'upgrade: websocket',
  'connection: upgrade, close',
  'cookie: a=b; __proto__=c',
  '__proto__: x',
]
const oddPaths = [
  '//',
  '/%',
  '/%00',
  '/../../etc/passwd',
  '/v2/models/%E0%A4%A/infer',
  '/v2/models/../infer',
  '/v2/models/m/versions/%2e%2e/infer',
  '*',
  'http://x/predict',
  `/${'a'.repeat(9000)}`,
  '/predict?a=%',
  '/v1/completions/',
]

const oddRequest = (random: Random): Buffer => {
  const body = random() < 0.5 ? Buffer.from(right) : mutated(random, Buffer.from(right))
  const lines = [
    `${pick(random, ['POST', 'POST', 'POST', 'GET', 'PUT', 'OPTIONS', 'HEAD'])} ${random() < 0.7 ? infer : pick(random, oddPaths)} HTTP/1.1`,
    'host: localhost',
    'connection: close',
    'content-type: application/json',
    ...Array.from({ length: Math.floor(random() * 3) }, () => pick(random, headerJunk)),
    random() < 0.8 ? `content-length: ${body.length}` : 'transfer-encoding: chunked',
  ]
  const whole = Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body])
  return random() < 0.2 ? mutated(random, whole) : whole
}

export const http: Target = {
  name: 'http',
  rounds: 800,
  reaches: ['200', '400', '404'],
  open: async () => {
    const server = await testServer(addition(), ['--max-body-mib', '1'])
    return {
      make: oddRequest,
      check: async (input) => {
        const answer = await exchange(server.serving.port, input)
        const statuses = statusesOf(answer)
        for (const status of statuses) assert.ok(status < 500 || status === 501, answer)
        return `${statuses[0] ?? 'closed'}`
      },
      afterwards: async () => {
        assert.equal((await server.post(infer, right)).status, 200)
        assert.deepEqual(
          server.lines.filter(({ level }) => level === 'error'),
          [],
        )
      },
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    }
  },
}
