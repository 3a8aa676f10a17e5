import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { load } from 'js-yaml'
import { type Certificate, createAuthority, issue, kubeconfig } from './certificates.ts'

let folder: string
let authority: Certificate

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gantry-certificates-'))
  authority = await createAuthority(folder, 'test-ca')
})
after(() => rm(folder, { recursive: true }))

const read = async ({ cert }: Certificate): Promise<X509Certificate> =>
  new X509Certificate(await readFile(cert))

test('a server certificate is signed by the authority and names its addresses', async () => {
  const altNames = ['IP:10.96.0.1', 'DNS:kubernetes.default.svc']
  const server = await read(await issue(authority, folder, 'server', { commonName: 'server', altNames }))
  const ca = await read(authority)
  assert.equal(server.verify(ca.publicKey), true)
  assert.equal(server.checkIP('10.96.0.1'), '10.96.0.1')
  assert.equal(server.checkHost('kubernetes.default.svc'), 'kubernetes.default.svc')
  assert.equal(server.ca, false)
})

test('a client certificate carries user and group', async () => {
  const subject = { commonName: 'system:node:a', organization: 'system:nodes' }
  const client = await read(await issue(authority, folder, 'client', subject))
  assert.deepEqual(client.subject.split('\n').sort(), ['CN=system:node:a', 'O=system:nodes'])
})

test('a kubeconfig holds everything inline and has one current context', async () => {
  const admin = await issue(authority, folder, 'admin', { commonName: 'admin' })
  const text = await kubeconfig('gantry-local', 'https://127.0.0.1:6443', authority, admin)
  const config = load(text) as {
    'current-context': string
    contexts: { name: string; context: { cluster: string; user: string } }[]
    clusters: { name: string; cluster: Record<string, string> }[]
    users: { name: string; user: Record<string, string> }[]
  }
  assert.equal(config['current-context'], 'gantry-local')
  assert.deepEqual(config.contexts, [
    { name: 'gantry-local', context: { cluster: 'gantry-local', user: 'gantry-local' } },
  ])
  assert.equal(config.clusters[0]?.cluster['server'], 'https://127.0.0.1:6443')
  const key = Buffer.from(config.users[0]?.user['client-key-data'] ?? '', 'base64').toString()
  assert.equal(key, await readFile(admin.key, 'utf8'))
})
