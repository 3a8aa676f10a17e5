import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { type DatasetOptions, datasetFolder, refusedDataset } from '../testing/datasets.ts'
import type { Dataset } from './sample.ts'

const { folder, read } = datasetFolder()

const texts = ({ samples }: Dataset): readonly unknown[] =>
  samples.map(({ line, inputs, label }) => [
    line,
    inputs.kind === 'members' ? inputs.members['text'] : inputs,
    label.kind === 'class' ? label.name : label,
  ])

const byteOrderMark = '\uFEFF'

test('JSON lines are read with their numbers; empty lines and a byte order mark count for nothing', async () => {
  const content = `${byteOrderMark}{"inputs": "hi", "label": "a", "other": 1}\r\n\r\n  \n{"inputs": {"text": "ho"}, "label": 1}`
  const dataset = await read('marked.jsonl', content)
  assert.deepEqual(texts(dataset), [
    [1, 'hi', 'a'],
    [4, 'ho', '1'],
  ])
  assert.equal(dataset.digest, `sha256:${createHash('sha256').update(content).digest('hex')}`)
  assert.deepEqual([dataset.used, dataset.total, dataset.classes], [2, 2, ['1', 'a']])
})

test('CSV is read with quotes, line ends within fields, and the number of a row’s first line', async () => {
  const content = `${byteOrderMark}label,text\r\nx,"a, ""b""\nc"\r\n\r\ny,d\r\n`
  const dataset = await read('quoted.csv', content)
  assert.deepEqual(texts(dataset), [
    [2, 'a, "b"\nc', 'x'],
    [5, 'd', 'y'],
  ])
})

test('lines that lie across the pieces of a file are read whole', async () => {
  const long = 'ä'.repeat(700_000)
  const dataset = await read(
    'long.jsonl',
    [1, 2, 3].map((label) => JSON.stringify({ inputs: long, label })).join('\n'),
  )
  assert.deepEqual(texts(dataset), [
    [1, long, '1'],
    [2, long, '2'],
    [3, long, '3'],
  ])
})

test('a tensor is a list of numbers, members by name, or the columns of a table', async () => {
  const tensor = { task: 'tensor', labels: 'class' } as const
  const lists = await read('lists.jsonl', '{"inputs": [[1, NaN], [3, null]], "label": 0}', tensor)
  assert.deepEqual(lists.samples[0]?.inputs, { kind: 'elements', elements: [1, Number.NaN, 3, Number.NaN] })
  const named = await read('named.jsonl', '{"inputs": {"x": [1, 2], "y": "red"}, "label": 0}', tensor)
  assert.deepEqual(named.samples[0]?.inputs, {
    kind: 'named',
    named: new Map<string, unknown>([
      ['x', [1, 2]],
      ['y', ['red']],
    ]),
  })
  const table = await read('table.csv', 'age,label,id\n1,yes,7\n', tensor)
  assert.deepEqual(table.samples[0]?.inputs, { kind: 'row', columns: ['age', 'id'], elements: ['1', '7'] })
})

test('labels of entities are places in the text, or tags of its words', async () => {
  const dataset = await read(
    'entities.jsonl',
    [
      '{"inputs": ["EU", "rejects"], "label": ["B-ORG", "O"]}',
      '{"inputs": "🙂 EU  rejects", "label": ["O", "B-ORG", "O"]}',
      '{"inputs": "🙂 EU", "label": [{"entity": "ORG", "start": 2, "end": 4}]}',
      '{"inputs": "none here", "label": []}',
    ].join('\n'),
    { task: 'token-classification', labels: 'entities' },
  )
  assert.deepEqual(
    dataset.samples.map(({ label }) => label),
    [
      {
        kind: 'tags',
        tags: ['B-ORG', 'O'],
        words: [
          { start: 0, end: 2 },
          { start: 3, end: 10 },
        ],
      },
      {
        kind: 'tags',
        tags: ['O', 'B-ORG', 'O'],
        words: [
          { start: 0, end: 1 },
          { start: 2, end: 4 },
          { start: 6, end: 13 },
        ],
      },
      { kind: 'entities', entities: [{ type: 'ORG', start: 2, end: 4 }] },
      { kind: 'entities', entities: [] },
    ],
  )
})

