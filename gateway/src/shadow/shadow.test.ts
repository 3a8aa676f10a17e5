/** Copies of requests to a canary, in front of real servers, and of some that only fail. */
import assert from 'node:assert/strict'
import { copyFile, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { isDemand } from '@gantry/contract/documents.ts'
import type { Demand } from '@gantry/contract/gateway.ts'
import { folderServer, type TestServer } from '../../../inference-server/src/testing/server.ts'
import type { Canary, Shadow } from '../models/model.ts'
import {
  inferBody,
  inferenceServer,
  inferPath,
  support,
  type TestGateway,
  testGateway,
  upstream,
} from '../testing/gateway.ts'
import { comparisonOf } from './compare.ts'

const candidates = join(import.meta.dirname, '../../../examples/breast-cancer/candidates')

let stable: TestServer
let other: TestServer
before(async () => {
  stable = await inferenceServer()
  const folder = await mkdtemp(join(tmpdir(), 'gantry-shadow-'))
  await copyFile(join(candidates, 'stump.onnx'), join(folder, 'model.onnx'))
  other = await folderServer(folder, ['--name', 'support'])
})
after(async () => {
  await stable[Symbol.asyncDispose]()
  await other[Symbol.asyncDispose]()
})

const shadowing = (
  canaryUrl: string,
  shadow: Partial<Shadow> = {},
  canary: Partial<Canary> = {},
  more: object = {},
): Promise<TestGateway> => {
  const asked = { percent: 100, logMode: 'metadata', ...comparisonOf({}), ...shadow } as const
  return testGateway([
    support([stable.url, { url: canaryUrl, track: 'canary' }], {
      canary: { weight: 0, step: 0, revision: 'a-1', shadow: asked, ...canary },
      ...more,
    }),
  ])
}

const shadowOf = async ({ probes }: TestGateway) => {
  const demand = (await (await fetch(`${probes}/demand`)).json()) as Demand
  assert.ok(isDemand(demand), 'the answer is a Demand')
  return demand.models.find(({ step, weight }) => step === 0 && weight === 0)?.shadow
}

/** The counts, once so many requests have come to something. */
const counted = async (gateway: TestGateway, count: number) => {
  for (;;) {
    const shadow = await shadowOf(gateway)
    const uncompared = Object.values(shadow?.uncompared ?? {}).reduce((sum, one) => sum + one, 0)
    if ((shadow?.copies ?? 0) + uncompared >= count) return shadow
    await pause(10)
  }
}

const rowOf = (at: number) => ({
  inputs: [
    {
      ...{ name: 'input', datatype: 'FP32', shape: [1, 30] },
      data: Array.from({ length: 30 }, (_, index) => ((at * 37 + index * 11) % 97) / 4),
    },
  ],
})

const labelOf = async (server: TestServer, body: unknown): Promise<unknown> => {
  const { outputs } = (await (await server.post('/v2/models/support/infer', body)).json()) as {
    outputs: { name: string; data: unknown[] }[]
  }
  return outputs
    .map(({ name, data }) => (name === 'label' ? data[0] : undefined))
    .find((one) => one !== undefined)
}

test('a copy of each request goes to the canary, and answers that differ are counted', async () => {
  const bodies = Array.from({ length: 20 }, (_, at) => rowOf(at))
  let differing = 0
  for (const body of bodies)
    if ((await labelOf(stable, body)) !== (await labelOf(other, body))) differing += 1
  assert.ok(differing > 0 && differing < 20, `${differing} differ`)
  await using gateway = await shadowing(other.url)
  for (const body of bodies) {
    const answer = await gateway.post(inferPath, body)
    assert.equal(answer.headers.get('x-gantry-track'), 'stable')
  }
  const shadow = await counted(gateway, 20)
  assert.deepEqual(shadow, { copies: 20, disagreements: differing })
  const metrics = await (await fetch(`${gateway.probes}/metrics`)).text()
  assert.match(metrics, /gantry_gateway_shadow_requests_total\{[^}]*result="disagreed",reason="values"\}/)
})

