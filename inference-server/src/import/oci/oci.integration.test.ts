/** Imports from the registry of distribution, as one would run it. What it cannot be made to do wrong is in oci.test.ts. */
import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import {
  type Artifact,
  type Blob,
  descriptorOf,
  dockerModel,
  image,
  indexType,
  modelPack,
  orasArtifact,
  pushArtifact,
  pushManifest,
  sha256Of,
} from '../../../../local-cluster/oci-push.ts'
import { type OciRegistry, registryUser, startOciRegistry } from '../../../../local-cluster/oci-registry.ts'
import { tar } from '../../testing/archives.ts'
import { failing, importOptions, model, temporaryFolder } from '../../testing/imports.ts'
import { type ImportOptions, importModel } from '../import-model.ts'

const folder = temporaryFolder()
let open: OciRegistry
let closed: OciRegistry

before(async () => {
  open = await startOciRegistry()
  closed = await startOciRegistry({ login: { kind: 'password' } })
})
after(async () => {
  await Promise.all([open?.stop(), closed?.stop()])
  folder.remove()
})

const basic = `Basic ${Buffer.from(`${registryUser.username}:${registryUser.password}`).toString('base64')}`
const pushTo = (repository: string, registry = open) => ({
  api: `http://${registry.host}/v2/${repository}`,
  authorization: registry === closed ? basic : undefined,
})

let volumes = 0
const importing = async (source: string, change: Partial<ImportOptions> = {}) => {
  const volume = join(folder.path, `models-${volumes++}`)
  const { version } = await importModel(importOptions({ source, volume, ...change })).catch(
    (error: unknown) => {
      assert.deepEqual(readdirSync(volume), [], 'a failed import leaves nothing')
      throw error
    },
  )
  const content = (path: string): string => readFileSync(join(volume, version.id, path), 'utf8')
  const { files: found } = JSON.parse(content('metadata.json')) as {
    readonly files: readonly { readonly path: string }[]
  }
  return { version, content, paths: found.map(({ path }) => path).sort() }
}

const config = Buffer.from('{"model_type": "bert"}')
const files = { 'onnx/model.onnx': model, 'config.json': config }
const entries = Object.entries(files).map(([path, content]) => ({ path, content }))
const archived = (packing: string, content: Buffer): Artifact => ({
  ...modelPack({}),
  layers: [
    {
      mediaType: `application/vnd.cncf.model.weight.v1.${packing}`,
      content,
      annotations: { 'org.cncf.model.filepath': 'onnx' },
    },
  ],
})
const inModels = (entry: { readonly path: string; readonly content?: Buffer }) => ({
  ...entry,
  path: `models/${entry.path}`,
})
/** Below the model: files of a system, an older model, and one that a later layer removes. */
const layers = [
  tar([
    { path: 'etc/passwd', content: 'root' },
    { path: 'bin/sh', type: '2', linkTo: '/bin/busybox' },
    { path: './models/old.onnx', content: 'old' },
    { path: 'models/config.json', content: 'old' },
  ]),
  tar([{ path: 'models/', type: '5' }, { path: 'models/.wh.old.onnx' }, ...entries.map(inModels)]),
  tar([{ path: 'tmp/.wh..wh..opq' }]),
]

