/** Files that cannot be used, and the sentence that says why. */
import { test } from 'node:test'
import type { Task } from '@gantry/contract/server.ts'
import { datasetFolder, refusedDataset } from '../testing/datasets.ts'
import type { LabelKind } from './sample.ts'

const { read } = datasetFolder()
const byteOrderMark = '\uFEFF'

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
  'lists in lists without end': {
    ...numbers,
    content: `{"inputs": ${'['.repeat(100_000)}1${']'.repeat(100_000)}, "label": 1}`,
    message: /^line 1: inputs is nested deeper than 64 lists/,
  },
  'objects in objects without end, and NaN': {
    content: `{"inputs": "a", "label": ${'{"a":'.repeat(100_000)}NaN${'}'.repeat(100_000)}}`,
    message: /^line 1: is nested deeper than 64/,
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
  'a column twice among very many, which are read once': {
    ...numbers,
    name: 'many.csv',
    content: `${Array.from({ length: 200_000 }, (_, at) => `c${at % 199_999}`).join()},label\n`,
    message: /^line 1: has the column "c0" twice/,
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
    await refusedDataset(read(name, content, { ...(task && { task }), ...(labels && { labels }) }), message)
  })

test('a file or a line beyond the limits is refused before the rest is read', async () => {
  const content = good.repeat(100)
  await refusedDataset(
    read('large.jsonl', content, { limits: { fileBytes: 1000, lineBytes: 100 } }),
    /larger than 1000 B/,
  )
  await refusedDataset(
    read('wide.jsonl', content, { limits: { fileBytes: 10_000, lineBytes: 20 } }),
    /^line 1: is longer than 20 B/,
  )
})

test('one sample cannot be split', async () => {
  await refusedDataset(
    read('one.jsonl', good, { split: { share: 0.5, part: 'rest' } }),
    /one sample, which cannot be split/,
  )
})
