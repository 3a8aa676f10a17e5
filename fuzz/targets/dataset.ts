/** Files of labelled samples: a data set whose samples are complete, or one sentence that names the line. */
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatasetError } from '../../inference-server/src/datasets/dataset-error.ts'
import { readDataset } from '../../inference-server/src/datasets/read-dataset.ts'
import type { Dataset } from '../../inference-server/src/datasets/sample.ts'
import { pick } from '../../inference-server/src/testing/fuzz.ts'
import { spoiledBytes, spoiledJson } from '../mutation.ts'
import type { Random, Target } from '../target.ts'

/** What a file is read as: its format, the task and the kind of its labels, in one byte at its front. */
const readings = [
  { task: 'text-classification', labels: 'class', inputs: 'a text', label: 'x' },
  { task: 'token-classification', labels: 'entities', inputs: ['a', 'text'], label: ['B-PER', 'O'] },
  {
    task: 'token-classification',
    labels: 'entities',
    inputs: 'a 🙂',
    label: [{ entity: 'X', start: 0, end: 3 }],
  },
  {
    task: 'question-answering',
    labels: 'answers',
    inputs: { question: 'q', context: 'c' },
    label: { text: ['c'] },
  },
  { task: 'tensor', labels: 'number', inputs: { x: [1, [2, 3]], y: ['a'] }, label: 0.5 },
  { task: 'tensor', labels: 'class', inputs: [1, 2, 3], label: 1 },
  { task: 'feature-extraction', labels: 'relevant', inputs: 'q', label: ['d'] },
  { task: 'image-classification', labels: 'class', inputs: { image: 'a.png' }, label: 'cat' },
  {
    task: 'zero-shot-classification',
    labels: 'class',
    inputs: { text: 'a', candidate_labels: ['x'] },
    label: 'x',
  },
] as const

const cell = (value: unknown): string => {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

const jsonLine = (random: Random, right: object): string => {
  const line = JSON.stringify(random() < 0.3 ? spoiledJson(random, right) : right) ?? ''
  return random() < 0.05
    ? line.replace(/\d+(\.\d+)?/, pick(random, ['NaN', '-Infinity', '1e999', 'null']))
    : line
}

const input = (random: Random): Buffer => {
  const at = Math.floor(random() * readings.length)
  const { inputs, label, task } = readings[at] as (typeof readings)[number]
  const isTable = random() < 0.4
  const count = Math.floor(random() * 4)
  const rows = Array.from({ length: count }, () =>
    isTable ? `${cell(inputs)},${cell(label)}` : jsonLine(random, { inputs, label }),
  )
  const documents = task === 'feature-extraction' && !isTable ? ['{"id": "d", "inputs": "a"}'] : []
  const head = isTable ? [pick(random, ['inputs,label', 'text,label', 'a,label', 'label'])] : []
  const file = Buffer.from([...head, ...rows, ...documents].join(pick(random, ['\n', '\r\n'])))
  const bytes = random() < 0.4 ? spoiledBytes(random, file) : file
  return Buffer.concat([Buffer.from([at * 2 + Number(isTable)]), bytes])
}

const checkComplete = ({ samples, used, total, digest }: Dataset): void => {
  assert.ok(used >= 1 && used <= total)
  assert.match(digest, /^sha256:[0-9a-f]{64}$/)
  assert.equal(samples.filter(({ label }) => label.kind !== 'document').length, used)
  for (const { line, label } of samples) {
    assert.ok(line >= 1)
    if (label.kind === 'class') assert.notEqual(label.name, '')
    if (label.kind === 'number') assert.ok(Number.isFinite(label.value))
    if (label.kind === 'tags') assert.equal(label.tags.length, label.words.length)
  }
}

export const datasets: Target = {
  name: 'dataset',
  rounds: 400,
  reaches: ['accepted', 'DatasetInvalid'],
  open: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gantry-fuzz-'))
    await writeFile(join(folder, 'a.png'), 'a picture')
    const file = join(folder, 'samples')
    return {
      make: input,
      check: async (bytes) => {
        const choice = bytes[0] ?? 0
        const { task, labels } = readings[(choice >> 1) % readings.length] as (typeof readings)[number]
        await writeFile(file, bytes.subarray(1))
        try {
          checkComplete(
            await readDataset({ folder, file, task, labels, format: choice & 1 ? 'csv' : 'jsonl' }),
          )
          return 'accepted'
        } catch (error) {
          if (!(error instanceof DatasetError)) throw error
          assert.ok(error.message.length < 2000, 'the sentence fits on a screen')
          assert.doesNotMatch(error.message, /\p{Cc}/u)
          return error.reason
        }
      },
      [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
    }
  },
}
