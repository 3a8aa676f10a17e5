/** Explanations in a line of their own, beside predictions. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { slow } from '../testing/models.ts'
import { type TestServer, testServer } from '../testing/server.ts'
import { until } from '../testing/until.ts'

const path = '/v2/models/m/explain'
/** Each row is a run of some milliseconds, since rows meet in this model. */
const rows = 60
const row = (value: number) => [{ name: 'x', datatype: 'FP32', shape: [1, 1], data: [value] }]
const bodyOf = (count: number) => ({
  inputs: row(5),
  background: Array.from({ length: count }, (_, index) => [index + 10]),
})
const body = bodyOf(rows)

const slowServer = (...args: string[]): Promise<TestServer> => testServer(slow(1), args)

const metric = async (server: TestServer, name: string): Promise<number> => {
  const text = await (await server.get('/metrics')).text()
  return Number(new RegExp(`^${name.replace(/[{}"]/g, '\\$&')} (.+)$`, 'm').exec(text)?.[1] ?? 0)
}
const evaluations = (server: TestServer): Promise<number> =>
  metric(server, 'gantry_explanation_evaluations_total')
const outcomes = (server: TestServer, outcome: string): Promise<number> =>
  metric(server, `gantry_explanations_total{outcome="${outcome}"}`)

/** Begins an explanation that its caller can leave. */
const begin = (server: TestServer) => {
  const leaving = new AbortController()
  const answer = fetch(server.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: leaving.signal,
  }).then(
    async (response) => ({ status: response.status, headers: response.headers, text: await response.text() }),
    () => ({ status: 0, headers: new Headers(), text: '' }),
  )
  return { answer, leave: () => leaving.abort() }
}

describe('explanations', () => {
  test('are made one at a time, a few wait, and more are told to come back', async () => {
    await using server = await slowServer('--max-explain-queue', '1')
    const first = begin(server)
    await until(async () => (await evaluations(server)) > 0)
    const [second, third] = [begin(server), begin(server)]
    const refused = await Promise.race([second.answer, third.answer])
    assert.equal(refused.status, 429, refused.text)
    assert.match(refused.text, /1 explanations wait already.*--max-explain-queue/)
    assert.match(String(refused.headers.get('retry-after')), /^[1-9]\d*$/)
    assert.equal(await outcomes(server, 'queue-full'), 1)
    assert.equal((await first.answer).status, 200)
    const others = await Promise.all([second.answer, third.answer])
    assert.deepEqual(others.map(({ status }) => status).sort(), [200, 429])
  })

  test('whose callers leave ask the model about nothing more, and give way to the next', async () => {
    await using server = await slowServer()
    const [first, second] = [begin(server), begin(server)]
    await until(async () => (await evaluations(server)) > 0)
    first.leave()
    await until(async () => (await outcomes(server, 'cancelled')) === 1)
    assert.equal((await second.answer).status, 200)
    assert.ok((await evaluations(server)) < 2 * rows, 'the one that was left went on')
  })

  test('end with the deadline of the server, or their own', async () => {
    await using server = await slowServer('--timeout-seconds', '0.2')
    const late = await server.post(path, bodyOf(1000))
    assert.equal(late.status, 504)
    assert.match(await late.text(), /asked the model about \d+ rows within 0\.2 s and needs more/)
    const own = await server.post(path, { ...bodyOf(1000), parameters: { timeout: 50_000 } })
    assert.equal(own.status, 504)
    assert.match(await own.text(), /50000 microseconds, the timeout of the request/)
  })

  test('leave the model to predictions, and are made all the same', async () => {
    await using server = await slowServer()
    const explanation = begin(server)
    await until(async () => (await evaluations(server)) > 0)
    const predict = async (): Promise<void> =>
      assert.equal((await server.post('/v2/models/m/infer', { inputs: row(1) })).status, 200)
    await predict()
    const before = await evaluations(server)
    for (let count = 0; count < 8; count++) await predict()
    // One run would come with each prediction if it did not rest between them.
    const beside = (await evaluations(server)) - before
    assert.ok(beside < 4, `${beside} rows beside eight predictions`)
    assert.equal((await explanation.answer).status, 200)
  })
})
