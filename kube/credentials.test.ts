import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { findAccess, kubeconfigAccess } from './credentials.ts'

const folderWith = async (t: TestContext, files: Readonly<Record<string, string>>): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'gantry-credentials-'))
  t.after(() => rm(folder, { recursive: true }))
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
  return folder
}

test('in a pod: address from the environment, token and authority from the service account', async (t) => {
  const folder = await folderWith(t, { token: 'abc\n', 'ca.crt': 'CA' })
  const env = { KUBERNETES_SERVICE_HOST: '10.96.0.1', KUBERNETES_SERVICE_PORT: '6443' }
  const access = await findAccess(env, folder)
  assert.equal(access.server.href, 'https://10.96.0.1:6443/')
  assert.deepEqual(await access.credentials(), {
    headers: { Authorization: 'Bearer abc' },
    options: { ca: 'CA' },
  })
})

test('an IPv6 address is one', async (t) => {
  const folder = await folderWith(t, { token: 'abc', 'ca.crt': 'CA' })
  const access = await findAccess({ KUBERNETES_SERVICE_HOST: 'fd00::1' }, folder)
  assert.equal(access.server.href, 'https://[fd00::1]/')
})

test('a pod without a token says which file is missing', async (t) => {
  const folder = await folderWith(t, { 'ca.crt': 'CA' })
  const access = await findAccess({ KUBERNETES_SERVICE_HOST: '10.96.0.1' }, folder)
  await assert.rejects(access.credentials(), /token/)
})

const kubeconfig = (name: string, context: string | undefined): string =>
  JSON.stringify({
    clusters: [{ name: 'cluster', cluster: { server: `https://${name}` } }],
    users: [{ name: 'user', user: { token: name } }],
    contexts: [
      { name: context ?? 'unnamed', context: { cluster: 'cluster', user: 'user', namespace: name } },
    ],
    ...(context ? { 'current-context': context } : {}),
  })

test('of several kubeconfigs the first entry of a name and the first current context count, and missing files are left out', async (t) => {
  const folder = await folderWith(t, {
    first: kubeconfig('first', undefined),
    second: kubeconfig('second', 'chosen'),
    third: kubeconfig('third', 'other'),
  })
  const files = ['missing', 'first', 'second', 'third'].map((name) => join(folder, name))
  const env = { KUBECONFIG: files.join(delimiter) }
  const access = await kubeconfigAccess(env)
  assert.deepEqual(
    [access.server.href, access.context, access.namespace],
    ['https://first/', 'chosen', 'second'],
  )
  assert.equal((await access.credentials()).headers['Authorization'], 'Bearer first')
  assert.equal((await kubeconfigAccess(env, { context: 'other' })).namespace, 'third')
})

test('a kubeconfig or context that is not there, and a file that is none, are told by name', async (t) => {
  const folder = await folderWith(t, { alone: kubeconfig('alone', 'here'), broken: 'a: [' })
  const file = join(folder, 'alone')
  await assert.rejects(
    kubeconfigAccess({ HOME: folder }),
    /there is no kubeconfig: .*\.kube\/config does not exist/,
  )
  await assert.rejects(kubeconfigAccess({}, { file, context: 'there' }), /has no context there; it has here/)
  const broken = join(folder, 'broken')
  await assert.rejects(kubeconfigAccess({}, { file: broken }), /the kubeconfig .*broken cannot be read/)
})
