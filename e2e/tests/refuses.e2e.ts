/** The bad input table: what a user did wrong is said on the resource, and what served before still serves. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { ImportFailure } from '../../contract/importing.ts'
import { conditionOf, eventually, type Live } from '../../local-cluster/kubectl.ts'
import { onnxWithExternalData, tarWithFile, tarWithLink } from '../hostile.ts'
import { exampleFile, infer } from '../requests.ts'
import { openWorld, serveFiles, small, type World } from '../world.ts'

const onnx = exampleFile('breast-cancer', 'model', 'model.onnx')
let world: World
let files: Awaited<ReturnType<typeof serveFiles>>
/** Requests for /flaky.onnx are refused until this is true. */
let flakyIsUp = false

before(async () => {
  world = openWorld('refuses')
  const bodies: Readonly<Record<string, Buffer | string>> = {
    '/model.onnx': onnx,
    '/page.onnx': '<!doctype html><title>Sign in</title>',
    '/link.tar.gz': gzipSync(tarWithLink('model.onnx', '/etc/passwd')),
    '/climb.tar.gz': gzipSync(tarWithFile('../../escape.onnx', onnx)),
    '/external.onnx': onnxWithExternalData('../../../etc/passwd'),
    '/big.onnx': Buffer.alloc(64 << 20, onnx),
  }
  files = await serveFiles(world.nodeIp, (request, response) => {
    const path = request.url ?? '/'
    const body = path === '/flaky.onnx' && flakyIsUp ? onnx : bodies[path]
    if (body !== undefined) response.end(body)
    else if (path === '/flaky.onnx') request.socket.destroy()
    else response.writeHead(path === '/private.onnx' ? 401 : 404).end()
  })
})
after(async () => {
  await files?.close()
  world.close()
})

const wrong: readonly {
  title: string
  path: string
  sha256?: string
  reason: ImportFailure
  says: RegExp
}[] = [
  { title: '404', path: '/missing.onnx', reason: 'SourceNotFound', says: /404/ },
  { title: '401', path: '/private.onnx', reason: 'SourceForbidden', says: /secretRef/ },
  {
    title: 'sha256 mismatch',
    path: '/model.onnx',
    sha256: 'a'.repeat(64),
    reason: 'DigestMismatch',
    says: /sha256/,
  },
  { title: 'not an ONNX file', path: '/page.onnx', reason: 'NotOnnx', says: /HTML/i },
  { title: 'an archive with a link', path: '/link.tar.gz', reason: 'UnsafePath', says: /link/ },
  {
    title: 'an archive that climbs out',
    path: '/climb.tar.gz',
    reason: 'UnsafePath',
    says: /leaves its folder/,
  },
  {
    title: 'ONNX external data outside its folder',
    path: '/external.onnx',
    reason: 'UnsafePath',
    says: /external/i,
  },
]

/** Most of each test is waiting. */
const together = 3

