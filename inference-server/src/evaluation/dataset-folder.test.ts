/** Data sets that are archives. */
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { datasetFile } from '../datasets/dataset-file.ts'
import { type TarEntry, tar } from '../testing/archives.ts'
import { memoryLog } from '../testing/server.ts'
import { openDataset } from './dataset-folder.ts'
import { fetchings } from './fetching.ts'

const sample = '{"inputs": [1], "label": "a"}\n'
const sources = {
  allowHttpCredentials: false,
  allowLoopback: false,
  allowPrivate: true,
  maxBytes: undefined,
  caFile: undefined,
}

/** Text of the file of samples in an archive, or in what else there is. */
const samplesIn = async (name: string, bytes: Buffer, file?: string): Promise<string> => {
  const dir = await mkdtemp(join(tmpdir(), 'gantry-archive-'))
  try {
    await writeFile(join(dir, name), bytes)
    const { datasetFetching } = fetchings(sources, {}, memoryLog(), new AbortController().signal)
    const dataset = { source: `file://${join(dir, name)}`, ...(file !== undefined && { file }) }
    const place = await datasetFile(await openDataset(dataset, join(dir, 'work'), datasetFetching), file)
    return await readFile(place.file, 'utf8')
  } finally {
    await rm(dir, { recursive: true })
  }
}

const entries: readonly TarEntry[] = [
  { path: 'set/data.jsonl', content: sample },
  { path: 'set/pictures/a.png', content: 'x' },
]

test('a folder that holds all of an archive is the folder of the data set', async () =>
  assert.equal(await samplesIn('set.tar', tar(entries)), sample))

test('file may name that folder', async () =>
  assert.equal(await samplesIn('set.tar', tar(entries), 'set/data.jsonl'), sample))

test('a zip archive is refused as such', () =>
  assert.rejects(samplesIn('set.zip', Buffer.from('PK\u0003\u0004 …')), /is a zip archive; pack it as \.tar/))
