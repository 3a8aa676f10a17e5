import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { tasks } from '@gantry/contract/server.ts'
import { checkAssumptions } from '../import/model/strict.ts'
import type { TaskFiles } from '../models/model-files.ts'
import { assumptionsOf } from './assumptions.ts'

const golden = join(import.meta.dirname, '../../golden/models')

let dir: string
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'assumptions-'))
})
after(() => rm(dir, { recursive: true }))

const files = (change: Partial<TaskFiles> = {}): TaskFiles => ({
  dir,
  config: {},
  preprocessorConfig: {},
  ...change,
})

test('of an empty folder, everything that is taken for granted is named', async () => {
  const named = await Promise.all(
    tasks.map(async (task) => [task, (await assumptionsOf(task, files())).join('\n')] as const),
  )
  const found = Object.fromEntries(named)
  assert.equal(found['tensor'], '')
  assert.match(
    String(found['image-classification']),
    /LABEL_0.*\npreprocessor_config.json is missing: .*224 x 224.*0.485, 0.456, 0.406/,
  )
  assert.match(String(found['text-classification']), /LABEL_0.*\n.*cut at 512 tokens/)
  assert.match(
    String(found['feature-extraction']),
    /mean of the tokens\nmodules.json is missing.*\n.*cut at 512/,
  )
  assert.match(String(found['zero-shot-image-classification']), /preprocessor_config.json is missing/)
})

test('a member of preprocessor_config.json that is missing is named, unless its step is switched off', async () => {
  await writeFile(join(dir, 'preprocessor_config.json'), '{}')
  const of = (preprocessorConfig: TaskFiles['config']) =>
    assumptionsOf('image-classification', files({ preprocessorConfig, labels: ['a'] }))
  const whole = { size: { height: 1, width: 1 }, resample: 2, image_mean: [0], image_std: [1] }
  assert.deepEqual(await of(whole), [])
  const { image_mean: _, ...without } = whole
  assert.deepEqual(await of(without), ['preprocessor_config.json has no image_mean: 0.485, 0.456, 0.406'])
  assert.deepEqual(await of({ ...without, do_normalize: false }), [])
  assert.deepEqual(await of({ do_normalize: false, do_resize: false }), [])
})

test('a length that Python writes for none is none', async () => {
  const of = async (limit: number) => {
    await writeFile(join(dir, 'tokenizer_config.json'), JSON.stringify({ model_max_length: limit }))
    return (await assumptionsOf('fill-mask', files())).length
  }
  assert.deepEqual([await of(1e30), await of(512)], [1, 0])
})

test('the golden folders leave nothing open', async () => {
  for (const task of [
    'image-classification',
    'token-classification',
    'feature-extraction',
    'fill-mask',
    'zero-shot-image-classification',
  ] as const) {
    const folder = join(golden, task)
    const read = async (name: string) =>
      JSON.parse(await readFile(join(folder, name), 'utf8').catch(() => '{}'))
    const preprocessorConfig = await read('preprocessor_config.json')
    const found = await assumptionsOf(task, {
      dir: folder,
      config: await read('config.json'),
      preprocessorConfig,
    })
    assert.deepEqual(found, [], task)
  }
})

test('an import with --strict refuses what a server would take for granted', async () => {
  await rm(join(dir, 'preprocessor_config.json'), { force: true })
  assert.equal((await checkAssumptions(dir, 'image-to-text', false)).length, 1)
  await assert.rejects(
    checkAssumptions(dir, 'image-to-text', true),
    /--strict allows no guesses, but preprocessor_config.json is missing/,
  )
  assert.deepEqual(await checkAssumptions(dir, 'tensor', true), [])
})
