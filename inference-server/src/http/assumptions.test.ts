/** What a folder leaves open, as those see it who run the server. */
import assert from 'node:assert/strict'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { StartError } from '../failures/errors.ts'
import { folderServer } from '../testing/server.ts'

let dir: string
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'gantry-assumptions-'))
  const golden = join(import.meta.dirname, '../../golden/models/image-classification')
  for (const file of ['config.json', 'model.onnx']) await cp(join(golden, file), join(dir, file))
})
after(() => rm(dir, { recursive: true }))

const missing = /^preprocessor_config.json is missing: .*224 x 224/

test('a folder of pictures without preprocessor_config.json is served with a warning in log and metadata', async () => {
  await using server = await folderServer(dir)
  const { gantry } = (await (await server.get('/v2/models/m')).json()) as {
    gantry: { assumptions: string[] }
  }
  assert.match(gantry.assumptions.join(), missing)
  const line = server.lines.find(({ message }) => message === 'the folder leaves open what the task needs')
  assert.deepEqual([line?.level, line?.fields['assumptions']], ['warn', gantry.assumptions])
})

test('with --strict it is refused in a sentence', () =>
  assert.rejects(
    folderServer(dir, ['--strict']),
    (error: unknown) =>
      error instanceof StartError &&
      /--strict allows no guesses, but preprocessor_config.json is missing/.test(error.message),
  ))
