/** Copies of requests to a canary, in front of real servers, and of some that only fail. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { copyFile, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { Demand } from '@gantry/contract/gateway.ts'
import { isDemand } from '@gantry/contract/documents.ts'
import { folderServer, type TestServer } from '../../../inference-server/src/testing/server.ts'
import type { Canary, Shadow } from '../models/model.ts'
import {
  closed,
  inferBody,
  inferenceServer,
  inferPath,
  support,
  type TestGateway,
  testGateway,
  type Upstream,
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
  return outputs.map(({ name, data }) => (name === 'label' ? data[0] : undefined)).find((one) => one !== undefined)
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