describe('a registry holds a model', () => {
  for (const [what, artifact] of [
    ['pushed by ORAS', orasArtifact(files)],
    ['as ModelPack', modelPack(files)],
    ['as ModelPack of the older name', modelPack(files, 'cnai')],
    ['as ModelPack of an archive', archived('tar', tar(entries))],
    ['as ModelPack of an archive with gzip', archived('tar+gzip', gzipSync(tar(entries)))],
    ['as ModelPack of an archive with zstd', archived('tar+zstd', zstdCompressSync(tar(entries)))],
    ['as a Docker model', dockerModel(files)],
    ['in an image', image(layers.map((layer) => gzipSync(layer)))],
    [
      'in an image of layers with zstd',
      image(
        layers.map((layer) => zstdCompressSync(layer)),
        'application/vnd.oci.image.layer.v1.tar+zstd',
      ),
    ],
    ['in an image of layers that are not packed', image(layers, 'application/vnd.oci.image.layer.v1.tar')],
  ] as const)
    test(what, async () => {
      const digest = await pushArtifact(pushTo('team/shapes'), '1.0', artifact)
      const byTag = await importing(`oci://${open.host}/team/shapes:1.0`)
      assert.deepEqual(byTag.paths, ['config.json', 'onnx/model.onnx'])
      assert.equal(byTag.content('config.json'), `${config}`)
      const byDigest = await importing(`oci://${open.host}/team/shapes@${digest}`)
      assert.equal(byDigest.version.digest, byTag.version.digest)
    })

  test('and an index of several machines lists it', async () => {
    const push = pushTo('team/index')
    const listed = async (artifact: Artifact, more: object) => ({
      ...descriptorOf(manifestBlob(await pushArtifact(push, undefined, artifact))),
      ...more,
    })
    const manifestBlob = (digest: string): Blob => ({
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      content: readFileSync(blobPath(open, digest)),
    })
    const amd64 = { platform: { os: 'linux', architecture: 'amd64' } }
    const arm64 = { platform: { os: 'linux', architecture: 'arm64' } }
    const attestation = { platform: { os: 'unknown', architecture: 'unknown' } }
    const other = image([gzipSync(tar([{ path: 'models/other.onnx', content: model }]))])
    const manifests = [
      await listed(other, arm64),
      await listed(image([gzipSync(layers[1] ?? Buffer.alloc(0))]), amd64),
      await listed(image([gzipSync(tar([{ path: 'in-toto.json', content: '{}' }]))]), attestation),
    ]
    await pushManifest(push, 'many', { schemaVersion: 2, mediaType: indexType, manifests }, indexType)
    assert.deepEqual((await importing(`oci://${open.host}/team/index:many`)).paths, [
      'config.json',
      'onnx/model.onnx',
    ])
    await pushManifest(
      push,
      'one',
      { schemaVersion: 2, mediaType: indexType, manifests: [manifests[0]] },
      indexType,
    )
    assert.deepEqual((await importing(`oci://${open.host}/team/index:one`)).paths, ['model.onnx'])
    const [first] = manifests
    await pushManifest(
      push,
      'unclear',
      {
        schemaVersion: 2,
        mediaType: indexType,
        manifests: [first, { ...first, platform: { os: 'linux', architecture: 's390x' } }],
      },
      indexType,
    )
    await assert.rejects(
      importing(`oci://${open.host}/team/index:unclear`),
      failing(
        'SourceUnsupported',
        /lists 2 manifests, and none or several are of linux\/amd64; give the digest.*s390x/,
      ),
    )
  })
})

/** Where the registry keeps a blob. */
const blobPath = ({ folder: root }: OciRegistry, digest: string): string => {
  const hex = digest.slice('sha256:'.length)
  return join(root, 'docker/registry/v2/blobs/sha256', hex.slice(0, 2), hex, 'data')
}

