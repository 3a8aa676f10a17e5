import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text as readText } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { createAuthority, issue } from '../../local-cluster/control-plane/certificates.ts'
import { eventually } from '../../local-cluster/kubectl.ts'
import { storedModel } from '../requests.ts'
import { openWorld, small, type World } from '../world.ts'

const apiKey = 'shop-0123456789abcdef0123'
const logKey = 'f'.repeat(64)
const text = '我想退货,衣服尺码不合适'
const name = 'guarded'

let world: World
/** What signed the certificate of the model's Service. */
let authority: string

const secret = (secretName: string, type: string, stringData: Readonly<Record<string, string>>): object => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: secretName, namespace: world.namespace },
  type,
  stringData,
})

before(async () => {
  world = openWorld('secrets')
  const folder = await mkdtemp(join(tmpdir(), 'gantry-e2e-'))
  const ca = await createAuthority(folder, 'models-ca')
  const altNames = [`DNS:${name}.${world.namespace}.svc`]
  const { cert, key } = await issue(ca, folder, name, { commonName: name, altNames })
  authority = await readFile(ca.cert, 'utf8')
  world.kubectl.apply(
    secret('callers', 'Opaque', { shop: apiKey }),
    secret('log', 'Opaque', { '2026-11': logKey }),
    secret('certificate', 'kubernetes.io/tls', {
      'tls.crt': await readFile(cert, 'utf8'),
      'tls.key': await readFile(key, 'utf8'),
    }),
  )
  await rm(folder, { recursive: true })
})
after(() => world.close())

interface Answer {
  readonly status: number | undefined
  readonly body: string
}

/** POST /chat at the Service's address, under the name and the authority that callers in the cluster know it by. */
const chat = (headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const ports: readonly { name: string; port: number }[] = world.kubectl.get(
      'service',
      name,
      world.namespace,
    )?.['spec'].ports
    const call = request(
      {
        host: new URL(world.url(name)).hostname,
        port: ports.find((port) => port.name === 'https')?.port,
        servername: `${name}.${world.namespace}.svc`,
        ca: authority,
        path: '/chat',
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        timeout: 10_000,
        agent: false,
      },
      async (response) => resolve({ status: response.statusCode, body: await readText(response) }),
    )
    call.on('error', reject)
    call.end(JSON.stringify({ text }))
  })

test('a model with a certificate, API keys and a request log becomes Ready, asked over TLS', async () => {
  world.applyModel(name, {
    model: {
      task: 'text-classification',
      source: storedModel('customer-service'),
      sensitiveFields: ['text'],
    },
    ...small,
    serve: {
      ...small.serve,
      tls: { secretRef: { name: 'certificate' } },
      auth: { apiKeySecretRef: { name: 'callers' } },
      requestLog: { mode: 'hashed', keySecretRef: { name: 'log' } },
    },
  })
  const { status } = await world.condition(name, 'Ready', 'True')
  assert.equal(status.url, `https://${name}.${world.namespace}.svc`)
})

test('its Service speaks HTTPS under its own name, and answers those who have a key', async () => {
  const refused = await eventually('the Service leads to the pod', () => chat())
  assert.equal(refused.status, 401, refused.body)
  const answer = await chat({ authorization: `Bearer ${apiKey}` })
  assert.equal(answer.status, 200, answer.body)
  assert.equal((JSON.parse(answer.body) as { category: string }).category, '退换货')
})

test('its log names the caller and holds the hash of the text, never the text', async () => {
  const hash = `hmac-sha256:${createHmac('sha256', logKey).update(text).digest('hex')}`
  const log = await eventually('the lines are written', () => {
    const lines = world.kubectl.run(['logs', `deployment/${name}-stable`, '-n', world.namespace])
    return lines.includes(hash) ? lines : undefined
  })
  assert.ok(!log.includes(text), log)
  const line = log.split('\n').find((one) => one.includes(hash)) ?? ''
  const { caller, keyId, status, request: logged } = JSON.parse(line) as Record<string, unknown>
  assert.deepEqual([caller, keyId, status, logged], ['shop', '2026-11', 200, { text: hash }])
})
