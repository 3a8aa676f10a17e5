/** Every kind of source on a cluster, from the apply to an answer: all models are applied at once, and their servers are real ones on the node. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { createAuthority, issue } from '../../local-cluster/control-plane/certificates.ts'
import { type Hub, startHub } from '../../local-cluster/hub/hub.ts'
import { conditionOf, eventually } from '../../local-cluster/kubectl.ts'
import { modelPack, pushArtifact } from '../../local-cluster/oci-push.ts'
import { type OciRegistry, registryUser, startOciRegistry } from '../../local-cluster/oci-registry.ts'
import { type S3Server, startS3Server } from '../../local-cluster/s3-server.ts'
import { exampleFile, infer, post } from '../requests.ts'
import { openWorld, serveFiles, small, type World } from '../world.ts'

const onnx = exampleFile('breast-cancer', 'model', 'model.onnx')
const labels = exampleFile('breast-cancer', 'model', 'labels.json')
const sha256 = createHash('sha256').update(onnx).digest('hex')
/** A folder that the real model_signing has signed, with signatures and keys beside it. */
const signed = join(import.meta.dirname, '../../inference-server/golden/signatures')
const hubToken = 'hf_token_of_a_reader'

let world: World
let s3: S3Server
let registry: OciRegistry
let hub: Hub
let files: Awaited<ReturnType<typeof serveFiles>>
/** Lets a tag of the registry name an artifact. @returns its digest */
const pushTabular = (notes: string): Promise<string> => {
  const { username, password } = registryUser
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  const content = { 'model.onnx': onnx, 'labels.json': labels, 'README.md': Buffer.from(notes) }
  return pushArtifact(
    { api: `http://${registry.host}/v2/team/tabular`, authorization },
    '1.0',
    modelPack(content),
  )
}
let digest = ''
/** What the test leaves behind on this machine, newest first. */
const closing: (() => unknown)[] = []
const closed = <T>(started: T, close: (started: T) => unknown): T => {
  closing.unshift(() => close(started))
  return started
}

const secret = (name: string, stringData: Readonly<Record<string, string>>, type = 'Opaque'): object => ({
  ...{ apiVersion: 'v1', kind: 'Secret', type, stringData },
  metadata: { name, namespace: world.namespace },
})
const configMap = (name: string, content: object): object => ({
  ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: world.namespace } },
  ...content,
})

/** Gives the hub the name that the chart's value imports.huggingFaceEndpoint has in these tests. */
const nameHub = (endpoint: URL): readonly object[] => {
  const metadata = { name: 'hub', namespace: world.namespace }
  const ports = [{ name: 'http', port: 80, protocol: 'TCP' }]
  return [
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { ports } },
    {
      ...{ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', addressType: 'IPv4' },
      metadata: { ...metadata, labels: { 'kubernetes.io/service-name': 'hub' } },
      ports: [{ name: 'http', port: Number(endpoint.port), protocol: 'TCP' }],
      endpoints: [{ addresses: [endpoint.hostname], conditions: { ready: true } }],
    },
  ]
}

/** Serves the files of a folder over https. @returns the address, and the certificate of who has signed its own */
const serveHttps = async (content: Readonly<Record<string, Buffer>>) => {
  const folder = await mkdtemp(join(tmpdir(), 'gantry-e2e-'))
  const ca = await createAuthority(folder, 'sources-ca')
  const altNames = [`IP:${world.nodeIp}`]
  const { cert, key } = await issue(ca, folder, 'store', { commonName: 'store', altNames })
  const [authority, ...own] = await Promise.all([ca.cert, cert, key].map((path) => readFile(path, 'utf8')))
  await rm(folder, { recursive: true })
  const server = createServer({ cert: own[0], key: own[1] }, ({ url = '' }, response) => {
    const found = content[url.slice(1)]
    response.writeHead(found ? 200 : 404).end(found)
  })
  await new Promise<void>((resolve) => server.listen(0, world.nodeIp, resolve))
  closing.unshift(
    () => server.closeAllConnections(),
    () => server.close(),
  )
  return { url: `https://${world.nodeIp}:${(server.address() as AddressInfo).port}`, authority }
}

