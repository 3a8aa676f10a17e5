/** What an evaluation leaves for the operator. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { isCandidateReports, isDriftReference, isEvaluationReport } from '@gantry/contract/documents.ts'
import { driftReferenceFile } from '@gantry/contract/drift.ts'
import { type EvaluationRequest, reportLine } from '@gantry/contract/evaluation.ts'
import { hungry, modelFolder } from '../testing/models.ts'
import { start } from '../testing/program.ts'
import { memoryLog } from '../testing/server.ts'
import { fetchings } from './fetching.ts'
import type { Pace } from './load/effort.ts'
import { usualDriver } from './machine/gpus.ts'
import { readMachine } from './machine/hardware.ts'
import { evaluateRequest } from './request-command.ts'

const example = join(import.meta.dirname, '../../../examples/breast-cancer')

/** Enough to have figures. */
const shortPace = { rounds: 2, leastRounds: 1, measureMs: 50, leastMeasureMs: 20, warmMs: 100 }
const sources = {
  allowHttpCredentials: false,
  allowLoopback: false,
  allowPrivate: true,
  maxBytes: undefined,
  caFile: undefined,
}

/** Runs a request in this process, with servers of their own. */
const evaluated = async (request: EvaluationRequest, dir: string, pace: Pace = shortPace) => {
  const log = memoryLog()
  const { signal } = new AbortController()
  const workspace = join(dir, 'work')
  await mkdir(workspace)
  const world = { stdout: process.stdout, stderr: process.stderr, exitCode: undefined }
  const report = join(dir, 'report')
  await evaluateRequest(
    { kind: 'request', sources, request, models: undefined, report },
    {
      ...{ process: world, env: process.env, log, signal, servers: new Set(), workspace, pace },
      ...fetchings(sources, {}, log, signal),
      machine: await readMachine('node-1', usualDriver({})),
      nowMs: () => performance.now(),
    },
  )
  assert.equal(world.exitCode, undefined)
  const outcome: unknown = JSON.parse(await readFile(report, 'utf8'))
  assert.ok(isEvaluationReport(outcome) && outcome.outcome === 'measured')
  return { outcome, lines: log.lines }
}

test('an encrypted version is measured by its keys, and nothing about requests lies beside it in the clear', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'gantry-request-'))
  try {
    const keys = join(dir, 'keys')
    await mkdir(keys)
    await writeFile(join(keys, 'k1'), randomBytes(32).toString('base64'))
    await using imported = start([
      'import',
      ...['--source', join(example, 'model'), '--models', join(dir, 'volume'), '--encryption-keys', keys],
    ])
    assert.equal(await imported.ended, 0, imported.output.stderr)
    const [version = ''] = (await readdir(join(dir, 'volume'))).filter((name) => name.startsWith('v_'))
    const folder = join(dir, 'volume', version)
    const before = await readdir(folder)
    const { outcome } = await evaluated(
      {
        candidates: [{ name: version, task: 'tensor', folder, encryptionKeys: keys }],
        dataset: { source: `file://${join(example, 'data/heldout.jsonl')}` },
        metric: 'accuracy',
        concurrencies: [2],
        recordIn: { candidate: version, folder },
      },
      dir,
    )
    const [measurement] = outcome.candidates
    assert.ok(measurement && 'metrics' in measurement, JSON.stringify(measurement))
    assert.deepEqual(await readdir(folder), before)
    assert.ok('evaluation' in JSON.parse(await readFile(join(folder, 'metadata.json'), 'utf8')))
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
})

