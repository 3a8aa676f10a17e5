/** Ports that lead to one model each, in front of a real inference server. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { isGatewayPorts } from '@gantry/contract/documents.ts'
import { manualClock } from '@gantry/kube/testing/clock.ts'
import { credentials, loadPackageDefinition, type ServiceClientConstructor, status } from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import { call, refusal } from '../../../inference-server/src/testing/grpc.ts'
import type { TestServer } from '../../../inference-server/src/testing/server.ts'
import type { Model } from '../models/model.ts'
import { inferBody, inferenceServer, support, type TestGateway, testGateway } from '../testing/gateway.ts'
import { createModelPorts } from './model-ports.ts'
import type { OpenPort } from './open-port.ts'

const timeout = 30_000
const proto = join(import.meta.dirname, '../../../inference-server/src/grpc/open_inference.proto')
const { inference } = loadPackageDefinition(
  loadSync(proto, { keepCase: true, longs: String, enums: String, oneofs: true }),
) as unknown as { inference: { GRPCInferenceService: ServiceClientConstructor } }

let server: TestServer
before(async () => {
  server = await inferenceServer()
})
after(() => server[Symbol.asyncDispose]())

const freePort = async (): Promise<number> => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as AddressInfo
  await new Promise((resolve) => taken.close(resolve))
  return port
}

const modelAt = (port: number | undefined): Model =>
  support([{ url: server.url, grpcUrl: `http://127.0.0.1:${server.serving.grpcPort}`, track: 'stable' }], {
    port,
  })

const portsOf = async ({ probes }: TestGateway): Promise<unknown> => {
  const answer: unknown = await (await fetch(`${probes}/ports`)).json()
  assert.ok(isGatewayPorts(answer))
  return answer.ports
}

/** Waits until the gateway tells that the port is open. */
const opened = async (gateway: TestGateway): Promise<void> => {
  for (let look = 0; look < 200 && ((await portsOf(gateway)) as unknown[]).length === 0; look++)
    await pause(20)
}

interface Answer {
  readonly status: number | undefined
  readonly connection: string | undefined
  readonly text: string
}

const ask = (port: number, path: string, host: string, body?: object): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const headers = { host, connection: 'keep-alive', 'content-type': 'application/json' }
    const method = body ? 'POST' : 'GET'
    const sent = httpRequest({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part) => {
        text += part
      })
      const { connection } = response.headers
      response.once('end', () => resolve({ status: response.statusCode, connection, text }))
    })
    sent.once('error', reject).end(body && JSON.stringify(body))
  })

const infer = '/v2/models/support/infer'

test("the port of a model leads to it with any Host and any authority, and all paths are the pod's own", {
  timeout,
}, async () => {
  const port = await freePort()
  await using gateway = await testGateway([modelAt(port)], { allowedHosts: ['*'] })
  await opened(gateway)
  assert.deepEqual(await portsOf(gateway), [{ port, model: 'shop/support', endpoints: 1 }])
  for (const host of ['support', 'models.example.com', 'other.shop.svc'])
    assert.equal((await ask(port, infer, host, inferBody)).status, 200)
  for (const path of ['/v1/models', '/batch', '/shop/support/v2'])
    assert.equal((await ask(port, path, 'support')).text, await (await fetch(server.url + path)).text())
  const client = new inference.GRPCInferenceService(`127.0.0.1:${port}`, credentials.createInsecure(), {
    'grpc.default_authority': 'models.example.com',
  })
  const answer = (await call(client, 'ModelMetadata', { name: 'support' })) as { name: string }
  assert.equal(answer.name, 'support')
  client.close()
  assert.equal((await ask(gateway.gateway.port, infer, 'support', inferBody)).status, 404)
})

