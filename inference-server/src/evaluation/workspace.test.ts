import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { StartError } from '../failures/errors.ts'
import { inWorkspace } from './workspace.ts'

test('what a killed evaluation left is removed by the next one, and the folder of one that runs is not', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'gantry-workspace-'))
  try {
    const killed = join(parent, '.evaluate-killed')
    await mkdir(killed)
    await writeFile(
      join(killed, 'owner'),
      JSON.stringify({ host: hostname(), pid: process.pid, started: '1' }),
    )
    await mkdir(join(parent, 'kept'))
    await inWorkspace(parent, async (first) =>
      inWorkspace(parent, async (second) => {
        const there = (await readdir(parent)).map((name) => join(parent, name)).sort()
        assert.deepEqual(there, [first.dir, second.dir, join(parent, 'kept')].sort())
        second.removeNow()
      }),
    )
    assert.deepEqual(await readdir(parent), ['kept'])
  } finally {
    await rm(parent, { recursive: true })
  }
})

test('a folder in which nothing can be made is named in a sentence', async () => {
  for (const parent of ['/dev/null/models', '/proc/models'])
    await assert.rejects(
      inWorkspace(parent, async () => undefined),
      (error: unknown) =>
        error instanceof StartError && error.message.includes(`${parent} cannot hold models`),
    )
})