// The one that takes longest begins first.
describe('models beside each other', { concurrency: together }, () => {
  test('a source that does not answer is tried again with backoff, and taken once it answers', async () => {
    world.applyModel('flaky', {
      model: { task: 'tensor', source: { uri: `${files.url}/flaky.onnx` } },
      ...small,
    })
    await world.condition('flaky', 'Reconciling', 'True', 'SourceUnreachable', { timeoutMs: 180_000 })
    flakyIsUp = true
    await world.ready('flaky', { timeoutMs: 240_000 })
  })

  describe('a source that cannot be used is Stalled with its reason, in conditions and Events', {
    concurrency: together,
  }, () => {
    wrong.forEach(({ title, path, sha256, reason, says }, index) => {
      test(title, async () => {
        const name = `wrong-${index}`
        const source = { uri: files.url + path, ...(sha256 ? { sha256 } : {}) }
        world.applyModel(name, { model: { task: 'tensor', source }, ...small })
        const model = await world.condition(name, 'Stalled', 'True', reason)
        assert.match(conditionOf(model, 'Stalled')?.message ?? '', says)
        assert.equal(conditionOf(model, 'Ready')?.status, 'False')
        await eventually(`an Event ${reason}`, () =>
          world.events(name).some((event) => event['reason'] === reason && event['type'] === 'Warning'),
        )
      })
    })
  })

  test('a full volume is told with sizes', async () => {
    world.applyModel('full', {
      model: { task: 'tensor', source: { uri: `${files.url}/big.onnx` } },
      serve: small.serve,
      storage: { size: '16Mi', storageClassName: 'gantry-tiny' },
    })
    const model = await world.condition('full', 'Stalled', 'True', 'VolumeFull')
    assert.match(conditionOf(model, 'Stalled')?.message ?? '', /spec\.storage\.size/)
  })

  test('a missing StorageClass is told', async () => {
    world.applyModel('unbound', {
      model: { task: 'tensor', source: { uri: `${files.url}/model.onnx` } },
      serve: small.serve,
      storage: { size: '16Mi', storageClassName: 'no-such-class' },
    })
    const model = await world.condition('unbound', 'Stalled', 'True', 'VolumeUnbound')
    assert.match(conditionOf(model, 'Stalled')?.message ?? '', /no-such-class/)
  })

  test('a missing Secret is named, and the import goes on once it is there', async () => {
    const source = { uri: `${files.url}/model.onnx`, secretRef: { name: 'credentials' } }
    world.applyModel('secretive', { model: { task: 'tensor', source }, ...small })
    const model = await world.condition('secretive', 'Stalled', 'True', 'MissingSecret')
    assert.match(conditionOf(model, 'Stalled')?.message ?? '', /credentials/)
    world.kubectl.apply({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'credentials', namespace: world.namespace },
      stringData: { token: 'not-a-real-token', hosts: new URL(files.url).host },
    })
    await world.ready('secretive')
  })

  test('a claim that does not exist is named', async () => {
    world.applyModel('claimless', {
      model: { task: 'tensor', source: { uri: 'pvc://no-such-claim/model' } },
      ...small,
    })
    const message = await eventually('the claim is named', () => {
      const stalled = conditionOf(world.model('claimless'), 'Stalled')
      return stalled?.status === 'True' ? stalled.message : undefined
    })
    assert.match(message, /no-such-claim/)
  })

  test('a server that crashes at start is told with its last log line, and the old version keeps serving', async () => {
    // The wrong task for this model: there is no tokenizer, so the import or the server must refuse, never crash silently.
    world.applyModel('crash', {
      model: { task: 'tensor', source: { uri: `${files.url}/model.onnx` }, version: 'good' },
      ...small,
    })
    await world.ready('crash')
    const old = world.model('crash')['status'].activeVersion
    world.patchModel('crash', {
      model: { version: 'starved' },
      serve: { resources: { requests: { memory: '16Mi' }, limits: { memory: '24Mi' } } },
    })
    const model = await eventually(
      'the crash is told',
      (): Live | undefined => {
        const live = world.model('crash')
        const stalled = conditionOf(live, 'Stalled')
        return stalled?.status === 'True' && /memory/i.test(stalled.message) ? live : undefined
      },
      { timeoutMs: 240_000 },
    )
    assert.equal(model['status'].activeVersion, old)
    assert.equal((await infer(world.url('crash'), 'crash')).status, 200)
  })
})

test('a namespace whose quota is used up is told', async () => {
  world.kubectl.apply({
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'quota', namespace: world.namespace },
    spec: { hard: { 'count/jobs.batch': '0' } },
  })
  try {
    world.applyModel('quota', {
      model: { task: 'tensor', source: { uri: `${files.url}/model.onnx` } },
      ...small,
    })
    const model = await world.condition('quota', 'Stalled', 'True', 'QuotaRefused')
    assert.match(conditionOf(model, 'Stalled')?.message ?? '', /quota/)
  } finally {
    world.kubectl.run(['delete', 'resourcequota', 'quota', '-n', world.namespace])
  }
})
