/** What an optimizer is given is what the server gives the model. */
import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { isEvaluationReport, isImportReport } from '@gantry/contract/documents.ts'
import { sampleNames } from '@gantry/contract/optimizing.ts'
import { selected } from '../datasets/selection.ts'
import { openSession, runSession } from '../sessions/session.ts'
import { argmax } from '../tasks/softmax.ts'
import { type Datatype, elementCount, type NamedTensors, type Tensor } from '../tensors/tensor.ts'
import { tensorFromBytes } from '../tensors/tensor-binary.ts'
import { start } from '../testing/program.ts'

const examples = join(import.meta.dirname, '../../../examples')
const datatypes: Readonly<Record<string, Datatype>> = { I64: 'INT64', F32: 'FP32' }

interface Header {
  readonly __metadata__: Readonly<Record<string, string>>
  readonly [name: string]: unknown
}

/** Reads a .safetensors file with nothing of the code that wrote it. */
const readTensors = async (path: string) => {
  const file = await readFile(path)
  const from = 8 + Number(file.readBigUInt64LE(0))
  const { __metadata__: metadata, ...entries } = JSON.parse(file.toString('utf8', 8, from)) as Header
  const tensors = new Map<string, Tensor>()
  for (const [name, entry] of Object.entries(entries)) {
    const { dtype, shape, data_offsets } = entry as { dtype: string; shape: number[]; data_offsets: number[] }
    const [begin = 0, end = 0] = data_offsets
    const raw = file.subarray(from + begin, from + end)
    tensors.set(name, tensorFromBytes(name, datatypes[dtype] as Datatype, shape, elementCount(shape), raw))
  }
  return { metadata, tensors }
}

const samples = async (...args: readonly string[]) => {
  const dir = await mkdtemp(join(tmpdir(), 'gantry-samples-'))
  try {
    const output = join(dir, 'samples.safetensors')
    await using program = start(['samples', ...args, '--output', output])
    const code = await program.ended
    const written = code === 0 ? await readTensors(output) : undefined
    return { code, ...program.output, written }
  } finally {
    await rm(dir, { recursive: true })
  }
}

type Written = NonNullable<Awaited<ReturnType<typeof samples>>['written']>

const rowOf = ({ tensors }: Written, row: number): NamedTensors => {
  const prefix = `${String(row).padStart(sampleNames.digits, '0')}/`
  return new Map(
    [...tensors].flatMap(([name, tensor]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), tensor] as const] : [],
    ),
  )
}

/** Share of the rows whose answer is the expected one. */
const accuracyOf = async (model: string, written: Written): Promise<number> => {
  const session = await openSession(join(examples, model), 1, 'cpu')
  const { output = '', answer, rows } = written.metadata
  const labels = written.tensors.get(sampleNames.expected)
  const expected = [...((labels?.data ?? []) as BigInt64Array)].map(Number)
  let right = 0
  for (const [row, wanted] of expected.entries()) {
    const data = (await runSession(session, rowOf(written, row))).get(output)?.data as ArrayLike<number>
    if ((answer === 'value' ? Number(data[0]) : argmax(data)) === wanted) right += 1
  }
  assert.equal(expected.length, Number(rows))
  await session.release()
  return right / expected.length
}

test('the tensors of the shipped data sets give the accuracy that an evaluation measures', async () => {
  const texts = await samples(
    ...['--model', join(examples, 'customer-service/model'), '--task', 'text-classification'],
    ...['--dataset', join(examples, 'customer-service/data/handwritten.jsonl')],
  )
  assert.ok(texts.written, texts.stderr)
  assert.equal(await accuracyOf('customer-service/model/model.onnx', texts.written), 0.88)

  const table = await samples(
    ...['--model', join(examples, 'breast-cancer/model'), '--task', 'tensor'],
    ...['--dataset', join(examples, 'breast-cancer/data/heldout.jsonl')],
  )
  assert.ok(table.written, table.stderr)
  assert.equal((await accuracyOf('breast-cancer/model/model.onnx', table.written)).toFixed(4), '0.9860')
})

test('a sample calibrates or judges, never both, and the same ones each time', () => {
  const only = selected(1000, undefined, { size: 400 }, 'only')
  const without = selected(1000, undefined, { size: 400 }, 'without')
  assert.ok(only.length > 75 && only.length < 125)
  assert.deepEqual(
    [...only, ...without].sort((one, other) => one - other),
    selected(1000, undefined, { size: 400 }),
  )
  assert.equal(selected(10_000, undefined, undefined, 'only').length, 512)
  assert.throws(() => selected(1, undefined, undefined, 'only'), /none.*add samples/)
})

test('data of its own calibrate as few samples as shared ones do, drawn from all of them', () => {
  assert.deepEqual(selected(300, undefined, undefined, 'own'), selected(300, undefined, undefined))
  const drawn = selected(100_000, undefined, undefined, 'own')
  assert.equal(drawn.length, 512)
  assert.ok((drawn.at(-1) ?? 0) > 90_000)
  assert.deepEqual(drawn, selected(100_000, undefined, undefined, 'own'))
  for (const part of ['own', 'only'] as const) // a student learns from more
    assert.equal(selected(100_000, undefined, undefined, part, true).length, 2048)
})

