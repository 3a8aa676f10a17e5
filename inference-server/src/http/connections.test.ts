/** Callers that stop taking their answers, at a server that is less patient than the real one. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { call } from '../testing/raw-sockets.ts'
import { createConnections } from './connections.ts'

const request = 'GET / HTTP/1.1\r\nhost: localhost\r\n\r\n'
/** More than the system keeps for a caller that reads nothing. */
const large = Buffer.alloc(32 << 20)

const world = async (stalledMs: number, answer: (response: ServerResponse) => void) => {
  const server = createServer((request, response) => {
    connections.waits(request, response)
    answer(response)
  })
  const connections = createConnections({
    server,
    isSecure: false,
    nowMs: () => performance.now(),
    stalledMs,
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return { port, [Symbol.asyncDispose]: async () => void server.close().closeAllConnections() }
}

test('an answer that its caller takes nothing of is given up', async () => {
  const closed = Promise.withResolvers<boolean>()
  await using server = await world(60, (response) => {
    response.once('close', () => closed.resolve(response.writableFinished))
    response.end(large)
  })
  const { socket } = await call(server.port, request, false)
  assert.equal(await closed.promise, false)
  socket.destroy()
})

test('one that is taken slowly, or takes long to begin, or comes in pieces, arrives whole', async () => {
  const finished = Promise.withResolvers<void>()
  let isFinished = false
  await using server = await world(400, async (response) => {
    response.once('finish', finished.resolve)
    await pause(1000)
    response.write('a')
    await pause(1000)
    response.write(large)
    response.end('z')
  })
  const { socket } = await call(server.port, request, false)
  void finished.promise.then(() => {
    isFinished = true
  })
  while (!isFinished) {
    socket.read()
    assert.equal(socket.destroyed, false)
    await pause(2)
  }
  socket.destroy()
})