test('copies carry what a pod needs to answer, are marked, and callers cannot mark a request', async () => {
  const path = '/shop/support/v2/models/support/infer'
  const body = JSON.stringify(inferBody)
  const headers = {
    ...{ authorization: 'Bearer model-key', 'x-api-key': 'model-key', cookie: 'session=1', 'x-user': 'ada' },
    'x-gantry-shadow': 'true',
  }
  for (const asksForKeys of [true, false]) {
    const bodies: string[] = []
    await using canary = await upstream(async (request, response) => {
      let text = ''
      for await (const chunk of request) text += chunk
      bodies.push(text)
      response.end('{}')
    })
    await using gateway = await shadowing(canary.url, {}, {}, { asksForKeys })
    const answer = await gateway.post(path, body, headers)
    assert.equal(answer.status, 200)
    await counted(gateway, 1)
    const [copy] = canary.requests
    assert.deepEqual(bodies, [body])
    assert.equal(copy?.headers['x-gantry-shadow'], 'true')
    assert.equal(copy?.headers['content-type'], 'application/json')
    assert.match(String(copy?.headers['traceparent']), /^00-[0-9a-f]{32}-/)
    assert.equal(copy?.headers['authorization'], asksForKeys ? 'Bearer model-key' : undefined)
    for (const name of ['cookie', 'x-user', 'x-forwarded-for']) assert.equal(copy?.headers[name], undefined)
  }
  await using stableOnly = await upstream((_, response) => void response.end('{}'))
  await using gateway = await testGateway([support([stableOnly.url])])
  await gateway.post(path, body, headers)
  assert.equal(stableOnly.requests[0]?.headers['x-gantry-shadow'], undefined)
})

const garbage = 'x'.repeat(2 ** 16)
const faults = {
  hangs: { listener: () => {}, reason: 'timeout' },
  'ends the connection': {
    listener: (request: { socket: { destroy: () => void } }) => request.socket.destroy(),
    reason: 'unanswered',
  },
  'answers garbage': {
    listener: (_: unknown, response: { end: (text: string) => void }) => response.end('[['.repeat(2 ** 18)),
    reason: 'unreadable',
  },
  'answers an error': {
    listener: (_: unknown, response: { writeHead: (status: number) => { end: () => void } }) =>
      response.writeHead(500).end(),
    reason: 'status',
  },
  'answers without an end': {
    listener: (
      _: unknown,
      response: {
        on: (name: string, listener: () => void) => void
        write: (text: string) => boolean
        destroyed: boolean
      },
    ) => {
      const more = (): void => {
        while (!response.destroyed && response.write(garbage));
      }
      response.on('drain', more)
      more()
    },
    reason: 'too-large',
  },
} as const

for (const [name, { listener, reason }] of Object.entries(faults))
  test(`callers are answered by stable while a canary ${name}, and the copies count as disagreements`, async () => {
    await using canary = await upstream(listener as never)
    await using gateway = await shadowing(canary.url, {}, {}, { timeoutMs: 300 })
    for (let request = 0; request < 3; request++) {
      const answer = await gateway.post(inferPath, inferBody)
      assert.equal(answer.status, 200)
      assert.equal(answer.headers.get('x-gantry-track'), 'stable')
      await answer.json()
    }
    const shadow = await counted(gateway, 3)
    assert.deepEqual(shadow, { copies: 3, disagreements: 3 })
    const metrics = await (await fetch(`${gateway.probes}/metrics`)).text()
    assert.ok(metrics.includes(`result="disagreed",reason="${reason}"} 3`), metrics)
    // What copies came to says nothing about the balance.
    assert.match(metrics, /gantry_gateway_endpoints\{[^}]*track="canary",state="open"\} 1/)
  })

