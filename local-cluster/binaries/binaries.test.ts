import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import type { Paths } from '../paths.ts'
import { noProgress, progressOn } from '../progress.ts'
import { binFolder, ensureBinaries, missingBinaries } from './binaries.ts'
import { allBinaries, digestOf } from './build.ts'
import { releasesFor } from './releases.ts'

let paths: Paths

beforeEach(async () => {
  const cache = await mkdtemp(join(tmpdir(), 'gantry-cache-'))
  paths = { cache, state: join(cache, 'state') }
  await mkdir(binFolder(paths), { recursive: true })
})
afterEach(() => rm(paths.cache, { recursive: true }))

const put = async (name: string, record: string): Promise<void> => {
  await writeFile(join(binFolder(paths), name), 'program')
  await writeFile(join(binFolder(paths), `.${name}.digest`), record)
}

test('in an empty cache every program is missing', async () => {
  assert.deepEqual(await missingBinaries(paths), allBinaries)
})

test('a program that was built of the pinned sources is there, and one of other sources is not', async () => {
  await put('etcd', await digestOf('etcd'))
  await put('helm', await digestOf('etcd'))
  assert.deepEqual(await missingBinaries(paths, ['etcd', 'helm']), ['helm'])
})

test('a program that was downloaded is there as long as its archive is the pinned one', async () => {
  const archive = releasesFor(process.arch).find(({ members }) => members.kubelet)
  await put('kubelet', archive?.digest ?? '')
  await put('kube-proxy', '0'.repeat(128))
  assert.deepEqual(await missingBinaries(paths, ['kubelet', 'kube-proxy']), ['kube-proxy'])
})

test('a record without its program counts for nothing', async () => {
  await put('etcd', await digestOf('etcd'))
  await rm(join(binFolder(paths), 'etcd'))
  assert.deepEqual(await missingBinaries(paths, ['etcd']), ['etcd'])
})

test('nothing is downloaded or built where all is there', async () => {
  for (const name of ['etcd', 'kubectl'] as const) await put(name, await digestOf(name))
  let told = ''
  const progress = progressOn({ write: (text) => (told += text) })
  const env = { GANTRY_DOWNLOADS: 'not an address' } // would be refused, were it looked at
  assert.equal(await ensureBinaries(paths, ['kubectl', 'etcd'], progress, env), binFolder(paths))
  assert.equal(told, 'etcd … cached\nkubectl … cached\n')
})

test('a machine without Go is told so before anything is downloaded', async () => {
  const asked: string[] = []
  const mirror = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.end()
  })
  await new Promise<void>((resolve) => mirror.listen(0, '127.0.0.1', resolve))
  const path = process.env['PATH']
  try {
    process.env['PATH'] = '/nonexistent'
    const env = { GANTRY_DOWNLOADS: `http://127.0.0.1:${(mirror.address() as AddressInfo).port}` }
    await assert.rejects(
      ensureBinaries(paths, ['etcd', 'kubelet'], noProgress, env),
      /^Error: Go \S+ or newer .*go\.dev\/dl/,
    )
    assert.deepEqual(asked, [])
  } finally {
    process.env['PATH'] = path
    mirror.close()
  }
})
