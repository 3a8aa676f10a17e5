import assert from 'node:assert/strict'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { datasetFolder, refusedDataset } from '../testing/datasets.ts'
import { datasetFile } from './dataset-file.ts'
import { readDataset } from './read-dataset.ts'

const { folder } = datasetFolder()
const good = '{"inputs": "a", "label": "x"}\n'

test('a file that is gone is named as such', async () => {
  await refusedDataset(
    readDataset({ folder, file: join(folder, 'gone.jsonl'), task: 'tensor', labels: 'class' }),
    /cannot be read \(ENOENT\)/,
  )
})

test('the file of a folder is found, by name or as the only one, and is never outside of it', async () => {
  const own = join(folder, 'own')
  mkdirSync(own)
  const found = (file?: string): Promise<unknown> => datasetFile(own, file)
  await assert.rejects(found(), /no \.jsonl or \.csv file/)
  writeFileSync(join(own, 'a.jsonl'), good)
  symlinkSync('a.jsonl', join(own, 'link.txt'))
  symlinkSync('/etc/hostname', join(own, 'outside.txt'))
  assert.deepEqual(await found(), { folder: own, file: join(own, 'a.jsonl') })
  assert.deepEqual(await datasetFile(join(own, 'a.jsonl')), { folder: own, file: join(own, 'a.jsonl') })
  assert.deepEqual(await found('link.txt'), { folder: own, file: join(own, 'link.txt') })
  await assert.rejects(found('outside.txt'), /a link that leads out of the folder/)
  await assert.rejects(found('../marked.jsonl'), /below the folder of the data set/)
  await assert.rejects(found('none.csv'), { reason: 'DatasetNotFound' })
  writeFileSync(join(own, 'b.csv'), 'text,label\n')
  await assert.rejects(found(), /several files; name one with file: "a\.jsonl", "b\.csv"/)
})
