/** `gantry` as a person runs it: what reaches a pod goes through the API server and the kubelet. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text as readText } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { createAuthority, issue } from '../../local-cluster/control-plane/certificates.ts'
import { eventually } from '../../local-cluster/kubectl.ts'
import { localKubeconfig } from '../../local-cluster/local.ts'
import { exampleFile, examples, post, storedModel } from '../requests.ts'
import { openWorld, small, type World } from '../world.ts'

const program = join(import.meta.dirname, '../../cli/src/main.ts')
const apiKey = 'shop-0123456789abcdef0123'
const guarded = 'guarded'

let world: World
let folder: string

const start = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  spawn(process.execPath, [program, ...args, '--namespace', world.namespace], {
    env: { PATH: process.env['PATH'], HOME: folder, KUBECONFIG: localKubeconfig, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })

interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

const gantry = async (args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Ran> => {
  const child = start(args, env)
  const [out, err, [code]] = await Promise.all([
    readText(child.stdout),
    readText(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ])
  return { code, out, err }
}

before(async () => {
  world = openWorld('gantry')
  folder = await mkdtemp(join(tmpdir(), 'gantry-e2e-'))
  const ca = await createAuthority(folder, 'models-ca')
  const altNames = [`DNS:${guarded}.${world.namespace}.svc`]
  const { cert, key } = await issue(ca, folder, guarded, { commonName: guarded, altNames })
  const secret = (name: string, type: string, stringData: Readonly<Record<string, string>>): object => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: world.namespace },
    type,
    stringData,
  })
  world.kubectl.apply(
    secret('callers', 'Opaque', { shop: apiKey }),
    secret('certificate', 'kubernetes.io/tls', {
      'tls.crt': await readFile(cert, 'utf8'),
      'tls.key': await readFile(key, 'utf8'),
    }),
  )
  await writeFile(join(folder, 'ca.crt'), await readFile(ca.cert))
  await writeFile(join(folder, 'key'), `${apiKey}\n`)
  world.applyModel('tabular', { model: { task: 'tensor', source: storedModel('breast-cancer') }, ...small })
  world.applyModel('xray', {
    model: { task: 'image-classification', source: storedModel('chest-xray') },
    ...small,
  })
  world.applyModel(guarded, {
    model: { task: 'text-classification', source: storedModel('customer-service') },
    ...small,
    serve: {
      ...small.serve,
      auth: { apiKeySecretRef: { name: 'callers' } },
      tls: { secretRef: { name: 'certificate' } },
    },
  })
  for (const name of ['tabular', 'xray', guarded]) await world.condition(name, 'Ready', 'True')
})
after(async () => {
  world.close()
  await rm(folder, { recursive: true })
})

const row = Array.from({ length: 30 }, (_, index) => index / 10)
const tensors = { inputs: [{ name: 'input', datatype: 'FP32', shape: [1, 30], data: row }] }

test('predict asks a model of tensors, and one of pictures, through the kubelet', async () => {
  const tabular = await gantry(['predict', 'tabular', '--json', JSON.stringify(tensors)])
  assert.equal(tabular.code, 0, tabular.err)
  assert.equal(JSON.parse(tabular.out).model_name, 'tabular')
  const picture = join(examples, 'chest-xray', 'samples', 'normal.png')
  assert.ok(exampleFile('chest-xray', 'samples', 'normal.png').length > 0)
  const xray = await gantry(['predict', 'xray', '--image', picture])
  assert.equal(xray.code, 0, xray.err)
  assert.match(xray.out, /正常/)
  const wrong = await gantry([
    'predict',
    'tabular',
    '--json',
    '{"inputs": [{"name": "nothing", "datatype": "FP32", "shape": [1], "data": [1]}]}',
  ])
  assert.deepEqual([wrong.code, wrong.out], [1, ''])
  assert.match(wrong.err, /The model answers HTTP 422: .*nothing/)
})

test('predict gives the API key, and checks the certificate of a model with TLS', async () => {
  const ask = ['predict', guarded, '--text', '我想退货']
  const keyless = await gantry(ask)
  assert.equal(keyless.code, 1)
  assert.match(keyless.err, /guarded asks for an API key\.\nGive one with --api-key-file/)
  const distrusted = await gantry(ask, { GANTRY_API_KEY: apiKey })
  assert.equal(distrusted.code, 1)
  assert.match(distrusted.err, /The certificate of guarded\.e2e-gantry\.svc is not trusted: .*\n.*--ca-file/)
  const trusted = await gantry([
    ...ask,
    '--ca-file',
    join(folder, 'ca.crt'),
    '--api-key-file',
    join(folder, 'key'),
  ])
  assert.equal(trusted.code, 0, trusted.err)
  assert.match(trusted.out, /退换货/)
  const wrongKey = await gantry([...ask, '--ca-file', join(folder, 'ca.crt')], {
    GANTRY_API_KEY: 'no-0123456789abcdef0123',
  })
  assert.match(wrongKey.err, /HTTP 401: .*\nGive a key with --api-key-file/)
})

test('open serves a model on a local port, goes on when its pod is replaced, and ends with Ctrl-C', async () => {
  const child = start(['open', 'tabular'])
  const ended = once(child, 'exit') as Promise<[number | null]>
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const url = line.toString().trim()
  assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/)
  const infer = () => post(`${url}/v2/models/tabular/infer`, tensors)
  assert.equal((await infer()).status, 200)
  const large = {
    inputs: [{ name: 'input', datatype: 'FP32', shape: [3000, 30], data: Array(90_000).fill(0.123456) }],
  }
  const answer = (await post(`${url}/v2/models/tabular/infer`, large)) as {
    body: { outputs: { shape: number[] }[] }
  }
  assert.equal(answer.body.outputs[0]?.shape[0], 3000)
  const [pod] = world
    .pods('tabular')
    .filter(({ metadata }) => metadata.labels?.['app.kubernetes.io/component'] === 'inference-server')
  world.kubectl.run(['delete', 'pod', pod?.metadata.name ?? '', '-n', world.namespace, '--wait=true'])
  await eventually('another pod answers', async () => (await infer()).status === 200)
  child.kill('SIGINT')
  assert.deepEqual((await ended)[0], 130)
})

test('logs prints the log of the server and of the import; describe and get show the pods', async () => {
  const server = await gantry(['logs', 'xray'])
  assert.match(server.out, /"message":/)
  const imported = await gantry(['logs', 'xray', '--import'])
  assert.equal(imported.code, 0, imported.err)
  assert.match(imported.out, /v_\d{8}_\d{6}/)
  assert.match((await gantry(['get'])).out, /^xray +Ready +image-classification +v_\S+ +- +1\/1 /m)
  const { out } = await gantry(['describe', 'xray'])
  assert.match(out, /xray-stable-\S+ +Ready +inference-server +v_\S+/)
  assert.match(out, /Events\n(.*\n)*.*Imported/)
})

test('rollback goes back to the version before, and waits until it serves', async () => {
  const first = world.model('tabular')['status'].activeVersion
  world.patchModel('tabular', { model: { version: 'second' } })
  const live = await eventually('the second version serves', () => {
    const { status } = world.model('tabular') as unknown as {
      status: {
        activeVersion: string
        observedGeneration: number
        conditions: { type: string; status: string }[]
      }
    }
    const isReady = status.conditions.some(({ type, status: value }) => type === 'Ready' && value === 'True')
    return isReady && status.activeVersion !== first && status
  })
  const { code, out, err } = await gantry(['rollback', 'tabular', '--wait'])
  assert.equal(code, 0, err)
  assert.match(
    out,
    new RegExp(`^tabular went back from ${live.activeVersion} \\(second\\) to ${first}\\.$`, 'm'),
  )
  assert.equal(world.model('tabular')['status'].activeVersion, first)
})

test('doctor finds nothing that fails on a cluster where Gantry runs', async () => {
  const { code, out } = await gantry(['doctor'])
  assert.equal(code, 0, out)
  assert.match(out, /^ok +operator +\d of \d pods/m)
  assert.match(out, /^ok +manager +gantry-system\/gantry manages namespace/m)
  assert.match(out, /^ok +storage +The default StorageClass/m)
  assert.match(out, /^ok +metrics +metrics\.k8s\.io answers/m)
})
