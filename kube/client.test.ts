import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { createKube } from './client.ts'
import { ApiError, explain } from './errors.ts'
import type { KubernetesObject } from './objects.ts'
import { Deployment, Pod, resource } from './resources.ts'
import { json, refusal, type Step, scriptedServer } from './testing/scripted-server.ts'
import { createTransport } from './transport.ts'

const limit = { timeout: 20_000 }

const speaking = async (t: TestContext, steps: readonly Step[], deadlineMs?: number) => {
  const server = await scriptedServer(t, steps)
  const transport = createTransport(server.access, deadlineMs === undefined ? {} : { deadlineMs })
  t.after(() => transport.close())
  const calls: string[] = []
  const kube = createKube(transport, {
    fieldManager: 'gantry',
    onCall: ({ verb, resource, code }) => calls.push(`${verb} ${resource} ${code}`),
  })
  return { server, kube, calls }
}

const deployment: KubernetesObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'intents', namespace: 'shop' },
}

test(
  'apply is a forced server-side apply and answers with the live object, unknown fields and all',
  limit,
  async (t) => {
    const live = { ...deployment, metadata: { ...deployment.metadata, uid: 'u' }, fieldOfTheFuture: 1 }
    const { server, kube, calls } = await speaking(t, [json(201, live)])
    assert.deepEqual(await kube.apply(Deployment, deployment), live)
    const [request] = server.requests
    assert.equal(
      `${request?.method} ${request?.path}`,
      'PATCH /apis/apps/v1/namespaces/shop/deployments/intents',
    )
    assert.equal(request?.headers['content-type'], 'application/apply-patch+yaml')
    assert.equal(String(request?.query), 'fieldManager=gantry&force=true')
    assert.deepEqual(JSON.parse(request?.body ?? ''), deployment)
    assert.deepEqual(calls, ['apply deployments 201'])
  },
)

test('applyStatus goes to the subresource', limit, async (t) => {
  const { server, kube } = await speaking(t, [json(200, {})])
  const widgets = resource('example.dev/v1', 'Widget', 'widgets')
  await kube.applyStatus(widgets, {
    apiVersion: 'example.dev/v1',
    kind: 'Widget',
    metadata: { name: 'w', namespace: 'shop' },
  })
  assert.equal(server.requests[0]?.path, '/apis/example.dev/v1/namespaces/shop/widgets/w/status')
})

test('get answers undefined for what is not there, and only for that', limit, async (t) => {
  const { kube } = await speaking(t, [refusal(404, 'NotFound'), refusal(403, 'Forbidden')])
  assert.equal(await kube.get(Pod, 'shop', 'x'), undefined)
  await assert.rejects(kube.get(Pod, 'shop', 'x'), { name: 'ApiError', code: 403, reason: 'Forbidden' })
})

test('names are escaped, so that none reaches another path', limit, async (t) => {
  const { server, kube } = await speaking(t, [refusal(404, 'NotFound')])
  await kube.get(Pod, 'shop', '../secrets/x?y')
  assert.equal(server.requests[0]?.path, '/api/v1/namespaces/shop/pods/..%2Fsecrets%2Fx%3Fy')
})

test('a refusal carries code, reason, message and Retry-After', limit, async (t) => {
  const { kube } = await speaking(t, [refusal(429, 'TooManyRequests', { 'Retry-After': '7' })])
  const error = await kube.create(Pod, deployment).catch((thrown: unknown) => thrown)
  assert.ok(error instanceof ApiError)
  assert.deepEqual(
    [error.code, error.reason, error.message, error.retryAfterMs],
    [429, 'TooManyRequests', 'TooManyRequests', 7_000],
  )
})

test(
  'an answer that is not of Kubernetes is still an ApiError that says what was asked',
  limit,
  async (t) => {
    const proxy: Step = (response) => response.writeHead(502).end('<html>Bad Gateway</html>')
    const { kube } = await speaking(t, [proxy])
    await assert.rejects(kube.get(Pod, 'shop', 'x'), {
      name: 'ApiError',
      code: 502,
      reason: 'Unknown',
      message: 'GET /api/v1/namespaces/shop/pods/x was answered with HTTP 502',
    })
  },
)

test('a call without an answer ends at its deadline', limit, async (t) => {
  const { kube } = await speaking(t, [() => {}], 30)
  const error = await kube.get(Pod, 'shop', 'x').catch((thrown: unknown) => thrown)
  assert.ok(!(error instanceof ApiError))
  assert.match(explain(error), /did not answer GET .*pods\/x: no answer within 0.03 s/)
})

test('so does one whose answer stops half way', limit, async (t) => {
  const half: Step = (response) => void response.writeHead(200).write('{"metadata":')
  const { kube } = await speaking(t, [half], 100)
  await assert.rejects(kube.get(Pod, 'shop', 'x'), /did not answer/)
})

