import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { layoutOf } from '../layout.ts'
import { configFile, writeConfigFile, writeIfChanged } from './config-file.ts'

test('other content has another path, and what was written stays as it is', async () => {
  const state = await mkdtemp(join(tmpdir(), 'gantry-config-'))
  const layout = layoutOf({ cache: '/unused', state })
  const one = configFile(layout, 'a.json', 'one')
  const two = configFile(layout, 'a.json', 'two')
  assert.notEqual(one.path, two.path)
  await writeConfigFile(one)
  const first = await stat(one.path)
  await writeConfigFile(one)
  assert.equal((await stat(one.path)).mtimeMs, first.mtimeMs)
  await rm(state, { recursive: true })
})

test('a watched file is replaced as a whole, and only by other content', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gantry-config-'))
  const path = join(folder, 'watched')
  await writeIfChanged(path, 'one')
  const { ino } = await stat(path)
  await writeIfChanged(path, 'one')
  assert.equal((await stat(path)).ino, ino)
  await writeIfChanged(path, 'two')
  assert.equal(await readFile(path, 'utf8'), 'two')
  await rm(folder, { recursive: true })
})
