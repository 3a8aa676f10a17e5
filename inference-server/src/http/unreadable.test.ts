import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { test } from 'node:test'
import { unreadable } from './unreadable.ts'

/** What a caller reads who sends `bytes` to a server that is as patient as the test can be. */
const answerTo = async (bytes: string): Promise<string> => {
  const limits = { requestTimeout: 20, headersTimeout: 20, connectionsCheckingInterval: 10 }
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

for (const [what, bytes, status, sentence] of [
  ['what is no HTTP', 'nonsense\r\n\r\n', '400 Bad Request', 'not an HTTP request'],
  [
    'headers beyond the limit',
    `GET / HTTP/1.1\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`,
    '431 ',
    'larger than 16384 bytes',
  ],
  [
    'a request that does not come',
    'POST / HTTP/1.1\r\nhost: m\r\n',
    '408 Request Timeout',
    'did not arrive in time',
  ],
] as const) {
  test(`${what}: ${status.trim()} with a sentence, and the connection ends`, async () => {
    const [head = '', body = ''] = (await answerTo(bytes)).split('\r\n\r\n')
    assert.ok(head.startsWith(`HTTP/1.1 ${status}`), head)
    assert.match(head, new RegExp(`content-length: ${body.length}\r\nconnection: close`))
    assert.match((JSON.parse(body) as { error: string }).error, new RegExp(sentence))
  })
}
