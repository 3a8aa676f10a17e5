import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { Task } from '@gantry/contract/server.ts'
import { DatasetError } from './dataset-error.ts'
import { type DatasetRequest, readDataset } from './read-dataset.ts'
import type { Dataset, LabelKind } from './sample.ts'

const folder = mkdtempSync(join(tmpdir(), 'gantry-dataset-'))
after(() => rmSync(folder, { recursive: true, force: true }))

type More = Partial<Omit<DatasetRequest, 'folder' | 'file'>>

const read = (name: string, content: string | Buffer, more: More = {}): Promise<Dataset> => {
  const file = join(folder, name)
  writeFileSync(file, content)
  return readDataset({ folder, file, task: 'text-classification', labels: 'class', ...more })
}

const refused = async (reading: Promise<Dataset>, message: RegExp): Promise<void> => {
  await assert.rejects(reading, (error) => {
    assert.ok(error instanceof DatasetError, String(error))
    assert.match(error.message, message)
    return true
  })
}

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
  const linesOf = async (more: More): Promise<readonly number[]> =>
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
    await refused(read('bad.jsonl', line(image), pictures), message)
})

interface Broken {
  readonly content: string | Buffer
  readonly message: RegExp
  readonly task?: Task
  readonly labels?: LabelKind
  readonly name?: string
}

const good = '{"inputs": "a", "label": "x"}\n'
const tags = { task: 'token-classification', labels: 'entities' } as const
const numbers = { task: 'tensor', labels: 'number' } as const
const queries = { task: 'feature-extraction', labels: 'relevant' } as const
const translations = { task: 'translation', labels: 'texts' } as const

