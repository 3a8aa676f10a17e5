/** The gateway in front of real inference servers. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { isDemand } from '@gantry/contract/documents.ts'
import type { TestServer } from '../../inference-server/src/testing/server.ts'
import {
  inferBody,
  inferenceServer,
  inferPath,
  support,
  type TestGateway,
  testGateway,
} from './testing/gateway.ts'

let servers: readonly [TestServer, TestServer]
let gateway: TestGateway
before(async () => {
  servers = [await inferenceServer(), await inferenceServer()]
  gateway = await testGateway([support(servers.map(({ url }) => url))])
})
after(async () => {
  await gateway[Symbol.asyncDispose]()
  for (const server of servers) await server[Symbol.asyncDispose]()
})
const hosts = (): readonly string[] => servers.map(({ url }) => new URL(url).host)

test('answers as the endpoint does, and says which endpoint and track it was', async () => {
  const direct = await servers[0].post('/v2/models/support/infer', inferBody)
  const passed = await gateway.post(inferPath, inferBody)
  assert.equal(passed.status, 200)
  assert.deepEqual(await passed.json(), await direct.json())
  assert.ok(hosts().includes(passed.headers.get('x-gantry-endpoint') ?? ''))
  assert.equal(passed.headers.get('x-gantry-track'), 'stable')
  assert.match(passed.headers.get('server-timing') ?? '', /infer/)
})

test('passes refusals of the endpoint on', async () => {
  const refused = await gateway.post(inferPath, { inputs: [] })
  assert.equal(refused.status, 422)
  assert.match(((await refused.json()) as { error: string }).error, /input "input" is missing/)
})

test('idle endpoints take turns', async () => {
  const seen: (string | null)[] = []
  for (let round = 0; round < 4; round++)
    seen.push((await fetch(`${gateway.url}/shop/support/v2/health/ready`)).headers.get('x-gantry-endpoint'))
  assert.deepEqual(seen.toSorted(), [...hosts(), ...hosts()].toSorted())
})

test('finds the model by its Host, with what a cluster appends', async () => {
  const { request } = await import('node:http')
  for (const host of ['support.shop.svc', 'SUPPORT.shop.svc.cluster.local:8000']) {
    const status = await new Promise((resolve, reject) =>
      request(`${gateway.url}/v2/models/support`, { headers: { host } }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
        .on('error', reject)
        .end(),
    )
    assert.equal(status, 200, host)
  }
})

test("hands the caller's trace on, and makes one where there is none", async () => {
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736'
  const given = await gateway.post(inferPath, inferBody, { traceparent: `00-${trace}-00f067aa0ba902b7-01` })
  assert.match(given.headers.get('traceparent') ?? '', new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`))
  const made = await gateway.post(inferPath, inferBody)
  assert.match(made.headers.get('traceparent') ?? '', /^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/)
})

test('lists all models for clients of OpenAI, and says of one that there is none', async () => {
  const list = (await (await fetch(`${gateway.url}/v1/models`)).json()) as { data: { id: string }[] }
  assert.deepEqual(
    list.data.map(({ id }) => id),
    ['shop/support'],
  )
  assert.equal((await fetch(`${gateway.url}/v1/models/shop/support`)).status, 200)
  assert.equal((await fetch(`${gateway.url}/v1/models/shop/nothing`)).status, 404)
})

const unknown: readonly (readonly [path: string, said: RegExp])[] = [
  ['/shop/suport/v2', /no model "shop\/suport".*did you mean shop\/support\?/],
  ['/elsewhere/support/v2', /did you mean shop\/support\?/],
  ['/shop/weather/v2', /no model "shop\/weather" here; GET \/v1\/models lists/],
  ['/v2/health/ready/', /no model "v2\/health"/],
  ['/', /the path names no model/],
]
for (const [path, said] of unknown)
  test(`says of ${path} that there is no such model, and which may be meant`, async () => {
    const response = await fetch(gateway.url + path)
    assert.equal(response.status, 404)
    assert.match(((await response.json()) as { error: string }).error, said)
  })

describe('a batch', () => {
  test('has one result or error for each payload, in order', async () => {
    const other = { inputs: [{ ...inferBody.inputs[0], data: Array.from({ length: 30 }, () => 900) }] }
    const payloads = [inferBody, { inputs: [] }, other, inferBody]
    const response = await gateway.post('/shop/support/batch', { path: '/v2/models/support/infer', payloads })
    assert.equal(response.status, 200)
    const { results } = (await response.json()) as { results: Record<string, unknown>[] }
    const alone = async (body: unknown) => (await servers[0].post('/v2/models/support/infer', body)).json()
    assert.deepEqual(results, [
      { status: 200, body: await alone(inferBody) },
      { status: 422, error: 'input "input" is missing; the model takes "input"' },
      { status: 200, body: await alone(other) },
      { status: 200, body: await alone(inferBody) },
    ])
  })

  test('is spread over the endpoints', async () => {
    const before = await Promise.all(
      servers.map(({ get }) => get('/stats').then((response) => response.json())),
    )
    await gateway.post('/shop/support/batch', {
      path: '/v2/models/support/infer',
      payloads: Array.from({ length: 40 }, () => inferBody),
    })
    const now = await Promise.all(servers.map(({ get }) => get('/stats').then((response) => response.json())))
    assert.notDeepEqual(now[0], before[0])
    assert.notDeepEqual(now[1], before[1])
  })

  const wrong: readonly (readonly [
    what: string,
    body: unknown,
    field: string | undefined,
    status: number,
  ])[] = [
    ['no JSON', '{', undefined, 400],
    ['no path', { payloads: [{}] }, 'path', 400],
    [
      'a path that changes something',
      { path: '/v2/repository/models/m/unload', payloads: [{}] },
      'path',
      400,
    ],
    ['no payloads', { path: '/predict' }, 'payloads', 400],
    ['an empty list', { path: '/predict', payloads: [] }, 'payloads', 400],
    ['payloads that are no list', { path: '/predict', payloads: {} }, 'payloads', 400],
    ['an unknown member', { path: '/predict', payloads: [{}], parallel: 3 }, 'parallel', 400],
    ['1001 payloads', { path: '/predict', payloads: Array(1001).fill({}) }, 'payloads', 413],
  ]
  for (const [what, body, field, status] of wrong)
    test(`with ${what} is refused by name`, async () => {
      const response = await gateway.post('/shop/support/batch', body)
      assert.equal(response.status, status)
      assert.equal(((await response.json()) as { field?: string }).field, field)
    })
})

test('probes have a port of their own, with metrics of known models only and the counts of rollouts', async () => {
  assert.equal((await fetch(`${gateway.probes}/healthz`)).status, 200)
  assert.equal((await fetch(`${gateway.probes}/readyz`)).status, 200)
  const text = await (await fetch(`${gateway.probes}/metrics`)).text()
  assert.match(
    text,
    /gantry_gateway_requests_total\{namespace="shop",model="support",track="stable",status="2xx"\} [1-9]/,
  )
  assert.doesNotMatch(text, /weather|suport/)
  const demand: unknown = await (await fetch(`${gateway.probes}/demand`)).json()
  assert.ok(isDemand(demand))
  assert.deepEqual(
    demand.models.map(({ model, weight }) => [model, weight]),
    [['shop/support', 0]],
  )
  assert.ok((demand.models[0]?.stable.requests ?? 0) > 0)
  assert.equal((await fetch(`${gateway.url}/metrics`)).status, 404)
})

describe('an OpenAI body', () => {
  let writer: TestServer
  let openai: TestGateway
  before(async () => {
    writer = await inferenceServer(
      'inference-server/golden/models/text-generation-gpt2',
      '--task',
      'text-generation',
    )
    const model = support([writer.url])
    openai = await testGateway([
      model,
      { ...model, name: 'twin' },
      { ...model, namespace: 'lab', name: 'twin' },
    ])
  })
  after(async () => {
    await openai[Symbol.asyncDispose]()
    await writer[Symbol.asyncDispose]()
  })
  const asked = { prompt: 'the', max_tokens: 4, temperature: 0 }

  test('finds its model by NAMESPACE/NAME, or by a name that only one model has', async () => {
    for (const model of ['shop/support', 'support']) {
      const response = await openai.post('/v1/completions', { model, ...asked })
      assert.equal(response.status, 200, await response.clone().text())
      assert.equal(((await response.json()) as { model: string }).model, 'support')
    }
  })

  test('keeps all other members as they came', async () => {
    const direct = await writer.post('/v1/completions', { ...asked, seed: 7 })
    const passed = await openai.post(
      '/v1/completions',
      `{"seed": 7, "model" : "shop\\/support",${JSON.stringify(asked).slice(1)}`,
    )
    const text = async (response: Response) =>
      ((await response.json()) as { choices: { text: string }[] }).choices[0]?.text
    assert.equal(await text(passed), await text(direct))
  })

  test('with a name that two models have is refused, and both are named', async () => {
    const response = await openai.post('/v1/completions', { model: 'twin', ...asked })
    assert.equal(response.status, 409)
    const { error } = (await response.json()) as { error: { message: string; param: string } }
    assert.match(error.message, /shop\/twin or lab\/twin/)
    assert.equal(error.param, 'model')
  })

  const wrong: readonly (readonly [what: string, body: unknown, status: number])[] = [
    ['an unknown name', { model: 'suport', ...asked }, 404],
    ['no name', asked, 400],
    ['a name that is no text', { model: 7, ...asked }, 400],
    ['two names', '{"model": "support", "model": "twin"}', 400],
    ['nothing', '', 400],
  ]
  for (const [what, body, status] of wrong)
    test(`with ${what} is refused by name`, async () => {
      const response = await openai.post('/v1/completions', body)
      assert.equal(response.status, status)
      assert.equal(((await response.json()) as { error: { param: string } }).error.param, 'model')
    })

  test('is answered as a stream, part by part', async () => {
    const response = await openai.post('/v1/completions', {
      model: 'support',
      ...asked,
      max_tokens: 12,
      stream: true,
    })
    assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/)
    const direct = await writer.post('/v1/completions', { ...asked, max_tokens: 12, stream: true })
    const pieces = (text: string): readonly string[] =>
      [...text.matchAll(/"text":"((?:[^"\\]|\\.)*)"/g)].map(([, piece = '']) => piece)
    const text = await response.text()
    assert.match(text, /data: \[DONE\]\n\n$/)
    assert.deepEqual(pieces(text), pieces(await direct.text()))
  })
})

test('of each hundred requests exactly as many as the weight says go to the canary, and all count but those of its warm-up', async () => {
  const model = support(
    [
      { url: servers[0].url, track: 'stable' },
      { url: servers[1].url, track: 'canary' },
    ],
    { canary: { weight: 30, step: 1, revision: 'v_20261126_100000', limitMs: 0 } },
  )
  await using canary = await testGateway([model])
  const ask = async () => (await fetch(`${canary.url}/shop/support/v2`)).headers.get('x-gantry-track')
  const seen: (string | null)[] = []
  for (let round = 0; round < 20; round++) seen.push(...(await Promise.all(Array.from({ length: 10 }, ask))))
  assert.equal(seen.slice(0, 100).filter((track) => track === 'canary').length, 30)
  assert.equal(seen.filter((track) => track === 'canary').length, 60)
  const demand: unknown = await (await fetch(`${canary.probes}/demand`)).json()
  assert.ok(isDemand(demand))
  const [counts] = demand.models
  assert.deepEqual([counts?.revision, counts?.step, counts?.weight], ['v_20261126_100000', 1, 30])
  assert.deepEqual([counts?.canary.requests, counts?.canary.overLimit, counts?.canary.errors], [40, 40, 0])
  const stable = counts?.stable.requests ?? 0
  assert.ok(stable >= 70 && stable < 140, `${stable} requests of stable count`)
  const latencies = counts?.stable.latencies
  assert.equal(latencies?.scale, 4)
  assert.equal(
    latencies?.counts.reduce((sum, count) => sum + count, 0),
    stable,
  )
})
