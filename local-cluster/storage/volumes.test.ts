import assert from 'node:assert/strict'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { tryRun } from '../machine/command.ts'
import { unmountBelow } from '../machine/mounts.ts'
import { type VolumeStore, volumeStore } from './volumes.ts'

let root: string
let volumes: VolumeStore

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'gantry-volumes-'))
  volumes = volumeStore(root)
})
afterEach(async () => {
  await unmountBelow(root)
  await rm(root, { recursive: true })
})

/** Loop devices need root, and some containers have none even then. */
const canMount = process.getuid?.() === 0 && (await tryRun('losetup', ['--find'])) !== undefined

test('a folder is made once and removed with its content', async () => {
  const path = await volumes.create('a', 'folder', 1)
  await writeFile(join(path, 'kept'), 'x')
  assert.equal(await volumes.create('a', 'folder', 1), path)
  assert.equal((await stat(join(path, 'kept'))).size, 1)
  await volumes.remove('a')
  assert.deepEqual(await volumes.names(), [])
})

test('a limited volume is full when it is full', { skip: !canMount }, async () => {
  const path = await volumes.create('b', 'limited', 4 * 1024 ** 2)
  await writeFile(join(path, 'fits'), Buffer.alloc(1024 ** 2))
  await assert.rejects(writeFile(join(path, 'too-much'), Buffer.alloc(5 * 1024 ** 2)), { code: 'ENOSPC' })
  await volumes.remove('b')
  assert.deepEqual(await volumes.names(), [])
})

test('a limited volume has its data again after a reboot', { skip: !canMount }, async () => {
  const path = await volumes.create('c', 'limited', 4 * 1024 ** 2)
  await writeFile(join(path, 'kept'), 'x')
  await unmountBelow(root) // what a reboot does to it
  await assert.rejects(stat(join(path, 'kept')), { code: 'ENOENT' })
  await volumes.remount()
  assert.equal((await stat(join(path, 'kept'))).size, 1)
})