describe('an import that cannot be', () => {
  test('of a tag, a digest and a repository that are not there says which', async () => {
    await pushArtifact(pushTo('team/there'), '1', orasArtifact(files))
    const nothing = sha256Of(Buffer.from('nothing'))
    for (const [reference, message] of [
      ['team/there:2', /has no tag 2 in team\/there; check the tag or digest.*MANIFEST_UNKNOWN/],
      [`team/there@${nothing}`, /has no sha256:[0-9a-f]{64} in team\/there/],
      ['team/nowhere:1', /MANIFEST_UNKNOWN|has no repository/],
    ] as const)
      await assert.rejects(importing(`oci://${open.host}/${reference}`), failing('SourceNotFound', message))
  })

  test('of a layer whose bytes were changed in the registry is refused, in each shape', async () => {
    for (const [repository, artifact] of [
      ['team/flipped', orasArtifact(files)],
      ['team/flipped-archive', archived('tar', tar(entries))],
      [
        'team/flipped-image',
        image(
          [tar([...entries.map(inModels), { path: 'usr/file', content: 'x'.repeat(100) }])],
          'application/vnd.oci.image.layer.v1.tar',
        ),
      ],
    ] as const) {
      await pushArtifact(pushTo(repository), '1', artifact)
      const path = blobPath(open, sha256Of(artifact.layers[0]?.content ?? Buffer.alloc(0)))
      const content = readFileSync(path)
      const found = content.indexOf('x'.repeat(100))
      const at = found < 0 ? content.indexOf(model) + 20 : found
      const flipped = Buffer.from(content)
      flipped[at] = (content[at] ?? 0) ^ 1
      writeFileSync(path, flipped)
      await assert.rejects(
        importing(`oci://${open.host}/${repository}:1`),
        failing('DigestMismatch', /that the manifest names/),
        repository,
      )
      writeFileSync(path, content) // the registry has it once for all repositories
    }
  })

  test('of an image without /models, and with a link in it, says what to do', async () => {
    for (const [tag, entry, reason, message] of [
      [
        'none',
        { path: 'opt/model.onnx', content: model },
        'SourceUnsupported',
        /has no file in \/models; copy the model there/,
      ],
      [
        'link',
        { path: 'models/model.onnx', type: '2', linkTo: '/opt/model.onnx' },
        'UnsafePath',
        /is a symbolic link/,
      ],
      [
        'hard',
        { path: 'models/model.onnx', type: '1', linkTo: 'opt/model.onnx' },
        'UnsafePath',
        /is a hard link/,
      ],
      [
        'linked',
        { path: 'models', type: '2', linkTo: 'opt' },
        'UnsafePath',
        /has no folder \/models but something else/,
      ],
      ['device', { path: 'models/null', type: '3' }, 'UnsafePath', /is a device/],
    ] as const) {
      await pushArtifact(pushTo('team/odd'), tag, image([gzipSync(tar([entry]))]))
      await assert.rejects(importing(`oci://${open.host}/team/odd:${tag}`), failing(reason, message), tag)
    }
  })

  test('of layers whose names leave the folder, or are there twice, is refused', async () => {
    for (const [tag, artifact, message] of [
      ['up', orasArtifact({ '../model.onnx': model, 'a.txt': config }), /leaves its folder/],
      ['absolute', orasArtifact({ '/etc/model.onnx': model, 'a.txt': config }), /is an absolute path/],
      [
        'twice',
        {
          ...orasArtifact({}),
          layers: [
            ...orasArtifact({ 'model.onnx': model }).layers,
            ...orasArtifact({ './model.onnx': config }).layers,
          ],
        },
        /there twice/,
      ],
      ['long', orasArtifact({ [`${'a'.repeat(300)}.onnx`]: model, 'a.txt': config }), /is too long/],
    ] as const) {
      await pushArtifact(pushTo('team/names'), tag, artifact)
      await assert.rejects(
        importing(`oci://${open.host}/team/names:${tag}`),
        failing('UnsafePath', message),
        tag,
      )
    }
  })
})

