import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { identity } from '../testing/models.ts'
import { testServer } from '../testing/server.ts'

test('callers that read nothing hold two of the largest answers and no more: the next is 503 until one has gone', async () => {
  await using server = await testServer(identity('FP32', ['n']), ['--max-answer-mib', '16'])
  const path = '/v2/models/m/infer'
  const raw = Buffer.from(new Float32Array(3_000_000).fill(0.1).buffer)
  const input = {
    name: 'x',
    datatype: 'FP32',
    shape: [3_000_000],
    parameters: { binary_data_size: raw.length },
  }
  const header = Buffer.from(JSON.stringify({ inputs: [input], parameters: { binary_data_output: true } }))
  const head = [
    `POST ${path} HTTP/1.1`,
    `host: ${new URL(server.url).host}`,
    `inference-header-content-length: ${header.length}`,
    `content-length: ${header.length + raw.length}`,
  ]
  /** Asks, and reads the head of the answer only. */
  const ask = async () => {
    const socket = connect(server.serving.port, '127.0.0.1').on('error', () => {})
    socket.write(`${head.join('\r\n')}\r\n\r\n`)
    socket.write(Buffer.concat([header, raw]))
    const [first] = await once(socket, 'data')
    socket.pause()
    return { socket, status: Number(String(first).slice(9, 12)), first: String(first) }
  }
  const idle = [await ask(), await ask()]
  assert.deepEqual(
    idle.map(({ status }) => status),
    [200, 200],
  )
  const third = await ask()
  assert.equal(third.status, 503)
  assert.match(third.first, /retry-after: 1/i)
  assert.match(third.first, /the answers that are being sent hold/)
  idle[0]?.socket.destroy()
  for (let turn = 0, status = 503; status !== 200; turn++) {
    assert.ok(turn < 100)
    const next = await ask()
    status = next.status
    next.socket.destroy()
  }
  for (const { socket } of [...idle, third]) socket.destroy()
})
