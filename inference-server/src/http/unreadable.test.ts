import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { test } from 'node:test'
import { unreadable } from './unreadable.ts'

/** What a caller reads who sends `bytes` to a server that waits so long for a request, ms. */
const answerTo = async (bytes: string, patienceMs: number): Promise<string> => {
  const limits = {
    ...{ requestTimeout: patienceMs, headersTimeout: patienceMs },
    connectionsCheckingInterval: 10,
  }
  const server = createServer(limits, (_, response) => response.end())
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => socket.end(unreadable(error.code)))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.write(bytes)
  let answer = ''
  for await (const chunk of socket) answer += String(chunk)
  server.close()
  return answer
}

/** Longer than a busy machine takes to read a request that has arrived. */
const longMs = 60_000

for (const [what, bytes, status, sentence, patienceMs] of [
  ['what is no HTTP', 'nonsense\r\n\r\n', '400 Bad Request', 'not an HTTP request', longMs],
  [
    'headers beyond the limit',
    `GET / HTTP/1.1\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`,
    '431 ',
    'larger than 16384 bytes',
    longMs,
  ],
  [
    'a request that does not come',
    'POST / HTTP/1.1\r\nhost: m\r\n',
    '408 Request Timeout',
    'did not arrive in time',
    20,
  ],
] as const) {
  test(`${what}: ${status.trim()} with a sentence, and the connection ends`, async () => {
    const [head = '', body = ''] = (await answerTo(bytes, patienceMs)).split('\r\n\r\n')
    assert.ok(head.startsWith(`HTTP/1.1 ${status}`), head)
    assert.match(head, new RegExp(`content-length: ${body.length}\r\nconnection: close`))
    assert.match((JSON.parse(body) as { error: string }).error, new RegExp(sentence))
  })
}