test('a sample that calibrates never judges, whatever else is drawn of the data set', () => {
  const calibrating = new Set(selected(1000, undefined, { size: 400 }, 'only'))
  const held = { share: 0.5, part: 'held-out', seed: 3 } as const
  for (const draw of [undefined, { size: 500 }, { size: 400, seed: 7 }])
    for (const split of [undefined, held])
      assert.deepEqual(
        selected(1000, split, draw, 'without').filter((index) => calibrating.has(index)),
        [],
      )
})

test('what cannot be given is refused by name', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'gantry-samples-'))
  try {
    const broken = join(dir, 'broken.jsonl')
    await writeFile(broken, '{"inputs": [1, 2], "label": 0}\n')
    const model = join(examples, 'breast-cancer/model')
    const report = join(dir, 'report')
    const of = ['--model', model, '--task', 'tensor', '--dataset', broken]
    const shape = await samples(...of, '--report', report)
    assert.equal(shape.code, 1)
    const outcome: unknown = JSON.parse(await readFile(report, 'utf8'))
    assert.ok(isEvaluationReport(outcome) && outcome.outcome === 'failed')
    assert.deepEqual([outcome.reason, outcome.retry], ['DatasetInvalid', 'never'])
    assert.match(shape.stderr, /^DatasetInvalid: line 1: .*gives? it 2 elements/)
    const other = await samples('--model', model, '--task', 'translation', '--dataset', broken)
    assert.match(other.stderr, /metric accuracy/)
    const flag = await samples('--model', model, '--task', 'tables', '--dataset', broken)
    assert.equal(flag.code, 2)
    assert.match(flag.stderr, /--task tables does not exist; it is one of tensor,/)
  } finally {
    await rm(dir, { recursive: true })
  }
})

test('a source is fetched to the folder as an import brings it, and a killed run before does not matter', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'gantry-samples-'))
  try {
    const folder = join(dir, 'scratch/source')
    await mkdir(join(`${folder}.fetching`, 'v_half'), { recursive: true })
    await mkdir(folder)
    await writeFile(join(folder, 'left.txt'), 'of the run before')
    const fetch = { source: `file://${join(examples, 'breast-cancer/model/model.onnx')}` }
    const request = { folder, task: 'tensor', labels: ['malignant', 'benign'], fetch }
    const data = { source: `file://${join(examples, 'breast-cancer/data/heldout.jsonl')}` }
    const of = (one: object): readonly string[] => ['--request', JSON.stringify(one), '--models', dir]
    const { code, written, stderr } = await samples(...of({ ...request, dataset: data }))
    assert.equal(code, 0, stderr)
    assert.equal(Number(written?.metadata[sampleNames.metadata.rows]), 143)
    assert.deepEqual(await readdir(join(dir, 'scratch')), ['source'])
    assert.deepEqual(await readdir(folder), ['model.onnx'])
    const given = await readFile(join(examples, 'breast-cancer/model/model.onnx'))
    assert.ok(given.equals(await readFile(join(folder, 'model.onnx'))))
    await rm(folder, { recursive: true })
    await using fetched = start(['samples', ...of(request), '--output', join(dir, 'none')])
    assert.equal(await fetched.ended, 0, fetched.output.stderr)
    assert.deepEqual((await readdir(dir)).sort(), ['scratch'])
    assert.deepEqual(await readdir(folder), ['model.onnx'])
  } finally {
    await rm(dir, { recursive: true })
  }
})

test('why a source cannot be fetched is told as an import tells it', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'gantry-samples-'))
  try {
    const report = join(dir, 'report')
    const fetch = { source: `file://${join(dir, 'nowhere')}`, sourceName: 'pvc://models/nowhere' }
    const request = JSON.stringify({ folder: join(dir, 'source'), task: 'tensor', fetch })
    const { code } = await samples('--request', request, '--report', report)
    assert.equal(code, 1)
    const outcome: unknown = JSON.parse(await readFile(report, 'utf8'))
    assert.ok(isImportReport(outcome) && outcome.outcome === 'failed')
    assert.deepEqual([outcome.reason, outcome.retry], ['SourceNotFound', 'never'])
  } finally {
    await rm(dir, { recursive: true })
  }
})

test('what a killed run fetched is gone after the next run', async () => {
  const models = await mkdtemp(join(tmpdir(), 'gantry-samples-'))
  try {
    const left = join(models, '.samples-killed')
    await mkdir(left)
    await writeFile(join(left, 'owner'), JSON.stringify({ host: hostname(), pid: 1, started: 'never' }))
    const { code, stderr } = await samples(
      ...['--model', join(examples, 'breast-cancer/model'), '--task', 'tensor', '--models', models],
      ...['--dataset', join(examples, 'breast-cancer/data/heldout.jsonl')],
    )
    assert.equal(code, 0, stderr)
    assert.deepEqual(await readdir(models), [])
  } finally {
    await rm(models, { recursive: true })
  }
})
