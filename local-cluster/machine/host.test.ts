import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { type Layout, layoutOf } from '../layout.ts'
import { requireOwnCluster } from './host.ts'

let folder: string
let layout: Layout

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gantry-host-'))
  layout = {
    ...layoutOf({ cache: folder, state: join(folder, 'mine', 'cluster') }),
    run: join(folder, 'run'),
  }
  await mkdir(layout.run)
})
afterEach(() => rm(folder, { recursive: true }))

const ownedBy = (state: string): Promise<void> => writeFile(join(layout.run, 'state-folder'), state)

test('a machine without a cluster, or with our own, is ours to use', async () => {
  await requireOwnCluster(layout)
  await ownedBy(layout.root)
  await requireOwnCluster(layout)
})

test('a cluster with another state folder is left alone, and the error says how to end it', async () => {
  const other = join(folder, 'other', 'cluster')
  await mkdir(other, { recursive: true })
  await ownedBy(other)
  await assert.rejects(
    requireOwnCluster(layout),
    new RegExp(`GANTRY_STATE=${join(folder, 'other')} npm run cluster -- down`),
  )
})

test('a cluster whose state is gone does not keep another one from starting', async () => {
  await ownedBy(join(folder, 'removed', 'cluster'))
  await requireOwnCluster(layout)
})
