import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:https'
import { type AddressInfo, connect as connectTcp } from 'node:net'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { type Client, credentials, loadPackageDefinition, type ServiceClientConstructor } from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import { StartError } from '../failures/errors.ts'
import { makeCertificate, type TlsSecret } from '../testing/certificates.ts'
import { manualClock } from '../testing/clock.ts'
import { identity } from '../testing/models.ts'
import { mountedSecret } from '../testing/secrets.ts'
import { memoryLog, testServer } from '../testing/server.ts'
import { createCertificate } from './certificate.ts'

let first: TlsSecret
let second: TlsSecret
before(async () => {
  first = await makeCertificate('first')
  second = await makeCertificate('second')
})

const filesIn = (dir: string) => ({ cert: join(dir, 'tls.crt'), key: join(dir, 'tls.key') })
const flagsOf = (dir: string) => ['--tls-cert', join(dir, 'tls.crt'), '--tls-key', join(dir, 'tls.key')]

const world = (dir: string, now = new Date()) => {
  const clock = manualClock()
  const log = memoryLog()
  return {
    clock,
    lines: log.lines,
    certificate: createCertificate({ ...filesIn(dir), clock, log, wallClock: () => now }),
  }
}

/** A connection that trusts only `secret`, once it is secure. */
const secure = async (
  port: number,
  secret: TlsSecret,
  options: ConnectionOptions = {},
): Promise<TLSSocket> => {
  const socket = connect({ host: '127.0.0.1', port, ca: secret['tls.crt'], ...options })
  await once(socket, 'secureConnect')
  return socket
}

describe('a certificate', () => {
  test('is exchanged at both ports without a restart, and open connections stay', async () => {
    await using folder = await mountedSecret(first)
    const { certificate, clock, lines } = world(folder.dir)
    const servers = [
      certificate.createHttp({}, (_, response) => response.end('well')),
      certificate.createGrpc((socket) => socket.pipe(socket)),
    ]
    for (const server of servers) await once(server.listen(0, '127.0.0.1'), 'listening')
    const ports = servers.map((server) => (server.address() as AddressInfo).port)
    const old = await Promise.all(
      ports.map((port) => secure(port, first, { ALPNProtocols: ['h2', 'http/1.1'] })),
    )
    await folder.put(second)
    clock.advance(5000)
    for (const port of ports) {
      await assert.rejects(
        secure(port, first, { ALPNProtocols: ['h2', 'http/1.1'] }),
        /self-signed|unable to/,
      )
      const fresh = await secure(port, second, { ALPNProtocols: ['h2', 'http/1.1'] })
      assert.equal(fresh.getPeerCertificate().subject.CN, 'second')
      fresh.destroy()
    }
    assert.deepEqual(
      lines.map(({ level, message }) => [level, message]),
      [['info', 'the TLS certificate has changed']],
    )
    for (const socket of old) {
      assert.equal(socket.destroyed, false)
      socket.destroy()
    }
    certificate.close()
    for (const server of servers) server.close()
  })

  test('is kept while the files are of no use, with one warning, and exchanged when they are again', async () => {
    await using folder = await mountedSecret(first)
    const { certificate, clock, lines } = world(folder.dir)
    const server = certificate.createHttp({}, () => {}).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    await folder.put({ ...first, 'tls.key': second['tls.key'] })
    clock.advance(10_000)
    ;(await secure(port, first)).destroy()
    await folder.put(second)
    clock.advance(5000)
    ;(await secure(port, second)).destroy()
    assert.deepEqual(
      lines.map(({ level, fields }) => [level, fields['error'] ?? 'changed']),
      [
        [
          'warn',
          `the key ${join(folder.dir, 'tls.key')} does not belong to the certificate ${join(folder.dir, 'tls.crt')}; give the two that were made together`,
        ],
        ['info', 'changed'],
      ],
    )
    certificate.close()
    server.close()
  })

  test('that is over is served, and the log says so', async () => {
    await using folder = await mountedSecret(first)
    const { certificate, lines } = world(folder.dir, new Date(Date.now() + 2 * 86_400_000))
    assert.match(lines[0]?.message ?? '', /no longer valid; renew it/)
    certificate.close()
  })

  const broken: readonly (readonly [string, () => Readonly<Record<string, string>>, RegExp])[] = [
    ['no key', () => ({ 'tls.crt': first['tls.crt'] }), /tls\.key cannot be read: ENOENT/],
    [
      'text instead of a certificate',
      () => ({ ...first, 'tls.crt': 'hello' }),
      /tls\.crt is no certificate in PEM/,
    ],
    [
      'a cut certificate',
      () => ({ ...first, 'tls.crt': first['tls.crt'].slice(0, 300) }),
      /tls\.crt is no certificate/,
    ],
    ['text instead of a key', () => ({ ...first, 'tls.key': 'hello' }), /tls\.key is no private key/],
    [
      'a certificate instead of a key',
      () => ({ ...first, 'tls.key': first['tls.crt'] }),
      /tls\.key is no private key/,
    ],
    [
      'a key of another certificate',
      () => ({ ...first, 'tls.key': second['tls.key'] }),
      /does not belong to the certificate/,
    ],
  ]
  for (const [what, entries, sentence] of broken) {
    test(`with ${what} is refused at the start, naming the file`, async () => {
      await using folder = await mountedSecret(entries())
      await assert.rejects(
        testServer(identity('FP32'), flagsOf(folder.dir)),
        (error) => error instanceof StartError && sentence.test(error.message),
      )
    })
  }
})