test('who may not call the model may not call its port either', { timeout }, async () => {
  const port = await freePort()
  const { serve } = await import('../serve.ts')
  const addresses = {
    ...{ namespacesOf: () => new Set(['elsewhere']), isClient: () => false },
    awaited: () => undefined,
  }
  const log = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} }
  const gateway = await serve(
    {
      ...{ host: '127.0.0.1', port: 0, probePort: undefined, allowedHosts: ['*'], accessLog: false },
      ...{ maxConnections: 100, maxBodyBytes: 2 ** 20 },
      holding: { requests: 100, bytes: 2 ** 20, ms: 1000 },
    },
    {
      ...{ log, nowMs: () => performance.now(), instance: 'gateway-1', startedAt: '2026-11-26T10:00:00Z' },
      addresses,
    },
  )
  gateway.directory.apply([modelAt(port)])
  const refused = await (async () => {
    for (;;) {
      const answer = await ask(port, infer, 'support', inferBody).catch(() => undefined)
      if (answer) return answer
      await pause(20)
    }
  })()
  assert.equal(refused.status, 403)
  const client = new inference.GRPCInferenceService(`127.0.0.1:${port}`, credentials.createInsecure())
  assert.equal(
    (await refusal(call(client, 'ModelMetadata', { name: 'support' }))).code,
    status.PERMISSION_DENIED,
  )
  client.close()
  await gateway.stop(0)
})

test('a port that is not wanted any more answers on, and ends each connection with its answer', {
  timeout,
}, async () => {
  const port = await freePort()
  await using gateway = await testGateway([modelAt(port)], { allowedHosts: ['*'] })
  await opened(gateway)
  assert.equal((await ask(port, infer, 'support', inferBody)).connection, 'keep-alive')
  gateway.gateway.directory.apply([modelAt(undefined)])
  assert.deepEqual(await portsOf(gateway), [])
  const { status: code, connection } = await ask(port, infer, 'support', inferBody)
  assert.deepEqual([code, connection], [200, 'close'])
  gateway.gateway.directory.apply([modelAt(port)])
  assert.equal((await ask(port, infer, 'support', inferBody)).connection, 'keep-alive')
})

/** Ports that are only written down. @param busy those that cannot be opened */
const written = (busy: Set<number>) => {
  const clock = manualClock()
  const events: string[] = []
  const lines: string[] = []
  const log = {
    error: () => {},
    warn: (line: string) => void lines.push(line),
    info: () => {},
    debug: () => {},
  }
  const open = async (port: number, key: string): Promise<OpenPort> => {
    if (busy.has(port)) throw Object.assign(new Error('taken'), { code: 'EADDRINUSE' })
    events.push(`open ${port} ${key}`)
    const at = (what: string) => (): void => void events.push(`${what} ${port} ${key}`)
    return { port, leave: at('leave'), stay: at('stay'), close: async () => at('close')() }
  }
  return { ports: createModelPorts({ open, clock, log }), clock, events, lines, busy }
}
const named = (name: string, port: number): Model => ({ ...support([]), name, port })

test('a port that cannot be opened is told, and opened once it is free', async () => {
  const { ports, clock, events, lines, busy } = written(new Set([20_001]))
  ports.follow([named('a', 20_001)])
  await clock.advance(0)
  assert.deepEqual(ports.all(), [{ port: 20_001, key: 'shop/a', state: 'failed' }])
  assert.match(lines.join(), /port 20001 of shop\/a cannot be opened: EADDRINUSE/)
  busy.clear()
  await clock.advance(5_000)
  assert.deepEqual(events, ['open 20001 shop/a'])
})

test('a port goes to another model only after its time of leaving, and of two that claim it the holder keeps it', async () => {
  const { ports, clock, events } = written(new Set())
  ports.follow([named('b', 20_001)])
  await clock.advance(0)
  ports.follow([named('a', 20_001), named('b', 20_001)])
  await clock.advance(0)
  assert.deepEqual(ports.all(), [{ port: 20_001, key: 'shop/b', state: 'open' }])
  ports.follow([named('a', 20_001)])
  await clock.advance(89_000)
  assert.deepEqual(ports.all(), [{ port: 20_001, key: 'shop/b', state: 'leaving' }])
  await clock.advance(2_000)
  assert.deepEqual(ports.all(), [{ port: 20_001, key: 'shop/a', state: 'open' }])
  assert.deepEqual(events, [
    ...['open 20001 shop/b', 'leave 20001 shop/b', 'close 20001 shop/b', 'open 20001 shop/a'],
  ])
})
