import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { type Pages, serveHttp } from './http.ts'

const healthy: Pages = {
  healthz: () => [],
  readyz: () => [],
  metrics: { contentType: 'text/plain; version=0.0.4', text: async () => 'up 1\n' },
}

const asking = async (t: TestContext, pages: Partial<Pages> = {}) => {
  const server = await serveHttp(0, { ...healthy, ...pages })
  t.after(() => server.close())
  return async (path: string, init?: RequestInit) => {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`, init)
    return { code: response.status, body: await response.text(), type: response.headers.get('content-type') }
  }
}

test('healthz and readyz say ok, or what is wrong', async (t) => {
  const ask = await asking(t, { readyz: () => ['pods have not been listed yet', 'jobs neither'] })
  assert.deepEqual(await ask('/healthz'), { code: 200, body: 'ok\n', type: 'text/plain' })
  const { code, body } = await ask('/readyz?verbose')
  assert.deepEqual([code, body], [503, 'pods have not been listed yet\njobs neither\n'])
})

test('metrics come in the type that Prometheus is told', async (t) => {
  const ask = await asking(t)
  assert.deepEqual(await ask('/metrics'), { code: 200, body: 'up 1\n', type: 'text/plain; version=0.0.4' })
})

test('metrics that cannot be read are an error of that page only', async (t) => {
  const metrics = { contentType: 'text/plain', text: async () => Promise.reject(new Error('broken')) }
  const ask = await asking(t, { metrics })
  assert.equal((await ask('/metrics')).code, 500)
  assert.equal((await ask('/healthz')).code, 200)
})

test('anything else is refused', async (t) => {
  const ask = await asking(t)
  assert.equal((await ask('/')).code, 404)
  assert.equal((await ask('/healthz', { method: 'POST' })).code, 405)
})

test('connections that ask nothing are few, and shut out neither probes nor metrics', async (t) => {
  const server = await serveHttp(0, healthy)
  const silent: Socket[] = []
  t.after(() => {
    for (const socket of silent) socket.destroy()
    server.close()
  })
  let ended = 0
  for (let count = 0; count < 400; count++) {
    const socket = connect(server.port, '127.0.0.1')
    await once(socket, 'connect')
    socket.on('error', () => {}).on('close', () => ended++)
    silent.push(socket)
  }
  const response = await fetch(`http://127.0.0.1:${server.port}/healthz`)
  assert.equal(response.status, 200)
  for (let look = 0; look < 100 && ended < 100; look++) await pause(20)
  assert.ok(ended >= 100, `${ended} of 400 have ended`)
})

test('a port that is taken is an error', async (t) => {
  const first = await serveHttp(0, healthy)
  t.after(() => first.close())
  await assert.rejects(serveHttp(first.port, healthy), { code: 'EADDRINUSE' })
})
