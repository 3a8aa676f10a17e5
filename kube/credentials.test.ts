import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { findAccess } from './credentials.ts'

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