/** Status and body of a GET over HTTPS that trusts only `secret`. */
const get = (port: number, path: string, secret: TlsSecret): Promise<readonly [number | undefined, string]> =>
  new Promise((resolve, reject) => {
    const call = request(
      { host: '127.0.0.1', port, path, ca: secret['tls.crt'], agent: false },
      (response) => {
        let body = ''
        response.on('data', (chunk) => {
          body += chunk
        })
        response.on('end', () => resolve([response.statusCode, body]))
      },
    )
    call.on('error', reject)
    call.end()
  })

const serverLive = (port: number | undefined, secret: TlsSecret): Promise<unknown> => {
  const file = fileURLToPath(new URL('../grpc/open_inference.proto', import.meta.url))
  const { inference } = loadPackageDefinition(loadSync(file)) as never as {
    readonly inference: { readonly GRPCInferenceService: ServiceClientConstructor }
  }
  const client = new inference.GRPCInferenceService(
    `localhost:${port}`,
    credentials.createSsl(Buffer.from(secret['tls.crt'])),
  ) as unknown as Client & {
    ServerLive: (request: object, done: (error: unknown, answer: unknown) => void) => void
  }
  return new Promise((resolve, reject) =>
    client.ServerLive({}, (error, answer) => {
      client.close()
      if (error) reject(error)
      else resolve(answer)
    }),
  )
}

test('a server with a certificate answers HTTPS and gRPC over TLS, and nothing else', async () => {
  await using folder = await mountedSecret(first)
  await using server = await testServer(identity('FP32'), flagsOf(folder.dir))
  const { port, grpcPort = 0 } = server.serving
  assert.deepEqual(await get(port, '/v2/health/ready', first), [200, '{}'])
  assert.deepEqual(await Promise.all([1, 2, 3].map(() => serverLive(grpcPort, first))), [
    { live: true },
    { live: true },
    { live: true },
  ])
  for (const eachPort of [port, grpcPort]) {
    const plain = connectTcp(eachPort, '127.0.0.1')
    plain.end('GET /v2/health/ready HTTP/1.1\r\nhost: m\r\n\r\n')
    plain.on('error', () => {})
    plain.resume()
    await once(plain, 'close')
    await assert.rejects(
      secure(eachPort, first, {
        maxVersion: 'TLSv1.1',
        minVersion: 'TLSv1',
        ciphers: 'DEFAULT@SECLEVEL=0',
        ALPNProtocols: ['h2', 'http/1.1'],
      }),
      /protocol version/i,
    )
  }
  assert.deepEqual(await get(port, '/v2/health/live', first), [200, '{}'])
  assert.deepEqual(await serverLive(grpcPort, first), { live: true })
})

test('both ports offer TLS 1.2 without CBC and without keys that outlive a connection, and TLS 1.3', async () => {
  await using folder = await mountedSecret(first)
  await using server = await testServer(identity('FP32'), flagsOf(folder.dir))
  const { port, grpcPort = 0 } = server.serving
  const ALPNProtocols = ['h2', 'http/1.1']
  for (const eachPort of [port, grpcPort]) {
    const offers = (ciphers: string): ConnectionOptions => ({ maxVersion: 'TLSv1.2', ciphers, ALPNProtocols })
    for (const name of [
      'ECDHE-ECDSA-AES128-SHA',
      'ECDHE-ECDSA-AES256-SHA384',
      'ECDHE-ECDSA-AES128-SHA256',
      'AES128-GCM-SHA256',
    ])
      await assert.rejects(secure(eachPort, first, offers(name)), /handshake failure/i, name)
    for (const name of [
      'ECDHE-ECDSA-AES128-GCM-SHA256',
      'ECDHE-ECDSA-AES256-GCM-SHA384',
      'ECDHE-ECDSA-CHACHA20-POLY1305',
    ]) {
      const socket = await secure(eachPort, first, offers(name))
      assert.equal(socket.getCipher().name, name)
      socket.destroy()
    }
    const newest = await secure(eachPort, first, { minVersion: 'TLSv1.3', ALPNProtocols })
    assert.equal(newest.getProtocol(), 'TLSv1.3')
    newest.destroy()
  }
})