test('a refused connection names the address', limit, async () => {
  const access = {
    server: new URL('http://127.0.0.1:1'),
    credentials: async () => ({ headers: {}, options: {} }),
  }
  const kube = createKube(createTransport(access), { fieldManager: 'gantry' })
  const error = await kube.get(Pod, 'shop', 'x').catch((thrown: unknown) => thrown)
  assert.match(explain(error), /did not answer GET .*: connect ECONNREFUSED 127.0.0.1:1/)
})

test(
  'a kept connection that the server closed meanwhile is replaced, and the call made once',
  limit,
  async (t) => {
    const kept: Step = json(200, {}, { Connection: 'keep-alive' })
    const closing: Step = (response) => response.socket?.resetAndDestroy()
    const { server, kube } = await speaking(t, [kept, closing, json(200, { ok: true })])
    await kube.get(Pod, 'shop', 'x')
    assert.deepEqual(await kube.get(Pod, 'shop', 'x'), { ok: true })
    assert.equal(server.requests.length, 3)
  },
)

test('a fresh connection that breaks is an error at once', limit, async (t) => {
  const closing: Step = (response) => response.socket?.resetAndDestroy()
  const { server, kube } = await speaking(t, [closing])
  await assert.rejects(kube.get(Pod, 'shop', 'x'), /did not answer/)
  assert.equal(server.requests.length, 1)
})

test(
  'remove deletes in the background, guarded by the uid; gone and replaced are both fine',
  limit,
  async (t) => {
    const { server, kube } = await speaking(t, [
      json(200, {}),
      refusal(404, 'NotFound'),
      refusal(409, 'Conflict'),
      refusal(409, 'Conflict'),
    ])
    await kube.remove(Pod, 'shop', 'x', 'uid-1')
    assert.deepEqual(JSON.parse(server.requests[0]?.body ?? ''), {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      propagationPolicy: 'Background',
      preconditions: { uid: 'uid-1' },
    })
    await kube.remove(Pod, 'shop', 'x')
    await kube.remove(Pod, 'shop', 'x', 'uid-1')
    await assert.rejects(kube.remove(Pod, 'shop', 'x'), { code: 409 })
  },
)

test(
  'a page of large objects is asked for again in smaller ones, so that no namespace fills the memory',
  limit,
  async (t) => {
    const objects = Array.from({ length: 40 }, (_, index) => ({
      metadata: { name: `p${index}`, pad: 'x'.repeat(2 ** 20) },
    }))
    const page: Step = (response, { query }) => {
      const from = Number(query.get('continue') ?? 0)
      const to = from + Number(query.get('limit'))
      const metadata = { resourceVersion: '7', ...(to < objects.length ? { continue: `${to}` } : {}) }
      json(200, { metadata, items: objects.slice(from, to) })(response, {} as never)
    }
    const { server, kube } = await speaking(
      t,
      Array.from({ length: 20 }, () => page),
    )
    const { items } = await kube.listAll(Pod, {})
    assert.deepEqual(
      items.map(({ metadata }) => metadata.name),
      objects.map(({ metadata }) => metadata.name),
    )
    const asked = server.requests.map(({ query }) => Number(query.get('limit')))
    assert.deepEqual(asked.slice(0, 4), [500, 125, 31, 7])
    assert.deepEqual([...new Set(asked.slice(3))], [7], 'and it stays with the size that fits')
  },
)

test('one object alone is taken however large it is', limit, async (t) => {
  const item = { metadata: { name: 'p', pad: 'x'.repeat(20 * 2 ** 20) } }
  const page = json(200, { metadata: { resourceVersion: '7' }, items: [item] })
  const { kube } = await speaking(
    t,
    Array.from({ length: 6 }, () => page),
  )
  assert.equal((await kube.listAll(Pod, {})).items.length, 1)
})

test('no more Events are read than are asked for', limit, async (t) => {
  const page: Step = (response, { query }) => {
    const items = Array.from({ length: Number(query.get('limit')) }, () => ({ metadata: { name: 'e' } }))
    json(200, { metadata: { resourceVersion: '7', continue: 'more' }, items })(response, {} as never)
  }
  const { server, kube } = await speaking(t, [page, page])
  assert.equal((await kube.list(Pod, { most: 200 })).length, 200)
  assert.equal(server.requests.length, 1)
})

test(
  'log answers with the end of what a pod wrote, as it is, and is bounded on both sides',
  limit,
  async (t) => {
    const { server, kube, calls } = await speaking(t, [
      json(200, { any: 'line' }),
      refusal(404, 'NotFound'),
      json(200, 'x'.repeat(2000)),
    ])
    const part = { tailLines: 5, limitBytes: 1000 }
    assert.equal(await kube.log('shop', 'intents-x', part), '{"any":"line"}')
    const [request] = server.requests
    assert.equal(request?.path, '/api/v1/namespaces/shop/pods/intents-x/log')
    assert.equal(String(request?.query), 'tailLines=5&limitBytes=1000')
    await assert.rejects(kube.log('shop', 'intents-x', part), ApiError)
    await assert.rejects(kube.log('shop', 'intents-x', part), /longer than 1000 characters/)
    assert.deepEqual(calls, ['get pods 200', 'get pods 404'])
  },
)
