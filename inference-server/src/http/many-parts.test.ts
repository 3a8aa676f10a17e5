/** Bodies that come byte by byte: each part is an object, and the heap for objects is smaller than the memory for bytes. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { identity, modelFolder } from '../testing/models.ts'
import { ready, serveArgs, start } from '../testing/program.ts'
import { call } from '../testing/raw-sockets.ts'

test('a body in millions of parts does not take the heap of the server', { timeout: 120_000 }, async () => {
  await using folder = await modelFolder(identity('FP32'))
  const more = ['--name', 'm', '--max-in-flight-mib', '8192']
  await using server = start(serveArgs(folder.dir, ...more), {
    ...process.env,
    NODE_OPTIONS: '--max-old-space-size=96',
  })
  const port = await ready(server)
  const head = 'POST /v2/models/m/infer HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n'
  const { socket, received, ended } = await call(port, head)
  const parts = '1\r\n \r\n'.repeat(20_000)
  for (let sent = 0; sent < 75 && !socket.destroyed; sent++)
    if (!socket.write(parts)) await Promise.race([once(socket, 'drain'), ended])
  socket.write('0\r\n\r\n')
  while (received() === '' && !socket.destroyed) await Promise.race([once(socket, 'data'), ended])
  assert.match(received(), /^HTTP\/1\.1 400 /)
  socket.destroy()
})
