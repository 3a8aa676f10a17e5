/** Registries that misbehave, as the real one of oci.integration.test.ts cannot be made to. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import {
  type Artifact,
  image,
  manifestOf,
  manifestType,
  orasArtifact,
  sha256Of,
} from '../../../../local-cluster/oci-push.ts'
import { longName, tar } from '../../testing/archives.ts'
import { failing, importOptions, model, temporaryFolder } from '../../testing/imports.ts'
import { type ImportOptions, importModel } from '../import-model.ts'

type Answer = (request: IncomingMessage, response: ServerResponse) => void

const folder = temporaryFolder()
let registry: Server
let store: Server
/** What the registry answers by path, in the place of what was put there; one answer after the other, the last one again and again. */
let odd: Map<string, Answer[]>
let content: Map<string, { readonly type: string; readonly body: Buffer }>
let asked: { readonly host: string; readonly url: string; readonly headers: IncomingMessage['headers'] }[]

const hostOf = (server: Server): string => `127.0.0.1:${(server.address() as AddressInfo).port}`

const answer: Answer = (request, response) => {
  const url = request.url ?? ''
  asked.push({ host: request.headers.host ?? '', url, headers: request.headers })
  const waiting = odd.get(url.replace(/\?.*$/, ''))
  const next = waiting && (waiting.length > 1 ? waiting.shift() : waiting[0])
  if (next) return next(request, response)
  const found = content.get(url)
  if (!found) return void response.writeHead(404).end('{"errors": [{"code": "MANIFEST_UNKNOWN"}]}')
  response.writeHead(200, { 'content-type': found.type, 'content-length': found.body.length }).end(found.body)
}