test('a version is compared with another, its measurement is in metadata.json with a reference for drift beside it, and the whole report is in the log', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'gantry-request-'))
  try {
    await using imported = start([
      'import',
      ...['--source', join(example, 'model'), '--models', join(dir, 'volume')],
    ])
    assert.equal(await imported.ended, 0, imported.output.stderr)
    const [version = ''] = (await readdir(join(dir, 'volume'))).filter((name) => name.startsWith('v_'))
    const folder = join(dir, 'volume', version)
    const before = JSON.parse(await readFile(join(folder, 'metadata.json'), 'utf8'))
    const stump = `file://${join(example, 'candidates/stump.onnx')}`
    const { outcome, lines } = await evaluated(
      {
        candidates: [
          { name: version, task: 'tensor', folder },
          { name: 'stump', task: 'tensor', source: stump, labels: ['malignant', 'benign'] },
        ],
        dataset: { source: `file://${join(example, 'data/heldout.jsonl')}` },
        metric: 'accuracy',
        concurrencies: [2],
        compareWith: 'stump',
        recordIn: { candidate: version, folder },
      },
      dir,
    )
    const [measurement] = outcome.candidates
    assert.ok(measurement && 'metrics' in measurement)
    assert.equal(measurement.hardware.node, 'node-1')
    assert.deepEqual(
      measurement.performance.byConcurrency.map(({ concurrency }) => concurrency),
      [1, 2],
    )
    const { evaluation, ...rest } = JSON.parse(await readFile(join(folder, 'metadata.json'), 'utf8'))
    assert.deepEqual(rest, before)
    const reference: unknown = JSON.parse(await readFile(join(folder, driftReferenceFile), 'utf8'))
    assert.ok(isDriftReference(reference))
    assert.equal(reference.samples, 143)
    const [label, best, score] = reference.features.slice(30)
    assert.deepEqual(
      [label, best, score].map((feature) => feature?.name),
      ['label', 'probabilities.class', 'probabilities.score'],
    )
    assert.deepEqual(best?.counts, [92, 51])
    assert.equal(evaluation.measurement.digest, before.digest)
    assert.equal(evaluation.measurement.metrics.accuracy, 141 / 143)
    assert.deepEqual(evaluation.comparisons, outcome.comparisons)
    assert.ok(Math.abs(Number(outcome.comparisons?.[0]?.difference) - (141 - 127) / 143) < 1e-12)
    const parts = lines.filter(({ message }) => message === reportLine).map(({ fields }) => fields['data'])
    assert.equal(parts.length, outcome.report?.parts)
    const whole: unknown = JSON.parse(gunzipSync(Buffer.from(parts.join(''), 'base64')).toString())
    assert.ok(isCandidateReports(whole))
    const [first] = whole.candidates
    assert.ok(first && 'measurement' in first)
    assert.deepEqual(first.confusion?.labels, ['benign', 'malignant'])
    assert.deepEqual(first.confusion?.counts, [
      [90, 0],
      [2, 51],
    ])
    assert.equal(first.rounds?.[0]?.throughputPerSecond.length, shortPace.rounds)
  } finally {
    await rm(dir, { recursive: true })
  }
})

test('what was answered before a load that failed is compared with nothing', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'gantry-request-'))
  try {
    const source = `file://${join(example, 'model')}`
    const { outcome } = await evaluated(
      {
        candidates: [
          { name: 'new', task: 'tensor', source },
          { name: 'old', task: 'tensor', source },
        ],
        dataset: { source: `file://${join(example, 'data/heldout.jsonl')}` },
        ...{ metric: 'accuracy', concurrencies: [1], compareWith: 'old', timeBudgetSeconds: 60 },
      },
      dir,
      { ...shortPace, rounds: 1e6, leastRounds: 1e6 },
    )
    const reasons = outcome.candidates.map((one) => ('reason' in one ? one.reason : 'measured'))
    assert.deepEqual([reasons, outcome.comparisons], [['OutOfTime', 'OutOfTime'], undefined])
  } finally {
    await rm(dir, { recursive: true })
  }
})