/** The store of the hub sends a half of the large files of acme/slow, and the rest when it is let go. */
const slow = Promise.withResolvers<void>()
const sendHalf = ({ url = '' }: IncomingMessage, response: ServerResponse): boolean => {
  if (!url.startsWith('/repos/acme/slow/')) return false
  response.writeHead(200, { 'content-length': onnx.length }).write(onnx.subarray(0, onnx.length >> 1))
  void slow.promise.then(() => response.end(onnx.subarray(onnx.length >> 1)))
  return true
}

before(async () => {
  world = openWorld('sources')
  const address = world.nodeIp
  s3 = closed(await startS3Server({ address }), ({ stop }) => stop())
  registry = closed(await startOciRegistry({ address, login: { kind: 'password' } }), ({ stop }) => stop())
  hub = closed(await startHub({ host: address }), ({ close }) => close())
  files = closed(
    await serveFiles(address, ({ headers }, response) => {
      if (headers.authorization === 'Bearer open-sesame') response.end(onnx)
      else response.writeHead(401).end()
    }),
    ({ close }) => close(),
  )
  const web = await serveHttps({ 'tabular/3/onnx/model.onnx': onnx, 'tabular/3/labels.json': labels })

  const bucket = join(s3.folder, 'models', 'yes-or-no')
  await mkdir(bucket, { recursive: true })
  for (const [from, to] of Object.entries({
    'model/forest.onnx': 'forest.onnx',
    'model/labels.json': 'labels.json',
    'p256.sig': 'model.sig',
  }))
    await writeFile(join(bucket, to), await readFile(join(signed, from)))
  digest = await pushTabular('first')
  const large = { 'onnx/model.onnx': onnx, 'config.json': '{}', 'pytorch_model.bin': 'not for us' }
  hub.push('acme/slow', large, { isPrivate: true })
  hub.grant(hubToken, 'acme/slow')
  hub.intercept = sendHalf

  world.kubectl.apply(
    ...nameHub(new URL(hub.endpoint)),
    secret('download', { token: 'open-sesame', hosts: new URL(files.url).host }),
    secret('store', { AWS_ACCESS_KEY_ID: s3.accessKeyId, AWS_SECRET_ACCESS_KEY: s3.secretAccessKey }),
    secret('hub', { HF_TOKEN: hubToken }),
    secret(
      'pull',
      { '.dockerconfigjson': JSON.stringify({ auths: { [registry.host]: registryUser } }) },
      'kubernetes.io/dockerconfigjson',
    ),
    configMap('tiny-model', { binaryData: { 'model.onnx': onnx.toString('base64') } }),
    configMap('company-ca', { data: { 'ca.crt': web.authority } }),
  )
  const publicKey = await readFile(join(signed, 'p256.pem'), 'utf8')
  const apply = (name: string, source: object, storage: object = {}): void =>
    world.applyModel(name, {
      ...{ ...small, model: { task: 'tensor', source } },
      storage: { ...small.storage, ...storage },
    })
  apply('from-hub', { uri: 'hf://acme/slow@main', secretRef: { name: 'hub' } })
  apply('from-s3', {
    ...{ uri: 's3://models/yes-or-no/', secretRef: { name: 'store' } },
    ...{ s3: { endpoint: s3.url }, signature: { publicKey } },
  })
  const tag = { uri: `oci://${registry.host}/team/tabular:1.0`, secretRef: { name: 'pull' } }
  apply('from-registry', tag, { mode: 'Ephemeral' })
  apply(
    'from-https',
    { uri: `${web.url}/tabular/3`, files: [{ path: 'onnx/model.onnx', sha256 }, { path: 'labels.json' }] },
    { import: { caBundle: { configMapRef: { name: 'company-ca' } } } },
  )
  apply('from-configmap', { configMapRef: { name: 'tiny-model' } })
  apply('from-secret', { uri: `${files.url}/model.onnx`, sha256, secretRef: { name: 'download' } })
  apply('from-file', { uri: 'file:///models' })
})
after(async () => {
  slow.resolve()
  for (const close of closing) await close()
  world?.close()
})