describe('a registry with a login', () => {
  const dockerConfig = (
    host: string,
    { username, password }: { readonly username: string; readonly password: string },
  ) =>
    JSON.stringify({ auths: { [host]: { auth: Buffer.from(`${username}:${password}`).toString('base64') } } })
  const secretOf = (text: string) => ({ credentials: undefined, hosts: [], dockerConfig: text })
  const wrong = { ...registryUser, password: 'wrong' }
  before(() => pushArtifact(pushTo('team/closed', closed), '1', orasArtifact(files)))
  const pull = (change: Partial<ImportOptions>) =>
    importing(`oci://${closed.host}/team/closed:1`, { allowHttpCredentials: true, ...change })

  test('answers with the credentials of a pull Secret, and of one that names its hosts', async () => {
    const { paths } = await pull({ secret: secretOf(dockerConfig(closed.host, registryUser)) })
    assert.deepEqual(paths, ['config.json', 'onnx/model.onnx'])
    await pull({ secret: { credentials: { kind: 'basic', ...registryUser }, hosts: [closed.host] } })
  })

  test('refuses others, and the sentence says what to do', async () => {
    for (const [change, message] of [
      [{}, /lets nobody pull team\/closed without credentials.*name a pull Secret/],
      [
        { secret: secretOf(dockerConfig(closed.host, wrong)) },
        /does not let these credentials pull team\/closed; check the Secret/,
      ],
      [{ secret: secretOf(dockerConfig('other.example', registryUser)) }, /has no entry for 127\.0\.0\.1/],
      [
        { secret: { credentials: { kind: 'basic', ...registryUser }, hosts: ['other.example'] } },
        /does not name 127\.0\.0\.1/,
      ],
      [
        { secret: secretOf(dockerConfig(closed.host, registryUser)), allowHttpCredentials: false },
        /credentials are sent over https only/,
      ],
    ] as const)
      await assert.rejects(pull(change as Partial<ImportOptions>), failing('SourceForbidden', message))
  })
})

describe('a registry with a token service', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const kid = 'tests'
  const jwks = JSON.stringify({
    keys: [{ ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'ES256' }],
  })
  const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signed = (access: readonly object[]): string => {
    const seconds = Math.floor(Date.now() / 1000)
    const times = { nbf: seconds - 60, iat: seconds, exp: seconds + 60 }
    const claims = { iss: 'tests', sub: 'tester', aud: 'registry', jti: `${seconds}`, access, ...times }
    const text = `${encoded({ typ: 'JWT', alg: 'ES256', kid })}.${encoded(claims)}`
    const signature = sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' })
    return `${text}.${signature.toString('base64url')}`
  }
  /** Gives everyone what is asked for, but `pull` of closed repositories only to the tester. */
  const service = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '', 'http://x')
    const [type, name, actions = ''] = searchParams.get('scope')?.split(':') ?? []
    const isOpen = name?.startsWith('open/') || request.headers.authorization === basic
    response.end(
      JSON.stringify({ access_token: signed(isOpen ? [{ type, name, actions: actions.split(',') }] : []) }),
    )
  })
  let guarded: OciRegistry
  before(async () => {
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
    const realm = `http://127.0.0.1:${(service.address() as AddressInfo).port}/token`
    guarded = await startOciRegistry({
      login: { kind: 'token', realm, service: 'registry', issuer: 'tests', jwks },
    })
    for (const name of ['open/model', 'closed/model']) {
      const authorization = `Bearer ${signed([{ type: 'repository', name, actions: ['pull', 'push'] }])}`
      await pushArtifact(
        { api: `http://${guarded.host}/v2/${name}`, authorization },
        '1',
        orasArtifact(files),
      )
    }
  })
  after(async () => {
    service.close()
    service.closeAllConnections()
    await guarded?.stop()
  })

  test('lets everyone pull what is open, and the owner of a pull Secret what is not', async () => {
    const { paths } = await importing(`oci://${guarded.host}/open/model:1`)
    assert.deepEqual(paths, ['config.json', 'onnx/model.onnx'])
    const closedModel = `oci://${guarded.host}/closed/model:1`
    await assert.rejects(
      importing(closedModel),
      failing('SourceForbidden', /lets nobody pull closed\/model without/),
    )
    const auths = { [guarded.host]: registryUser }
    const secret = { credentials: undefined, hosts: [], dockerConfig: JSON.stringify({ auths }) }
    await importing(closedModel, { secret, allowHttpCredentials: true })
  })
})
