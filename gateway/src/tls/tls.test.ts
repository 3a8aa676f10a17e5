/** TLS at the port of requests, in front of real inference servers that speak TLS themselves. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:https'
import { connect as connectTcp } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { connect } from 'node:tls'
import type { Demand, GatewayPorts } from '@gantry/contract/gateway.ts'
import { manualClock } from '@gantry/kube/testing/clock.ts'
import { type Client, credentials, loadPackageDefinition, type ServiceClientConstructor } from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import { makeCertificate, type TlsSecret } from '../../../inference-server/src/testing/certificates.ts'
import { call } from '../../../inference-server/src/testing/grpc.ts'
import { type MountedSecret, mountedSecret } from '../../../inference-server/src/testing/secrets.ts'
import type { TestServer } from '../../../inference-server/src/testing/server.ts'
import { silentLog } from '../../../operator/src/testing/claims.ts'
import { StartError } from '../failure.ts'
import type { Endpoint } from '../models/model.ts'
import {
  inferBody,
  inferenceServer,
  support,
  type TestGateway,
  testGateway,
  upstream,
} from '../testing/gateway.ts'
import { createCertificate } from './certificate.ts'

const timeout = 30_000
const serverName = 'support.shop.svc'
const proto = join(import.meta.dirname, '../../../inference-server/src/grpc/open_inference.proto')
const { inference } = loadPackageDefinition(
  loadSync(proto, { keepCase: true, longs: String, enums: String, oneofs: true }),
) as unknown as { inference: { GRPCInferenceService: ServiceClientConstructor } }

let authority: TlsSecret
let own: TlsSecret
let secret: MountedSecret
let servers: readonly (TestServer & { readonly secret: MountedSecret })[]

const tlsServer = async (names: string, signer = authority) => {
  const files = await mountedSecret(await makeCertificate('pod', 1, signer, names))
  const [cert, key] = ['tls.crt', 'tls.key'].map((name) => join(files.dir, name))
  const server = await inferenceServer(undefined, '--tls-cert', cert ?? '', '--tls-key', key ?? '')
  return { ...server, secret: files }
}
const endpointOf = ({ serving }: TestServer): Endpoint => ({
  ...{ url: `https://127.0.0.1:${serving.port}`, grpcUrl: `https://127.0.0.1:${serving.grpcPort}` },
  ...{ serverName, track: 'stable' },
})

before(async () => {
  authority = await makeCertificate('authority')
  own = await makeCertificate('gateway', 1, authority, `DNS:*.shop.svc,DNS:localhost`)
  secret = await mountedSecret({ ...own, 'ca.crt': authority['tls.crt'] })
  servers = [await tlsServer(`DNS:${serverName}`), await tlsServer('DNS:other.shop.svc')]
})
after(async () => {
  for (const server of servers) {
    await server[Symbol.asyncDispose]()
    await server.secret[Symbol.asyncDispose]()
  }
  await secret[Symbol.asyncDispose]()
})

const certificateIn = (dir: string, clock = manualClock()) =>
  createCertificate({ dir, clock, log: silentLog, wallClock: Date.now })

const secureGateway = (endpoint: Endpoint, dir = secret.dir): Promise<TestGateway> =>
  testGateway([support([endpoint], { isSecure: true })], {}, { certificate: certificateIn(dir) })

interface Answer {
  readonly status: number | undefined
  readonly body: string
}
const post = (port: number, path: string, body: object, host = serverName): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const asked = request(
      {
        ...{ host: '127.0.0.1', port, path, method: 'POST', agent: false },
        ...{ ca: authority['tls.crt'], servername: serverName },
        headers: { host, 'content-type': 'application/json' },
      },
      (response) => {
        let text = ''
        response.on('data', (chunk) => {
          text += chunk
        })
        response.on('end', () => resolve({ status: response.statusCode, body: text }))
      },
    )
    asked.on('error', reject).end(JSON.stringify(body))
  })

const ask = async <Answered>(url: string): Promise<Answered> => (await fetch(url)).json() as Promise<Answered>
const portOf = ({ probes }: TestGateway) => ask<GatewayPorts>(`${probes}/ports`)
const demandOf = ({ probes }: TestGateway) => ask<Demand>(`${probes}/demand`)
/** Looks until what was looked for is there; the test's own timeout ends it. */
const until = async (look: () => Promise<boolean>): Promise<void> => {
  while (!(await look())) await new Promise((resolve) => setTimeout(resolve, 20))
}

test('HTTP/1.1 and gRPC over TLS are answered on one port, by a server that speaks TLS', {
  timeout,
}, async () => {
  await using gateway = await secureGateway(endpointOf(servers[0] as TestServer))
  const { port } = gateway.gateway
  const { status, body } = await post(port, '/v2/models/support/infer', inferBody)
  assert.equal(status, 200, body)
  const client = new inference.GRPCInferenceService(
    `127.0.0.1:${port}`,
    credentials.createSsl(Buffer.from(authority['tls.crt'])),
    { 'grpc.default_authority': serverName, 'grpc.ssl_target_name_override': serverName },
  ) as unknown as Client
  assert.deepEqual(await call(client, 'ServerLive', {}), { live: true })
  client.close()
  const { tls } = await demandOf(gateway)
  assert.deepEqual(tls, { names: ['*.shop.svc', 'localhost'], untrusted: [] })
})