test('what is only compared answers the same samples, and has no result of its own', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'gantry-request-'))
  try {
    const { outcome, lines } = await evaluated(
      {
        candidates: [
          {
            ...{ name: 'stump', task: 'tensor', labels: ['malignant', 'benign'], compareWith: 'whole' },
            source: `file://${join(example, 'candidates/stump.onnx')}`,
          },
          { name: 'whole', task: 'tensor', folder: join(example, 'model'), onlyCompared: true },
        ],
        dataset: { source: `file://${join(example, 'data/heldout.jsonl')}`, calibration: 'without' },
        ...{ metric: 'accuracy', concurrencies: [1] },
      },
      dir,
    )
    assert.deepEqual(
      outcome.candidates.map(({ name }) => name),
      ['stump'],
    )
    const [comparison, ...others] = outcome.comparisons ?? []
    assert.deepEqual([comparison?.name, comparison?.with, others], ['stump', 'whole', []])
    assert.equal(comparison?.samples, outcome.dataset.samples)
    assert.ok(outcome.dataset.samples < outcome.dataset.total && Number(comparison?.difference) < 0)
    assert.ok(lines.some(({ message }) => message === reportLine))
  } finally {
    await rm(dir, { recursive: true })
  }
})

test('a folder of an optimizer is measured where its report says that it was made, and has no links', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'gantry-request-'))
  try {
    await cp(join(example, 'model'), join(dir, 'linked'), { recursive: true })
    await symlink('/proc/self/environ', join(dir, 'linked', 'notes.json'))
    const refused = { outcome: 'failed', reason: 'NothingToOptimize', message: 'No layer was found.' }
    await writeFile(join(dir, 'refused.json'), JSON.stringify(refused))
    const agreement = {
      inputs: 'generated',
      samples: 1,
      largestDifference: 0,
      meanDifference: 0,
      sameAnswers: 1,
    }
    const latency = { beforeMs: 2, afterMs: 1, speedup: 2, spread: 0.1, rows: 1, threads: 1 }
    const report = {
      ...{ outcome: 'optimized', recipe: { quantize: 'fp16' }, model: 'model.onnx', steps: [], versions: {} },
      total: { sizeBytes: { before: 2, after: 1 }, agreement, latency },
    }
    await writeFile(join(dir, 'made.json'), JSON.stringify(report))
    const made = (name: string, folder: string, file: string) => ({
      ...{ name, task: 'tensor' as const, folder, optimizationReport: join(dir, file) },
    })
    const { outcome } = await evaluated(
      {
        candidates: [
          made('made', join(example, 'model'), 'made.json'),
          made('refused', join(example, 'model'), 'refused.json'),
          made('unsaid', join(example, 'model'), 'nowhere.json'),
          made('linked', join(dir, 'linked'), 'made.json'),
        ],
        dataset: { source: `file://${join(example, 'data/heldout.jsonl')}` },
        ...{ metric: 'accuracy', concurrencies: [1] },
      },
      dir,
    )
    const found = outcome.candidates.map((one) =>
      'reason' in one ? `${one.reason}: ${one.message}` : one.name,
    )
    assert.equal(found[0], 'made')
    assert.equal(found[1], 'RecipeFailed: NothingToOptimize: No layer was found.')
    assert.match(found[2] ?? '', /^RecipeFailed: .* without a report/)
    assert.match(found[3] ?? '', /^RecipeFailed: .* notes\.json.*, which is no file/)
  } finally {
    await rm(dir, { recursive: true })
  }
})

test('a folder that is gone and a model that outgrows the memory are results of their candidates', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'gantry-request-'))
  try {
    await using model = await modelFolder(hungry(1))
    const data = join(dir, 'data.jsonl')
    await writeFile(data, '{"inputs": [1], "label": 1}\n')
    const gone = join(dir, 'v_gone')
    const { outcome } = await evaluated(
      {
        candidates: [
          { name: 'gone', task: 'tensor', folder: gone },
          { name: 'hungry', task: 'tensor', folder: model.dir },
        ],
        ...{ dataset: { source: `file://${data}` }, metric: 'meanAbsoluteError', concurrencies: [1] },
      },
      dir,
    )
    const [first, second] = outcome.candidates.map((one) => ('reason' in one ? one : undefined))
    assert.deepEqual([first?.reason, second?.reason], ['SourceNotFound', 'OutOfMemory'])
    assert.ok(first?.message.includes(`${gone} is not there`))
  } finally {
    await rm(dir, { recursive: true })
  }
})
