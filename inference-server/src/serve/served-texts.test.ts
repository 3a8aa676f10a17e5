import assert from 'node:assert/strict'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { StartError } from '../failures/errors.ts'
import { folderServer } from '../testing/server.ts'

const golden = join(import.meta.dirname, '../../golden/tabular')

/** scikit-learn's TF-IDF asks for en_US.UTF-8, which the images have and a developer's machine may lack. */
test('a classifier of texts of scikit-learn answers as in Python, or says which locale to install', async () => {
  const { texts } = JSON.parse(await readFile(join(golden, 'expected.json'), 'utf8'))
  const dir = await mkdtemp(join(tmpdir(), 'gantry-texts-'))
  await cp(join(golden, 'sklearn-texts.onnx'), join(dir, 'model.onnx'))
  try {
    await using server = await folderServer(dir)
    const { rows, outputs } = texts
    const inputs = [{ name: 'text', datatype: 'BYTES', shape: [rows.length], data: rows }]
    const response = await server.post('/v2/models/m/infer', { inputs })
    const answer = (await response.json()) as { outputs: { name: string; data: unknown[] }[] }
    const found = new Map(answer.outputs.map(({ name, data }) => [name, data]))
    assert.deepEqual(found.get('output_label'), outputs.output_label)
    assert.deepEqual(
      Float32Array.from(found.get('output_probability') as number[]),
      Float32Array.from(outputs.output_probability.rows.flat()),
    )
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    assert.match(error.message, /install the locale en_US\.UTF-8 where the server runs/)
  } finally {
    await rm(dir, { recursive: true })
  }
})