test('answers to questions may be none, one or several', async () => {
  const squad = { task: 'question-answering', labels: 'answers' } as const
  const asked = '"inputs": {"question": "q", "context": "c"}'
  const lines = ['"a"', '["a", "b"]', '{"text": ["a"], "answer_start": [0]}', '[]', '""']
  const json = await read(
    'squad.jsonl',
    lines.map((label) => `{${asked}, "label": ${label}}`).join('\n'),
    squad,
  )
  const table = await read(
    'squad.csv',
    'question,context,label\nq,c,"[""a"", ""b""]"\nq,c,[]\nq,c,a\n',
    squad,
  )
  const labelsOf = ({ samples }: Dataset): unknown =>
    samples.map(({ label }) => label.kind === 'texts' && label.texts)
  assert.deepEqual(labelsOf(json), [['a'], ['a', 'b'], ['a'], [], []])
  assert.deepEqual(labelsOf(table), [['a', 'b'], [], ['a']])
})

test('documents of retrieval stay, however few queries are drawn', async () => {
  const retrieval = { task: 'feature-extraction', labels: 'relevant' } as const
  const content = [
    '{"id": "d1", "inputs": "one"}',
    '{"inputs": "first?", "label": "d1"}',
    '{"inputs": "second?", "label": ["d1", 2]}',
    '{"id": 2, "inputs": "two"}',
  ].join('\n')
  const dataset = await read('retrieval.jsonl', content, { ...retrieval, sample: { size: 1 } })
  assert.deepEqual([dataset.used, dataset.total, dataset.samples.length], [1, 2, 3])
})

test('zero-shot items that name no classes get those of the whole data set', async () => {
  const dataset = await read(
    'zero.jsonl',
    '{"inputs": "a", "label": "x"}\n{"inputs": {"text": "b", "candidate_labels": ["y", "z"]}, "label": "y"}',
    { task: 'zero-shot-classification' },
  )
  assert.deepEqual(
    dataset.samples.map(({ inputs }) => inputs.kind === 'members' && inputs.members['candidate_labels']),
    [
      ['x', 'y'],
      ['y', 'z'],
    ],
  )
})

test('a split has two parts that share nothing, the same ones for the same seed', async () => {
  const content = Array.from({ length: 10 }, (_, at) =>
    JSON.stringify({ inputs: `t${at}`, label: 'a' }),
  ).join('\n')
  const linesOf = async (more: DatasetOptions): Promise<readonly number[]> =>
    (await read('split.jsonl', content, more)).samples.map(({ line }) => line)
  const heldOut = await linesOf({ split: { share: 0.3, part: 'held-out', seed: 4 } })
  const rest = await linesOf({ split: { share: 0.3, part: 'rest', seed: 4 } })
  assert.deepEqual(
    [...heldOut, ...rest].sort((one, other) => one - other),
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  )
  // These lines stand in results of evaluations: they stay, in every version.
  assert.deepEqual(heldOut, [1, 5, 8])
  assert.deepEqual(await linesOf({ sample: { size: 4, seed: 4 } }), [1, 2, 5, 8])
  assert.deepEqual(
    await linesOf({ split: { share: 0.5, part: 'rest' }, sample: { size: 2, seed: 1 } }),
    [3, 9],
  )
})

test('pictures are files below the folder of the data set, and belong to its digest', async () => {
  const pictures = { task: 'image-classification', labels: 'class' } as const
  mkdirSync(join(folder, 'pictures'))
  writeFileSync(join(folder, 'pictures/a.png'), 'one')
  symlinkSync('a.png', join(folder, 'pictures/inside.png'))
  symlinkSync('/etc/hostname', join(folder, 'pictures/outside.png'))
  const line = (image: string): string => JSON.stringify({ inputs: { image }, label: 'cat' })
  const first = await read('pictures.jsonl', line('pictures/a.png'), pictures)
  assert.deepEqual(first.samples[0]?.inputs, {
    kind: 'members',
    members: {},
    picture: join(folder, 'pictures/a.png'),
  })
  const linked = await read('pictures.csv', 'image,label\npictures/inside.png,cat\n', pictures)
  assert.equal(linked.used, 1)
  writeFileSync(join(folder, 'pictures/a.png'), 'two')
  const second = await read('pictures.jsonl', line('pictures/a.png'), pictures)
  assert.notEqual(first.digest, second.digest)
  const bad = {
    '/etc/hostname': /below the folder/,
    '../x.png': /below the folder/,
    'pictures/none.png': /cannot be found/,
    pictures: /no file/,
    'pictures/outside.png': /leads out/,
  }
  for (const [image, message] of Object.entries(bad))
    await refusedDataset(read('bad.jsonl', line(image), pictures), message)
})