const answers = async (name: string): Promise<void> => {
  await world.ready(name)
  assert.equal((await infer(world.url(name), name)).status, 200)
}
/** The first version as the status has it. */
const version = (name: string) => world.model(name)['status'].versions[0]

const answersSigned = async (): Promise<number> => {
  const inputs = [{ name: 'X', datatype: 'FP32', shape: [1, 4], data: [1, 2, 3, 4] }]
  return (await post(`${world.url('from-s3')}/v2/models/from-s3/infer`, { inputs })).status
}

test('the status says how much of a slow source has come', async () => {
  const told = await eventually('the percent of an import', () => world.model('from-hub')['status']?.import)
  assert.ok(told.bytes >= onnx.length >> 1 && told.bytes < told.totalBytes, JSON.stringify(told))
  assert.ok(told.percent >= 40 && told.percent < 100, JSON.stringify(told))
  slow.resolve()
})

test('a signed folder of a bucket is served, and who signed it is recorded', async () => {
  await world.ready('from-s3')
  assert.equal(await answersSigned(), 200)
  assert.equal(version('from-s3').signature.files, 2)
  assert.match(version('from-s3').sourceRevision, /^listing [0-9a-f]{64}/)
})

test('an artifact of a registry with a login is served, here without a volume', async () => {
  await answers('from-registry')
  assert.equal(version('from-registry').sourceRevision, digest)
})

test('listed files of a web server with a certificate of a company are served', async () => {
  await answers('from-https')
})

test('a model in a ConfigMap is served', async () => {
  await answers('from-configmap')
})

test('a download is made with the credentials of the Secret, and its digest is checked', async () => {
  await answers('from-secret')
})

test('a path of the import pod is refused unless the operator allows it', async () => {
  await world.condition('from-file', 'Stalled', 'True', 'FileSourceNotAllowed')
})

test('a private model of a hub is served, and its token goes nowhere else', async () => {
  await answers('from-hub')
  assert.match(version('from-hub').sourceRevision, /^[0-9a-f]{40}$/)
  assert.equal(world.model('from-hub')['status'].import, undefined)
  assert.ok(hub.requests.some(({ at }) => at === 'cdn'))
  assert.ok(hub.requests.every(({ at, authorization }) => at === 'hub' || authorization === undefined))
})

describe('of what serves', () => {
  const versionUri = (): string => `pvc://from-configmap/${version('from-configmap').id}`
  before(async () => {
    await writeFile(join(s3.folder, 'models', 'yes-or-no', 'labels.json'), '["yes", "no"]')
    world.patchModel('from-s3', { model: { version: 'exchanged' } })
    assert.notEqual(await pushTabular('second'), digest)
    world.patchModel('from-registry', { replicas: 2 })
    const source = { uri: versionUri() }
    world.applyModel('from-claim', { model: { task: 'tensor', source }, ...small })
  })

  test('files that somebody exchanged are refused for their signature, and the version before serves on', async () => {
    const model = await world.condition('from-s3', 'Stalled', 'True', 'SignatureInvalid')
    assert.match(conditionOf(model, 'Stalled')?.message ?? '', /signature|signed/)
    assert.equal(model['status'].activeVersion, version('from-s3').id)
    assert.equal(model['status'].versions.length, 1)
    assert.equal(await answersSigned(), 200)
  })

  test('a further pod without a volume gets what the tag named at first', async () => {
    await world.ready('from-registry')
    const { versions, readyReplicas, activeVersion } = world.model('from-registry')['status']
    const ids = versions.map(({ id, sourceRevision }: Record<string, string>) => [id, sourceRevision])
    assert.deepEqual([readyReplicas, ids], [2, [[activeVersion, digest]]])
  })

  test('a model on a claim is served: here a version of another model', async () => {
    await answers('from-claim')
    assert.equal(version('from-claim').source, versionUri())
  })
})
