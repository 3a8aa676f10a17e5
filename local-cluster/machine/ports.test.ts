import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { freePort, requirePort } from './ports.ts'

test('a port in use is refused with its number and who wants it', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  try {
    const refused = requirePort('etcd', { host: '127.0.0.1', port })
    await assert.rejects(refused, new RegExp(`port ${port} on 127\\.0\\.0\\.1, which etcd needs, is in use`))
  } finally {
    server.close()
  }
})

test('a free port is accepted, and free again afterwards', async () => {
  const endpoint = { host: '127.0.0.1', port: await freePort() }
  await requirePort('etcd', endpoint)
  await requirePort('etcd', endpoint)
})
