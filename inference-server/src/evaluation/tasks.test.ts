/** Every task, asked over HTTP with data whose labels are what Python answers: golden.json beside each model. */
import assert from 'node:assert/strict'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import type { Metric } from '@gantry/contract/evaluation.ts'
import type { Task } from '@gantry/contract/server.ts'
import { labelKindFor } from '../accuracy/task-metrics.ts'
import { readDataset } from '../datasets/read-dataset.ts'
import { folderServer } from '../testing/server.ts'
import { type MeasuredAccuracy, measureAccuracy } from './measured-accuracy.ts'
import { servedName } from './serving/server-process.ts'

const golden = (...path: string[]): string => join(import.meta.dirname, '../../golden', ...path)
const examples = join(import.meta.dirname, '../../../examples')

type Json = Readonly<Record<string, unknown>>

/** A line of the data set. */
interface Line {
  readonly inputs: unknown
  readonly label?: unknown
  readonly id?: string
}

interface Model {
  readonly task: Task
  readonly folder: string
  readonly metric: Metric
  readonly output?: string
}

const never = new AbortController().signal

const casesOf = async (folder: string): Promise<readonly Json[]> =>
  JSON.parse(await readFile(join(folder, 'golden.json'), 'utf8')).cases

const measured = async (
  { task, folder, metric, output }: Model,
  lines: readonly Line[],
  pictures: readonly string[] = [],
): Promise<MeasuredAccuracy> => {
  assert.ok(lines.length > 0)
  const place = await mkdtemp(join(tmpdir(), 'gantry-tasks-'))
  try {
    for (const picture of pictures) await cp(picture, join(place, basename(picture)))
    const file = join(place, 'data.jsonl')
    await writeFile(file, lines.map((line) => JSON.stringify(line)).join('\n'))
    const dataset = await readDataset({ folder: place, file, task, labels: labelKindFor(task, metric) })
    await using server = await folderServer(folder, ['--task', task, '--name', servedName])
    return await measureAccuracy({
      candidate: { name: 'one', task },
      dir: folder,
      server: {
        port: server.serving.port,
        loadMs: 0,
        ended: new Promise(() => {}),
      },
      dataset,
      request: { metric, ...(output !== undefined && { output }) },
      untilMs: Number.POSITIVE_INFINITY,
      nowMs: () => 0,
      signal: never,
      onProgress: () => {},
    })
  } finally {
    await rm(place, { recursive: true })
  }
}

const first = (output: unknown): Json => (Array.isArray(output) ? output[0] : output) as Json

/** Cases that ask for nothing but the usual. */
const plain = (cases: readonly Json[]): readonly Json[] =>
  cases.filter(({ parameters = {} }) => Object.keys(parameters as Json).length === 0)

test('tensor: the labels of scikit-learn, of the output that has one value a row and of the scores', async () => {
  const folder = join(examples, 'breast-cancer/model')
  const cases = (await casesOf(join(examples, 'breast-cancer'))) as readonly {
    readonly input: readonly number[]
    readonly name: string
    readonly label: number
    readonly probabilities: readonly number[]
  }[]
  const names = cases.map(({ input, name }) => ({ inputs: input, label: name }))
  const model = { task: 'tensor', folder, metric: 'accuracy' } as const
  assert.equal((await measured(model, names)).accuracy.metrics.accuracy, 1)
  assert.equal((await measured({ ...model, output: 'probabilities' }, names)).accuracy.metrics.accuracy, 1)
  const numbers = cases.map(({ input, label }) => ({ inputs: { input }, label }))
  assert.equal((await measured(model, numbers)).accuracy.metrics.accuracy, 1)
  const [wrong, ...right] = numbers.map((line) => ({ ...line }))
  assert.ok(wrong)
  const mistaken = [{ ...wrong, label: 1 - wrong.label }, ...right]
  const { accuracy } = await measured(model, mistaken)
  assert.equal(accuracy.metrics.accuracy, (cases.length - 1) / cases.length)
  assert.deepEqual(
    accuracy.mistakes.map(({ line }) => line),
    [1],
  )
})

test('text-classification: the classes of the pipeline', async () => {
  const folder = golden('models/text-classification-roberta')
  const lines = plain(await casesOf(folder)).map(({ input, output }) => ({
    inputs: input,
    label: first(output)['label'],
  }))
  const { accuracy } = await measured({ task: 'text-classification', folder, metric: 'accuracy' }, lines)
  assert.equal(accuracy.metrics.accuracy, 1)
})

test('token-classification: the entities of the pipeline', async () => {
  const folder = golden('models/token-classification')
  const simple = (await casesOf(folder)).filter(
    ({ parameters }) => JSON.stringify(parameters) === '{"aggregation_strategy":"simple"}',
  )
  const lines = simple.map(({ input, output }) => ({
    inputs: input,
    label: (output as Json[]).map(({ entity_group: entity, start, end }) => ({ entity, start, end })),
  }))
  const { accuracy } = await measured({ task: 'token-classification', folder, metric: 'entityF1' }, lines)
  assert.equal(accuracy.metrics.entityF1, 1)
})

test('question-answering: the answers of the pipeline', async () => {
  const folder = golden('models/question-answering')
  const lines = plain(await casesOf(folder)).map(({ input, output }) => ({
    inputs: input,
    label: first(output)['answer'],
  }))
  const { accuracy } = await measured({ task: 'question-answering', folder, metric: 'exactMatch' }, lines)
  assert.deepEqual([accuracy.metrics.exactMatch, accuracy.metrics.tokenF1], [1, 1])
})