const brokenFiles: Readonly<Record<string, Broken>> = {
  'no samples': { content: '\n\n', message: /^the data set has no samples/ },
  'no JSON': { content: `${good}{"inputs"`, message: /^line 2: is not JSON/ },
  'no object': { content: '[1]', message: /^line 1: is no JSON object/ },
  'no inputs': { content: `${good}\n{"label": "x"}`, message: /^line 3: inputs is missing/ },
  'no label': { content: `${good}{"inputs": "a"}`, message: /^line 2: label is missing/ },
  'a label that is null': { content: '{"inputs": "a", "label": null}', message: /^line 1: label is missing/ },
  'an empty label': { content: '{"inputs": "a", "label": ""}', message: /^line 1: label is empty/ },
  'a list as a class': {
    content: '{"inputs": "a", "label": ["x"]}',
    message: /^line 1: label must be the name of a class/,
  },
  'NaN as a class': { content: '{"inputs": "a", "label": NaN}', message: /^line 1: label is NaN/ },
  'an empty text': {
    content: '{"inputs": "", "label": "x"}',
    message: /^line 1: inputs\.text must be a text/,
  },
  'numbers for a text': {
    content: '{"inputs": [1], "label": "x"}',
    message: /^line 1: inputs must be a text or \{"text": …\}/,
  },
  'a member of another task': {
    content: '{"inputs": {"text": "a", "context": "b"}, "label": "x"}',
    message: /^line 1: inputs\."context" is no member of task text-classification/,
  },
  'bytes that are not UTF-8': {
    content: Buffer.from([0x7b, 0x22, 0xff, 0x22]),
    message: /^line 1: is not UTF-8/,
  },
  'UTF-16': {
    content: Buffer.from(`${byteOrderMark}${good}`, 'utf16le'),
    message: /UTF-16; write it in UTF-8/,
  },
  'an unknown format': { name: 'data.parquet', content: good, message: /"data\.parquet", says no format/ },
  'NaN as a number': {
    ...numbers,
    content: '{"inputs": [1], "label": NaN}',
    message: /^line 1: label is NaN; it must be a finite number/,
  },
  'Infinity as a number': {
    ...numbers,
    content: '{"inputs": [1], "label": -Infinity}',
    message: /^line 1: label is -Infinity/,
  },
  'a number that is too large': {
    ...numbers,
    content: '{"inputs": [1], "label": 1e999}',
    message: /^line 1: label is Infinity/,
  },
  'a text as a number': {
    ...numbers,
    content: '{"inputs": [1], "label": "x"}',
    message: /^line 1: label must be a number/,
  },
  'no elements': {
    ...numbers,
    content: '{"inputs": [[]], "label": 1}',
    message: /^line 1: inputs has no elements/,
  },
  'an object in a tensor': {
    ...numbers,
    content: '{"inputs": {"x": [{}]}, "label": 1}',
    message: /^line 1: inputs\."x" must be a list of numbers or texts/,
  },
  'NaN in CSV': {
    ...numbers,
    name: 'nan.csv',
    content: 'a,label\n1,2\n1,nan\n',
    message: /^line 3: label is nan; it must be a finite number/,
  },
  'a column twice': {
    ...numbers,
    name: 'twice.csv',
    content: 'a,a,label\n1,2,3\n',
    message: /^line 1: has the column "a" twice/,
  },
  'a row that is too short': {
    ...numbers,
    name: 'short.csv',
    content: 'a,b,label\n1,2,3\n1,2\n',
    message: /^line 3: has 2 columns, and the first line names 3/,
  },
  'no column label': {
    name: 'nolabel.csv',
    content: 'text,lable\na,x\n',
    message: /^line 1: has no column label/,
  },
  'no column of texts': {
    name: 'notext.csv',
    content: 'body,label\na,x\n',
    message: /no column inputs or text/,
  },
  'no column context': {
    task: 'question-answering',
    labels: 'answers',
    name: 'nocontext.csv',
    content: 'question,label\na,x\n',
    message: /no column context/,
  },
  'no column but label': {
    ...numbers,
    name: 'only.csv',
    content: 'label\n1\n',
    message: /no column besides label/,
  },
  'an empty cell of a label': {
    name: 'cell.csv',
    content: 'text,label\na,x\nb,\n',
    message: /^line 3: label is missing/,
  },
  'a quote that is not closed': {
    name: 'open.csv',
    content: 'text,label\na,x\n"b,y\nc,z\n',
    message: /after line 2 is never closed/,
  },
  'a quote within a field': {
    name: 'within.csv',
    content: 'text,label\na "b",x\n',
    message: /^line 2: has a quote within a field/,
  },
  'text behind a quote': {
    name: 'behind.csv',
    content: 'text,label\n"a"b,x\n',
    message: /^line 2: has text behind a closing quote/,
  },
  'too few tags': {
    ...tags,
    content: '{"inputs": "a b", "label": ["O"]}',
    message: /^line 1: label has 1 tags for 2 words/,
  },
  'tags of another scheme': {
    ...tags,
    content: '{"inputs": "a b", "label": ["O", "U-PER"]}',
    message: /^line 1: label\[1\] is no tag/,
  },
  'places outside of the text': {
    ...tags,
    content: '{"inputs": "🙂b", "label": [{"entity": "X", "start": 0, "end": 3}]}',
    message: /^line 1: label\[0\] has start and end outside of the text/,
  },
  'an entity without a type': {
    ...tags,
    content: '{"inputs": "ab", "label": [{"start": 0, "end": 1}]}',
    message: /^line 1: label\[0\] must be/,
  },
  'a text as entities': {
    ...tags,
    content: '{"inputs": "ab", "label": "PER"}',
    message: /^line 1: label must be a list of tags/,
  },
  'a document that nobody has': {
    ...queries,
    content: '{"inputs": "q", "label": ["d"]}',
    message: /^line 1: label names the document "d", and no line has that id/,
  },
  'an id twice': {
    ...queries,
    content: '{"inputs": "q", "label": "d"}\n{"inputs": "a", "id": "d"}\n{"inputs": "b", "id": "d"}',
    message: /^line 3: id "d" is that of line 2/,
  },
  'an id with a label': {
    ...queries,
    content: '{"inputs": "q", "id": "d", "label": "d"}',
    message: /^line 1: has an id and a label/,
  },
  'no reference': {
    ...translations,
    content: '{"inputs": "q", "label": []}',
    message: /^line 1: label has an empty text/,
  },
  'an empty reference': {
    ...translations,
    content: '{"inputs": "q", "label": ["a", ""]}',
    message: /^line 1: label has an empty text/,
  },
  'a number as a reference': {
    ...translations,
    content: '{"inputs": "q", "label": 7}',
    message: /^line 1: label must be a text or a list of texts/,
  },
  'a label outside of its candidates': {
    task: 'zero-shot-classification',
    content: '{"inputs": {"text": "a", "candidate_labels": ["x"]}, "label": "y"}',
    message: /^line 1: label "y" is none of its candidate_labels/,
  },
}

for (const [what, { name = 'broken.jsonl', content, message, task, labels }] of Object.entries(brokenFiles))
  test(`a data set with ${what} is refused, by its line`, async () => {
    await refused(read(name, content, { ...(task && { task }), ...(labels && { labels }) }), message)
  })

test('a file or a line beyond the limits is refused before the rest is read', async () => {
  const content = good.repeat(100)
  await refused(
    read('large.jsonl', content, { limits: { fileBytes: 1000, lineBytes: 100 } }),
    /larger than 1000 B/,
  )
  await refused(
    read('wide.jsonl', content, { limits: { fileBytes: 10_000, lineBytes: 20 } }),
    /^line 1: is longer than 20 B/,
  )
})

test('one sample cannot be split', async () => {
  await refused(
    read('one.jsonl', good, { split: { share: 0.5, part: 'rest' } }),
    /one sample, which cannot be split/,
  )
})

test('a file that is gone is named as such', async () => {
  await refused(
    readDataset({ folder, file: join(folder, 'gone.jsonl'), task: 'tensor', labels: 'class' }),
    /cannot be read \(ENOENT\)/,
  )
})
