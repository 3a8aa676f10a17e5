/** Calls of gRPC for a model that sleeps, in front of a real inference server. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { credentials, loadPackageDefinition, type ServiceClientConstructor, status } from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import { call, refusal } from '../../../inference-server/src/testing/grpc.ts'
import { inferenceServer, support, type TestGateway, testGateway } from '../testing/gateway.ts'

const timeout = 20_000
const proto = join(import.meta.dirname, '../../../inference-server/src/grpc/open_inference.proto')
const { inference } = loadPackageDefinition(
  loadSync(proto, { keepCase: true, longs: String, enums: String, oneofs: true }),
) as unknown as { inference: { GRPCInferenceService: ServiceClientConstructor } }

const clientOf = ({ gateway }: TestGateway) =>
  new inference.GRPCInferenceService(`127.0.0.1:${gateway.port}`, credentials.createInsecure(), {
    'grpc.default_authority': 'support.shop.svc',
  })

const server = await inferenceServer()
after(() => server[Symbol.asyncDispose]())

const mayBeWoken = { sleep: { mayBeWoken: true } }
const awake = support(
  [{ url: server.url, grpcUrl: `http://127.0.0.1:${server.serving.grpcPort}`, track: 'stable' }],
  mayBeWoken,
)
const request = {
  model_name: 'support',
  inputs: [
    {
      ...{ name: 'input', datatype: 'FP32', shape: [1, 30] },
      contents: { fp32_contents: Array.from({ length: 30 }, (_, at) => at + 0.5) },
    },
  ],
}

const untilWaiting = async ({ probes }: TestGateway, count: number): Promise<void> => {
  for (;;) {
    const { activity } = (await (await fetch(`${probes}/demand`)).json()) as {
      activity: [{ waiting: number }]
    }
    if (activity[0].waiting === count) return
  }
}

test('a call waits while the model wakes, and is answered', { timeout }, async () => {
  await using gateway = await testGateway([support([], mayBeWoken)])
  const client = clientOf(gateway)
  const answer = call(client, 'ModelInfer', request)
  await untilWaiting(gateway, 1)
  gateway.gateway.directory.apply([awake])
  assert.equal(((await answer) as { outputs: unknown[] }).outputs.length, 2)
  await untilWaiting(gateway, 0)
  client.close()
})

/** @returns the status of a call with a deadline */
const statusWithin = (client: ReturnType<typeof clientOf>, ms: number): Promise<number | undefined> => {
  const infer = client['ModelInfer'] as (
    given: unknown,
    options: { deadline: number },
    answered: (error: { code: number } | null) => void,
  ) => void
  return new Promise((resolve) =>
    infer.call(client, request, { deadline: Date.now() + ms }, (error) => resolve(error?.code)),
  )
}

test('the deadline of a call ends its wait', { timeout }, async () => {
  await using gateway = await testGateway([support([], mayBeWoken)])
  const client = clientOf(gateway)
  assert.equal(await statusWithin(client, 200), status.DEADLINE_EXCEEDED)
  await untilWaiting(gateway, 0)
  client.close()
})

test('what is left of a deadline reaches the endpoint', { timeout }, async () => {
  const deadlines: (string | undefined)[] = []
  const slow = createServer()
  slow.on('stream', (stream, headers) => {
    deadlines.push(headers['grpc-timeout'] as string | undefined)
    stream.respond(
      { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '5' },
      { endStream: true },
    )
  })
  slow.listen(0, '127.0.0.1')
  await new Promise((resolve) => slow.once('listening', resolve))
  const grpcUrl = `http://127.0.0.1:${(slow.address() as AddressInfo).port}`
  await using gateway = await testGateway([support([], mayBeWoken)])
  const client = clientOf(gateway)
  const asked = statusWithin(client, 10_000)
  await untilWaiting(gateway, 1)
  const before = performance.now()
  while (performance.now() - before < 20) await untilWaiting(gateway, 1)
  gateway.gateway.directory.apply([support([{ url: grpcUrl, grpcUrl, track: 'stable' }], mayBeWoken)])
  assert.equal(await asked, status.NOT_FOUND)
  const [, left] = /^(\d+)m$/.exec(deadlines[0] ?? '') ?? []
  assert.ok(Number(left) > 0 && Number(left) <= 9980, deadlines[0])
  client.close()
  slow.close()
})

test('reads do not wake a model, and one that holds enough is RESOURCE_EXHAUSTED', { timeout }, async () => {
  const holding = { requests: 2, bytes: 2 ** 20, ms: 20_000 }
  await using gateway = await testGateway([support([], mayBeWoken)], { holding })
  const client = clientOf(gateway)
  for (const method of ['ServerLive', 'ServerReady'])
    assert.equal((await refusal(call(client, method))).code, status.UNAVAILABLE)
  const held = call(client, 'ModelInfer', request)
  await untilWaiting(gateway, 1)
  assert.equal((await refusal(call(client, 'ModelInfer', request))).code, status.RESOURCE_EXHAUSTED)
  gateway.gateway.directory.apply([awake])
  await held
  client.close()
})

test('a call for a model that does not wake in time is UNAVAILABLE', { timeout }, async () => {
  const holding = { requests: 2, bytes: 2 ** 20, ms: 50 }
  await using gateway = await testGateway([support([], mayBeWoken)], { holding })
  const client = clientOf(gateway)
  const late = await refusal(call(client, 'ModelInfer', request))
  assert.equal(late.code, status.UNAVAILABLE)
  assert.match(late.details, /has not woken within 0.05 s/)
  client.close()
})