const listen = async (): Promise<Server> => {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

before(async () => {
  registry = await listen()
  store = await listen()
})
beforeEach(() => {
  odd = new Map()
  content = new Map()
  asked = []
})
after(() => {
  for (const each of [registry, store]) {
    each.close()
    each.closeAllConnections()
  }
  folder.remove()
})

const api = '/v2/team/model'
const blobPath = (body: Buffer): string => `${api}/blobs/${sha256Of(body)}`
/** @returns the digest of the manifest */
const put = (artifact: Artifact, tag = '1'): string => {
  const body = Buffer.from(JSON.stringify(manifestOf(artifact)))
  for (const name of [tag, sha256Of(body)])
    content.set(`${api}/manifests/${name}`, { type: manifestType, body })
  for (const blob of [artifact.config, ...artifact.layers])
    content.set(blobPath(blob.content), { type: 'application/octet-stream', body: blob.content })
  return sha256Of(body)
}

let volumes = 0
const importing = async (change: Partial<ImportOptions> = {}) => {
  const volume = join(folder.path, `models-${volumes++}`)
  const source = `oci://${hostOf(registry)}/team/model:1`
  try {
    const { version } = await importModel(
      importOptions({ source, volume, allowHttpCredentials: true, ...change }),
    )
    return (path: string): string => readFileSync(join(volume, version.id, path), 'utf8')
  } catch (error) {
    assert.deepEqual(readdirSync(volume), [], 'a failed import leaves nothing')
    throw error
  }
}

/** Larger than what a connection buffers before anybody reads. */
const words = Buffer.from('words '.repeat(200_000))
const files = { 'model.onnx': model, 'words.txt': words }
const dockerConfig = (host: string): string =>
  JSON.stringify({ auths: { [host]: { auth: Buffer.from('ann:hunter2').toString('base64') } } })
const pullSecret = () => ({ credentials: undefined, hosts: [], dockerConfig: dockerConfig(hostOf(registry)) })
const basic = `Basic ${Buffer.from('ann:hunter2').toString('base64')}`
const part =
  (body: Buffer, bytes: number): Answer =>
  (_, response) => {
    response.writeHead(200, { 'content-length': body.length })
    response.write(body.subarray(0, bytes), () => response.socket?.end()) // what was written arrives
  }
const rest =
  (body: Buffer): Answer =>
  ({ headers }, response) => {
    const [, from = '0'] = /^bytes=(\d+)-$/.exec(headers.range ?? '') ?? []
    const sent = body.subarray(Number(from))
    response
      .writeHead(206, {
        'content-range': `bytes ${from}-${body.length - 1}/${body.length}`,
        'content-length': sent.length,
      })
      .end(sent)
  }
const challenge =
  (header: string): Answer =>
  (_, response) =>
    void response.writeHead(401, { 'www-authenticate': header }).end('{"errors": [{"code": "UNAUTHORIZED"}]}')
const rangesOf = (body: Buffer) =>
  asked.filter(({ url }) => url === blobPath(body)).map(({ headers }) => headers.range)

describe('a layer that breaks off goes on where it ended', () => {
  for (const [what, artifact, body] of [
    ['of a file', orasArtifact(files), words],
    [
      'of an image',
      image([
        tar([
          { path: 'models/model.onnx', content: model },
          { path: 'models/words.txt', content: words },
        ]),
      ]),
      undefined,
    ],
  ] as const)
    test(what, async () => {
      put(artifact)
      const layer = body ?? artifact.layers[0]?.content ?? Buffer.alloc(0)
      odd.set(blobPath(layer), [part(layer, 1_000_000), rest(layer)])
      const read = await importing()
      assert.equal(read('words.txt'), `${words}`)
      const [first, second] = rangesOf(layer)
      assert.equal(first, undefined)
      assert.match(second ?? '', /^bytes=[1-9]\d*-$/)
    })

  test('where the registry sends it from its beginning, too', async () => {
    put(orasArtifact(files))
    odd.set(blobPath(words), [
      part(words, 1_000_000),
      (_, response) => void response.writeHead(200).end(words),
    ])
    assert.equal((await importing())('words.txt'), `${words}`)
  })

  test('and one that never ends whole is given up, with nothing left', async () => {
    put(orasArtifact(files))
    odd.set(blobPath(words), [part(words, 1_000_000), part(words, 10)])
    await assert.rejects(importing(), failing('SourceUnreachable', /tried 3 times/, 'backoff'))
  })
})

test('an image whose layer has a path of half a million folders is refused', async () => {
  put(image([tar([longName(`models/${'a/'.repeat(500_000)}b`), { path: 'b', content: 'x' }])]))
  await assert.rejects(importing(), failing('UnsafePath', /a file of the image is too long/))
})

test('of an image, too, nothing comes that no server loads', async () => {
  const paths = ['model.onnx', '.git/config', '..data/a', '.wh.a', 'metadata.json/a', 'sub/.cache/a']
  put(image([tar(paths.map((path) => ({ path: `models/${path}`, content: model })))]))
  const read = await importing()
  const { files: kept } = JSON.parse(read('metadata.json'))
  assert.deepEqual(
    kept.map(({ path }: { path: string }) => path),
    ['model.onnx'],
  )
})

test('a tag that moves while it is pulled is the manifest that it stood for at first', async () => {
  const first = put(orasArtifact(files))
  odd.set(`${api}/manifests/1`, [
    (_, response) => {
      const body = content.get(`${api}/manifests/${first}`)?.body
      put(orasArtifact({ 'model.onnx': model, 'words.txt': Buffer.from('another') }))
      response.writeHead(200, { 'content-type': manifestType }).end(body)
    },
  ])
  const read = await importing()
  assert.equal(read('words.txt'), `${words}`)
  assert.equal(asked.filter(({ url }) => url === `${api}/manifests/1`).length, 1)
})

test('a version that is imported again elsewhere is that of the digest, wherever its tag points now', async () => {
  const pinnedDigest = put(orasArtifact(files))
  put(orasArtifact({ 'model.onnx': model, 'words.txt': Buffer.from('another') }))
  assert.equal((await importing({ pinnedDigest }))('words.txt'), `${words}`)
  assert.ok(asked.every(({ url }) => url !== `${api}/manifests/1`))
})

test('a store that the registry redirects to gets neither token nor password, and is asked again where it breaks off', async () => {
  put(orasArtifact(files))
  const away: Answer = (_, response) =>
    void response.writeHead(307, { location: `http://${hostOf(store)}/signed?key=1` }).end()
  odd.set(blobPath(words), [challenge('Basic realm="x"'), away, away])
  odd.set('/signed', [part(words, 1_000_000), rest(words)])
  assert.equal((await importing({ secret: pullSecret() }))('words.txt'), `${words}`)
  const stored = asked.filter(({ host }) => host === hostOf(store))
  assert.deepEqual(
    stored.map(({ headers }) => headers.authorization),
    [undefined, undefined],
  )
  assert.ok(asked.some(({ url, headers }) => url === blobPath(words) && headers.authorization === basic))
})

describe('a token', () => {
  const token =
    (value: string): Answer =>
    (_, response) =>
      void response.end(JSON.stringify({ token: value }))
  const guarded =
    (value: string, path: string): Answer =>
    (request, response) => {
      if (request.headers.authorization !== `Bearer ${value}`)
        return challenge(
          `Bearer realm="http://${hostOf(store)}/token",service="r",scope="repository:other/model:pull,push"`,
        )(request, response)
      const found = content.get(path)
      response.writeHead(200, { 'content-type': found?.type ?? '' }).end(found?.body)
    }
  const guardAll = (value: string): void => {
    for (const path of content.keys()) odd.set(path, [guarded(value, path)])
  }
  const sentToStore = () => asked.filter(({ host }) => host === hostOf(store))

  test('is asked for with the credentials of a pull Secret, and for what is pulled alone', async () => {
    put(orasArtifact(files))
    guardAll('t1')
    odd.set('/token', [token('t1')])
    await importing({ secret: pullSecret() })
    const [request, ...more] = sentToStore()
    assert.equal(more.length, 0, 'one token serves the whole import')
    assert.equal(request?.headers.authorization, basic)
    assert.deepEqual(Object.fromEntries(new URL(request?.url ?? '', 'http://x').searchParams), {
      service: 'r',
      scope: 'repository:team/model:pull',
    })
    assert.ok(
      asked.every(({ host, headers }) => host === hostOf(store) || headers.authorization !== basic),
      'the registry itself gets no password',
    )
  })

  test('is asked for anonymously without a Secret', async () => {
    put(orasArtifact(files))
    guardAll('t1')
    odd.set('/token', [token('t1')])
    await importing()
    assert.equal(sentToStore()[0]?.headers.authorization, undefined)
  })

  test('that has expired meanwhile is asked for again', async () => {
    put(orasArtifact(files))
    guardAll('t1')
    odd.set(blobPath(words), [guarded('t2', blobPath(words))])
    odd.set('/token', [token('t1'), token('t2')])
    await importing({ secret: pullSecret() })
    assert.equal(sentToStore().length, 2)
  })

  test('is not asked for at a host that the key hosts of a Secret does not name', async () => {
    put(orasArtifact(files))
    guardAll('t1')
    odd.set('/token', [token('t1')])
    const credentials = { kind: 'basic', username: 'ann', password: 'hunter2' } as const
    await assert.rejects(
      importing({ secret: { credentials, hosts: [hostOf(registry)] } }),
      failing('SourceForbidden', /its key hosts does not name 127\.0\.0\.1:\d+; add it there/),
    )
    assert.deepEqual(sentToStore(), [])
    await importing({ secret: { credentials, hosts: [hostOf(registry), hostOf(store)] } })
  })

  for (const [what, realm, reason, message] of [
    [
      'the metadata of a cloud',
      'http://169.254.169.254/token',
      'SourceNotAllowed',
      /does not connect to|do not connect to/,
    ],
    ['a file', 'file:///etc/passwd', 'SourceForbidden', /token service that is not asked over https/],
    [
      'an address with a password',
      'https://a:b@auth.example/',
      'SourceForbidden',
      /token service that is not asked over https/,
    ],
    ['nothing', 'x', 'SourceForbidden', /token service that is not asked over https/],
  ] as const)
    test(`is not asked for where the registry names ${what}`, async () => {
      put(orasArtifact(files))
      odd.set(`${api}/manifests/1`, [challenge(`Bearer realm="${realm}"`)])
      await assert.rejects(importing({ secret: pullSecret() }), failing(reason, message))
    })

  for (const [what, reply, reason, message] of [
    [
      'refuses',
      (_, response) => void response.writeHead(401).end(),
      'SourceForbidden',
      /does not accept the credentials; check the Secret/,
    ],
    [
      'has no token',
      (_, response) => void response.end('{}'),
      'SourceUnsupported',
      /answered without a token/,
    ],
    [
      'sends a header of its own',
      (_, response) => void response.end(JSON.stringify({ token: 'a\r\nx: y' })),
      'SourceUnsupported',
      /answered without a token/,
    ],
  ] as const satisfies readonly (readonly [string, Answer, string, RegExp])[])
    test(`service that ${what} ends the import with a sentence`, async () => {
      put(orasArtifact(files))
      guardAll('t1')
      odd.set('/token', [reply])
      await assert.rejects(importing({ secret: pullSecret() }), failing(reason, message))
    })
})

describe('an answer that is no good', () => {
  for (const [what, reply, reason, message, retry] of [
    [
      'too many requests',
      (_, response) =>
        void response
          .writeHead(429, { 'retry-after': '0' })
          .end('{"errors": [{"code": "TOOMANYREQUESTS", "message": "slow down"}]}'),
      'SourceUnreachable',
      /allows no more pulls for now; with a pull Secret.*tried 3 times.*TOOMANYREQUESTS/,
      'backoff',
    ],
    [
      'denied',
      (_, response) => void response.writeHead(403).end('{"errors": [{"code": "DENIED"}]}'),
      'SourceForbidden',
      /lets nobody pull team\/model without credentials.*DENIED/,
      'never',
    ],
    [
      'a challenge that cannot be met',
      challenge('Negotiate'),
      'SourceForbidden',
      /lets nobody pull team\/model without credentials/,
      'never',
    ],
    [
      'a page',
      (_, response) => void response.end('<html>Sign in</html>'),
      'SourceUnsupported',
      /did not answer with a manifest, so it is no registry/,
      'never',
    ],
    [
      'a manifest of 5 MiB',
      (_, response) => void response.writeHead(200, { 'content-length': 5 << 20 }).end(Buffer.alloc(5 << 20)),
      'SourceUnsupported',
      /the manifest of the artifact has more than 4 MiB/,
      'never',
    ],
    [
      'a manifest without end',
      (_, response) => {
        response.on('close', () => clearInterval(timer))
        const timer = setInterval(() => response.write(Buffer.alloc(1 << 20, 32)), 1)
      },
      'SourceUnsupported',
      /the manifest of the artifact has more than 4 MiB/,
      'never',
    ],
    [
      'a failure',
      (_, response) => void response.writeHead(503).end(),
      'SourceUnreachable',
      /answered 503; tried 3 times/,
      'backoff',
    ],
  ] as const satisfies readonly (readonly [string, Answer, string, RegExp, string])[])
    test(`${what} ends the import with a sentence`, async () => {
      odd.set(`${api}/manifests/1`, [reply])
      await assert.rejects(importing(), failing(reason, message, retry))
    })

  test('a manifest by digest that is another one is refused', async () => {
    const digest = put(orasArtifact(files))
    odd.set(`${api}/manifests/${digest}`, [(_, response) => void response.end('{"schemaVersion": 2}')])
    const source = `oci://${hostOf(registry)}/team/model@${digest}`
    await assert.rejects(
      importing({ source }),
      failing('DigestMismatch', /a manifest that does not have its digest; it was changed or damaged/),
    )
  })

  test('a configuration that is another one, or is gone, is refused', async () => {
    const artifact = {
      ...orasArtifact(files),
      config: { mediaType: 'application/x', content: Buffer.from('{"a": 1}') },
    }
    put(artifact)
    odd.set(blobPath(artifact.config.content), [(_, response) => void response.end('{"a": 2}')])
    await assert.rejects(
      importing(),
      failing('DigestMismatch', /a configuration that does not have its digest/),
    )
    odd.set(blobPath(artifact.config.content), [(_, response) => void response.writeHead(404).end()])
    await assert.rejects(
      importing(),
      failing('SourceNotFound', /has lost a layer of team\/model; push the model again/),
    )
  })

  for (const [what, pack] of [
    ['an archive', (archive: Buffer) => archive],
    ['a gzip file', gzipSync],
    ['a zstd file', zstdCompressSync],
  ] as const)
    test(`bytes behind the end of ${what} belong to its digest, and to nothing else`, async () => {
      const archive = tar([{ path: 'models/model.onnx', content: model }])
      const layer = Buffer.concat([pack(archive), Buffer.alloc(3_000_000)])
      put(image([layer], 'application/vnd.oci.image.layer.v1.tar'))
      const changed = Buffer.from(layer)
      changed[changed.length - 1] = 8
      odd.set(blobPath(layer), [(_, response) => void response.end(changed)])
      await assert.rejects(importing(), failing('DigestMismatch', /that the manifest names/))
      odd.clear()
      await importing()
    })

  test('a Secret that is named and not there is waited for', async () => {
    put(orasArtifact(files))
    await assert.rejects(
      importing({ hasSecret: true, secret: { credentials: undefined, hosts: [] } }),
      failing('SourceForbidden', /does not exist, or has none of the keys \.dockerconfigjson/, 'backoff'),
    )
  })
})