test('a model that takes TLS is not called in the clear, by HTTP or gRPC, and others are called in both ways', {
  timeout,
}, async () => {
  await using seen = await upstream((asked, response) =>
    response.end(String(asked.headers['x-forwarded-proto'])),
  )
  await using gateway = await secureGateway(endpointOf(servers[0] as TestServer))
  gateway.gateway.directory.apply([
    support([endpointOf(servers[0] as TestServer)], { isSecure: true }),
    support([seen.url], { name: 'open' }),
  ])
  const { port } = gateway.gateway
  const refused = await gateway.post('/shop/support/v2/models/support/infer', inferBody)
  assert.equal(refused.status, 403)
  assert.match(await refused.text(), /takes requests over TLS only: ask https:\/\/support\.shop\.svc/)
  const client = new inference.GRPCInferenceService(`127.0.0.1:${port}`, credentials.createInsecure(), {
    'grpc.default_authority': serverName,
  }) as unknown as Client
  await assert.rejects(call(client, 'ServerLive', {}), /PERMISSION_DENIED.*TLS only/)
  client.close()
  assert.equal(await (await gateway.post('/shop/open/predict', {})).text(), 'http')
  assert.equal((await post(port, '/predict', {}, 'open.shop.svc')).body, 'https')
})

test('a server whose certificate has another name gets no request, and the operator is told so', {
  timeout,
}, async () => {
  await using gateway = await secureGateway(endpointOf(servers[1] as TestServer))
  const { status, body } = await post(gateway.gateway.port, '/predict', {})
  assert.equal(status, 503)
  assert.match(body, /certificate of the endpoint of shop\/support cannot be verified \(ERR_TLS_CERT_ALTNAME/)
  await until(async () => ((await demandOf(gateway)).tls?.untrusted.length ?? 0) > 0)
  const [untrusted] = (await demandOf(gateway)).tls?.untrusted ?? []
  assert.equal(untrusted?.model, 'shop/support')
  assert.match(untrusted?.message ?? '', /other\.shop\.svc/)
})

test('a port of a model counts endpoints whose certificates have been verified only', {
  timeout,
}, async () => {
  const [good, bad] = servers.map(endpointOf) as [Endpoint, Endpoint]
  await using gateway = await secureGateway(bad)
  const { directory } = gateway.gateway
  await until(async () => ((await demandOf(gateway)).tls?.untrusted.length ?? 0) > 0)
  const free = await upstream(() => {})
  const port = Number(new URL(free.url).port)
  await free[Symbol.asyncDispose]()
  const counted = async (): Promise<number | undefined> => (await portOf(gateway)).ports[0]?.endpoints
  directory.apply([support([bad], { isSecure: true, port })])
  await until(async () => (await counted()) !== undefined)
  assert.equal(await counted(), 0)
  directory.apply([support([bad, good], { isSecure: true, port })])
  await until(async () => (await counted()) === 1)
  assert.deepEqual((await demandOf(gateway)).tls?.untrusted, [])
})

/** The subject of the certificate that a connection gets. */
const subjectAt = async (port: number): Promise<string | undefined> => {
  const socket = connect({ host: '127.0.0.1', port, ca: authority['tls.crt'], servername: 'localhost' })
  await once(socket, 'secureConnect')
  const { CN } = socket.getPeerCertificate().subject
  socket.destroy()
  return String(CN)
}

test('a changed certificate is served without a restart, and one of no use changes nothing', {
  timeout,
}, async () => {
  await using folder = await mountedSecret(own)
  const clock = manualClock()
  const certificate = certificateIn(folder.dir, clock)
  let changes = 0
  certificate.onChange(() => {
    changes += 1
  })
  await using gateway = await testGateway([], {}, { certificate })
  const { port } = gateway.gateway
  assert.equal(await subjectAt(port), 'gateway')
  await folder.put({ ...own, 'tls.key': authority['tls.key'] })
  await clock.advance(5000)
  assert.equal(await subjectAt(port), 'gateway')
  await folder.put(await makeCertificate('next', 1, authority, 'DNS:localhost,DNS:chat.shop.svc'))
  await clock.advance(5000)
  assert.equal(await subjectAt(port), 'next')
  assert.deepEqual(
    [changes, certificate.covers('chat.shop.svc'), certificate.covers(serverName)],
    [1, true, false],
  )
})

test('a handshake that is none ends its connection alone', { timeout }, async () => {
  await using gateway = await secureGateway(endpointOf(servers[0] as TestServer))
  const { port } = gateway.gateway
  const broken = connectTcp(port, '127.0.0.1')
  broken.on('error', () => {}).resume()
  broken.write(Buffer.from([0x16, 3, 1, 0, 5, 1, 2, 3, 4, 5]))
  await once(broken, 'close')
  assert.equal(await subjectAt(port), 'gateway')
})

test('a folder without a key of its certificate ends the start by a sentence', async () => {
  await using folder = await mountedSecret({ ...own, 'tls.key': authority['tls.key'] })
  assert.throws(
    () => certificateIn(folder.dir),
    (error) => error instanceof StartError && /does not belong to the certificate/.test(error.message),
  )
})
