/** A WebSocket server plays the API server, for what a kubelet does rarely; e2e/tests/gantry.e2e.ts uses a real one. */
import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { after, test } from 'node:test'
import { ApiError } from '@gantry/kube/errors.ts'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Session } from './session.ts'
import { openTunnel } from './tunnel.ts'

const servers: Server[] = []
after(() => {
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
})

const listen = async (server: Server): Promise<Session> => {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const credentials = async () => ({ headers: { authorization: 'Bearer x' }, options: {} })
  return {
    access: { server: new URL(`http://127.0.0.1:${port}/base`), credentials },
  } as Partial<Session> as Session
}

const target = { namespace: 'shop', pod: 'support-1', port: 9000 }

/** What a kubelet sends first on each stream: its number, and the port. */
const beginning = (socket: WebSocket): void => {
  for (const channel of [0, 1]) socket.send(Buffer.from([channel, 0x28, 0x23]))
}

const playing = async (play: (socket: WebSocket) => void): Promise<{ session: Session; asked: string[] }> => {
  const server = createServer()
  const asked: string[] = []
  const sockets = new WebSocketServer({ server, handleProtocols: () => 'v4.channel.k8s.io' })
  sockets.on('connection', (socket, request) => {
    asked.push(`${request.url} ${request.headers.authorization} ${request.headers['sec-websocket-protocol']}`)
    play(socket)
  })
  return { session: await listen(server), asked }
}

test('bytes go both ways, without the numbers of stream and port', async () => {
  const { session, asked } = await playing((socket) => {
    beginning(socket)
    socket.on('message', (message: Buffer) => {
      assert.equal(message[0], 0)
      socket.send(Buffer.concat([Buffer.of(0), Buffer.from('you said '), message.subarray(1)]))
      socket.close()
    })
  })
  const tunnel = await openTunnel(session, target)
  tunnel.write('hello')
  assert.equal((await buffer(tunnel)).toString(), 'you said hello')
  assert.deepEqual(asked, [
    '/base/api/v1/namespaces/shop/pods/support-1/portforward?ports=9000 Bearer x v4.channel.k8s.io',
  ])
})

test('a reader that waits gets everything, in order', async () => {
  const part = 64 * 1024
  const count = 64
  const { session } = await playing((socket) => {
    beginning(socket)
    for (let index = 0; index < count; index += 1)
      socket.send(Buffer.concat([Buffer.of(0), Buffer.alloc(part, index)]))
    socket.close()
  })
  const tunnel = await openTunnel(session, target)
  await new Promise((resolve) => setTimeout(resolve, 50))
  const all = await buffer(tunnel)
  assert.equal(all.length, part * count)
  for (let index = 0; index < count; index += 1) assert.equal(all[index * part], index)
})

test('where nothing listens on the port, the stream ends with the words of the kubelet as plain text', async () => {
  const { session } = await playing((socket) => {
    beginning(socket)
    socket.send(Buffer.concat([Buffer.of(1), Buffer.from('connection refused\u001b[2J')]))
  })
  await assert.rejects(buffer(await openTunnel(session, target)), /^Error: connection refused\ufffd\[2J$/)
})

test('a refusal of the API server is an ApiError with its message', async () => {
  const body = JSON.stringify({ reason: 'Forbidden', message: 'may not create pods/portforward' })
  const session = await listen(createServer())
  servers
    .at(-1)
    ?.on('upgrade', (_request, socket) =>
      socket.end(`HTTP/1.1 403 Forbidden\r\ncontent-length: ${body.length}\r\n\r\n${body}`),
    )
  await assert.rejects(openTunnel(session, target), (error: unknown) => {
    assert.ok(error instanceof ApiError)
    assert.deepEqual(
      [error.code, error.reason, error.message],
      [403, 'Forbidden', 'may not create pods/portforward'],
    )
    return true
  })
})

test('an API server that does not answer is an error that says so', async () => {
  const session = await listen(createServer())
  const [server] = servers.splice(-1)
  await new Promise((resolve) => server?.close(resolve))
  await assert.rejects(openTunnel(session, target), /the API server did not answer GET/)
})