test('feature-extraction: a text finds itself among documents', async () => {
  const folder = golden('models/feature-extraction')
  const texts = [...new Set((await casesOf(folder)).map(({ input }) => String(input)))].filter(Boolean)
  const documents = texts.map((text, index) => ({ id: `d${index}`, inputs: text }))
  const queries = texts.map((text, index) => ({ inputs: text, label: [`d${index}`] }))
  const model = { task: 'feature-extraction', folder, metric: 'meanReciprocalRank' } as const
  const { accuracy } = await measured(model, [...documents, ...queries])
  assert.equal(accuracy.metrics.meanReciprocalRank, 1)
})

test('zero-shot-classification: the classes of the pipeline, out of those of the line', async () => {
  const folder = golden('models/zero-shot-classification')
  const cases = plain(await casesOf(folder)).filter(({ input }) => typeof input === 'string' && input !== '')
  const lines = cases.map(({ input, candidate_labels, output }) => ({
    inputs: { text: input, candidate_labels },
    label: (first(output)['labels'] as string[])[0],
  }))
  const { accuracy } = await measured({ task: 'zero-shot-classification', folder, metric: 'accuracy' }, lines)
  assert.equal(accuracy.metrics.accuracy, 1)
})

test('fill-mask: the words of the pipeline', async () => {
  const folder = golden('models/fill-mask')
  const single = plain(await casesOf(folder)).filter(({ output }) => !Array.isArray(first(output)))
  const lines = single.map(({ input, output }) => ({ inputs: input, label: first(output)['token_str'] }))
  const { accuracy } = await measured({ task: 'fill-mask', folder, metric: 'accuracy' }, lines)
  assert.equal(accuracy.metrics.accuracy, 1)
})

/** The perplexities were computed in Python from the logits that onnxruntime gives for the whole texts. */
for (const [task, name, perplexity] of [
  ['text-generation', 'text-generation-gpt2', 1.2004784553691834],
  ['code-generation', 'code-generation', 1.1295024736683512],
] as const)
  test(`${task}: the new text of the pipeline, and the perplexity of its tokens`, async () => {
    const folder = golden('models', name)
    const greedy = (await casesOf(folder)).filter(
      ({ parameters, finish }) =>
        finish === 'eos' && Object.keys(parameters as Json).join() === 'max_new_tokens',
    )
    const lines = greedy.map(({ input, text }) => ({ inputs: input, label: text }))
    const { accuracy } = await measured({ task, folder, metric: 'exactMatch' }, lines)
    assert.equal(accuracy.metrics.exactMatch, 1)
    assert.ok(Math.abs(Number(accuracy.metrics.perplexity) - perplexity) < 1e-5)
  })

test('translation: the translations of the pipeline, with the beams of the folder', async () => {
  const folder = golden('models/translation-beams')
  const lines = plain(await casesOf(folder)).map(({ input, output }) => ({
    inputs: input,
    label: first(output)['translation_text'],
  }))
  const { accuracy } = await measured({ task: 'translation', folder, metric: 'chrf' }, lines)
  assert.equal(accuracy.metrics.chrf, 100)
})

/** Pictures are given by the name of a file beside the data set. */
const pictureCases = async (folder: string) => {
  const cases = plain(await casesOf(folder))
  const files = [...new Set(cases.map(({ input }) => join(folder, String(input))))]
  return { cases: cases.map((one) => ({ ...one, image: basename(String(one['input'])) }) as Json), files }
}

test('image-classification: the classes of the pipeline', async () => {
  const folder = golden('models/image-classification')
  const { cases, files } = await pictureCases(folder)
  const lines = cases.map(({ image, output }) => ({ inputs: { image }, label: first(output)['label'] }))
  const model = { task: 'image-classification', folder, metric: 'topK' } as const
  const { accuracy } = await measured(model, lines, files)
  assert.deepEqual([accuracy.metrics.accuracy, accuracy.metrics.topK], [1, 1])
})

test('zero-shot-image-classification: the classes of the pipeline', async () => {
  const folder = golden('models/zero-shot-image-classification')
  const { cases, files } = await pictureCases(folder)
  const lines = cases.map(({ image, candidate_labels, output }) => ({
    inputs: { image, candidate_labels },
    label: first(output)['label'],
  }))
  const model = { task: 'zero-shot-image-classification', folder, metric: 'accuracy' } as const
  assert.equal((await measured(model, lines, files)).accuracy.metrics.accuracy, 1)
})

test('image-to-text: the captions of the pipeline', async () => {
  const folder = golden('models/image-to-text')
  const cases = (await casesOf(folder)).filter(
    ({ parameters, finish }) =>
      finish === 'eos' && Object.keys(parameters as Json).join() === 'max_new_tokens',
  )
  const files = [...new Set(cases.map(({ input }) => join(folder, String(input))))]
  const lines = cases.map(({ input, output }) => ({
    inputs: { image: basename(String(input)) },
    label: first(output)['generated_text'],
  }))
  const { accuracy } = await measured({ task: 'image-to-text', folder, metric: 'exactMatch' }, lines, files)
  assert.equal(accuracy.metrics.exactMatch, 1)
})