test('what waits is bounded while a canary hangs: the rest is counted, and callers are answered', async () => {
  await using canary = await upstream(() => {})
  await using gateway = await shadowing(canary.url)
  const answers = await Promise.all(Array.from({ length: 80 }, () => gateway.post(inferPath, inferBody)))
  assert.ok(answers.every(({ status }) => status === 200))
  const shadow = await counted(gateway, 80 - 36)
  assert.deepEqual(shadow, { copies: 0, disagreements: 0, uncompared: { busy: 80 - 36 } })
  await canary.until(4)
  assert.equal(canary.requests.length, 4)
})

test('what is not copied is counted by reason: large bodies, streams, refusals, texts drawn by chance', async () => {
  await using canary = await upstream((_, response) => void response.end('{}'))
  await using writer = await upstream((request, response) => {
    request.resume()
    const isStream = request.headers['accept'] === 'text/event-stream'
    response.setHeader('content-type', isStream ? 'text/event-stream' : 'application/json')
    response.end(isStream ? 'data: 1\n\n' : JSON.stringify({ choices: [{ index: 0, text: 'a' }] }))
  })
  const shadow = { percent: 100, logMode: 'off', ...comparisonOf({ compare: 'text' }) } as const
  await using gateway = await testGateway([
    support([writer.url, { url: canary.url, track: 'canary' }], {
      canary: { weight: 0, step: 0, revision: 'a-1', shadow },
    }),
  ])
  const path = '/shop/support/v1/completions'
  const send = async (body: object, headers = {}): Promise<void> =>
    void (await (await gateway.post(path, body, headers)).arrayBuffer())
  await send({ prompt: 'x'.repeat(70_000) })
  await send({ prompt: 'a', stream: true }, { accept: 'text/event-stream' })
  await send({ prompt: 'a' })
  await send({ prompt: 'a', temperature: 0 })
  // What is no number has no value as one either.
  await send({ prompt: 'a', temperature: { toString: 1, valueOf: 1 } })
  const found = await counted(gateway, 5)
  assert.deepEqual(found, {
    ...{ copies: 1, disagreements: 1 },
    uncompared: { 'request-too-large': 1, streamed: 1, sampled: 2 },
  })
  assert.equal(canary.requests.length, 1)
})

test('a share of the requests is copied exactly, and none once the canary has a weight', async () => {
  await using canary = await upstream((_, response) => void response.end('{}'))
  await using gateway = await shadowing(canary.url, { percent: 7 })
  const send = async (to: TestGateway): Promise<unknown> =>
    (await to.post(inferPath, inferBody)).arrayBuffer()
  for (let group = 0; group < 5; group++) await Promise.all(Array.from({ length: 20 }, () => send(gateway)))
  assert.equal((await counted(gateway, 7))?.copies, 7)
  await using later = await shadowing(canary.url, {}, { weight: 1, step: 1 })
  await Promise.all(Array.from({ length: 20 }, () => send(later)))
  assert.equal(await shadowOf(later), undefined)
})

test('a text that stable itself writes otherwise each time is no disagreement', async () => {
  let count = 0
  await using stableWriter = await upstream((request, response) => {
    request.resume()
    count += 1
    response.end(JSON.stringify({ generated_text: `text ${count}` }))
  })
  await using canary = await upstream((_, response) => void response.end('{"generated_text":"text"}'))
  const shadow = { percent: 100, logMode: 'off', ...comparisonOf({ compare: 'text' }) } as const
  await using gateway = await testGateway([
    support([stableWriter.url, { url: canary.url, track: 'canary' }], {
      canary: { weight: 0, step: 0, revision: 'a-1', shadow },
    }),
  ])
  await gateway.post('/shop/support/predict', { text: 'a' })
  assert.deepEqual(await counted(gateway, 1), { copies: 0, disagreements: 0, uncompared: { unsteady: 1 } })
  await gateway.post('/shop/support/predict', { text: 'a', parameters: { do_sample: false } })
  const { copies, disagreements } = (await counted(gateway, 2)) ?? {}
  assert.deepEqual([copies, disagreements], [1, 1])
})
