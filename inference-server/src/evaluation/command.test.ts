/** The command as it is run: by its command line, on real models. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { isEvaluationReport } from '@gantry/contract/documents.ts'
import type { EvaluationReport } from '@gantry/contract/evaluation.ts'
import { modelFolder } from '../testing/models.ts'
import { type Program, start } from '../testing/program.ts'

const examples = join(import.meta.dirname, '../../../examples')
const logistic = join(examples, 'breast-cancer/model')
const heldOut = join(examples, 'breast-cancer/data/heldout.jsonl')

const inFolder = async <Result>(work: (dir: string) => Promise<Result>): Promise<Result> => {
  const dir = await mkdtemp(join(tmpdir(), 'gantry-evaluate-'))
  try {
    return await work(dir)
  } finally {
    await rm(dir, { recursive: true })
  }
}

/** Processes that a program has started and that are there. */
const childrenOf = async ({ process: { pid } }: Program): Promise<readonly number[]> =>
  (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => ''))
    .split(' ')
    .filter(Boolean)
    .map(Number)

/** One that has ended and that nobody has waited for does not run. */
const isRunning = async (pid: number): Promise<boolean> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return stat !== '' && !/\) [ZX] /.test(stat)
}

/** @throws where it still runs after half a minute */
const untilEnded = async (pid: number): Promise<void> => {
  const signal = AbortSignal.timeout(30_000)
  while (await isRunning(pid)) await sleep(20, undefined, { signal })
}

/** A process that was just made still has the words of its parent. */
const isServer = async (pid: number): Promise<boolean> =>
  (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0').includes('serve')

/** The first server that a program starts. @throws where the program ends before, or starts none for half a minute */
const serverOf = async (run: Program): Promise<number> => {
  const signal = AbortSignal.timeout(30_000)
  while (run.process.exitCode === null) {
    for (const child of await childrenOf(run)) if (await isServer(child)) return child
    await sleep(20, undefined, { signal })
  }
  assert.fail(`it ended with ${run.process.exitCode} and no server: ${run.output.stderr}`)
}

type Member = Readonly<Record<string, unknown>>

/** @param spec members beside candidates and data set */
const evaluationFile = async (
  dir: string,
  candidates: readonly Member[],
  spec: Member = {},
): Promise<string> => {
  const path = join(dir, 'evaluation.yaml')
  const object = {
    apiVersion: 'gantry.dev/v1alpha1',
    kind: 'ModelEvaluation',
    metadata: { name: 'trial' },
    spec: { candidates, dataset: { uri: heldOut }, concurrencies: [1], ...spec },
  }
  await writeFile(path, JSON.stringify(object))
  return path
}

const tensor = (name: string, uri: string): Member => ({ name, task: 'tensor', source: { uri } })

test('ranks what can be measured, says why the rest cannot, and leaves nothing behind', async () =>
  inFolder(async (dir) => {
    const candidates = [
      tensor('logistic', logistic),
      // A text classifier as tensors: the samples do not fit.
      tensor('texts', join(examples, 'customer-service/model')),
      tensor('absent', join(dir, 'nowhere')),
      { ...tensor('named', logistic), labels: ['good', 'bad'] },
    ]
    // A timer of Node takes no more than 24.8 days.
    const file = await evaluationFile(dir, candidates, { timeBudget: '1000h' })
    await using run = start(['evaluate', '--file', file, '-o', 'json', '--report', join(dir, 'out')], {
      ...process.env,
      TMPDIR: dir,
    })
    assert.equal(await run.ended, 0, run.output.stderr)
    const { status } = JSON.parse(run.output.stdout)
    assert.equal(status.winner, 'logistic')
    // 141 of the 143 rows that were held out, as the README of the example has it.
    assert.equal(status.results[0].metrics.accuracy, 141 / 143)
    assert.ok(status.results[0].performance.throughputPerSecond > 0)
    assert.ok(status.results[0].performance.peakMemoryBytes > 0)
    assert.deepEqual(
      status.ineligible.map(({ name }: { readonly name: string }) => name),
      ['texts', 'absent', 'named'],
    )
    const said = JSON.stringify(status.ineligible)
    for (const words of ['input_ids', 'does not exist', 'malignant']) assert.ok(said.includes(words), words)
    assert.deepEqual((await readdir(join(dir, 'out'))).sort(), [
      'logistic',
      'report.html',
      'report.json',
      'report.md',
    ])
    // Node keeps compiled code of the programs in a folder of its own.
    const left = (await readdir(dir)).filter((name) => name !== 'node-compile-cache')
    assert.deepEqual(left.sort(), ['evaluation.yaml', 'out'])
    assert.equal(run.output.stderr, '')
  }))

test('a folder that cannot hold the report is refused before anything is measured', async () =>
  inFolder(async (dir) => {
    const file = await evaluationFile(dir, [tensor('logistic', logistic)])
    await using run = start(['evaluate', '--file', file, '--report', join(file, 'out')])
    assert.equal(await run.ended, 2)
    assert.match(run.output.stderr, /^the report cannot be written to .*out \(ENOTDIR\); .*\n$/)
  }))

const requestArgs = (request: Member, dir: string): readonly string[] => [
  'evaluate',
  `--request=${JSON.stringify(request)}`,
  `--models=${join(dir, 'models')}`,
  `--report=${join(dir, 'report')}`,
]

const request = (candidates: readonly Member[], more: Member = {}): Member => ({
  candidates,
  dataset: { source: `file://${heldOut}` },
  metric: 'accuracy',
  concurrencies: [1],
  ...more,
})

const reportIn = async (dir: string): Promise<EvaluationReport> => {
  const report: unknown = JSON.parse(await readFile(join(dir, 'report'), 'utf8'))
  assert.ok(isEvaluationReport(report))
  return report
}

test('a server that is killed and a model that no server can load are results of their candidates', async () =>
  inFolder(async (dir) => {
    await using model = await modelFolder({
      inputs: [{ name: 'x', datatype: 'FP32', shape: ['batch', 30] }],
      outputs: [{ name: 'y', datatype: 'FP32', shape: ['batch', 30] }],
      nodes: [{ op: 'NoSuchOperator', inputs: ['x'], outputs: ['y'] }],
    })
    const asked = request([
      { name: 'killed', task: 'tensor', source: `file://${logistic}` },
      { name: 'broken', task: 'tensor', folder: model.dir },
    ])
    await using run = start(requestArgs(asked, dir))
    process.kill(await serverOf(run), 'SIGKILL')
    assert.equal(await run.ended, 0, run.output.stderr)
    const report = await reportIn(dir)
    const [killed, broken] = report.outcome === 'measured' ? report.candidates : []
    assert.ok(killed && 'reason' in killed && broken && 'reason' in broken)
    assert.deepEqual([killed.reason, broken.reason], ['OutOfMemory', 'LoadFailed'])
    assert.match(killed.message, /SIGKILL.*more memory/)
    assert.match(broken.message, /NoSuchOperator/)
  }))

test('a data set with a broken line fails as a whole and names the line', async () =>
  inFolder(async (dir) => {
    const data = join(dir, 'data.jsonl')
    await writeFile(data, `${(await readFile(heldOut, 'utf8')).trimEnd()}\n{"inputs": [1, 2\n`)
    const asked = request([{ name: 'logistic', task: 'tensor', folder: logistic }], {
      dataset: { source: `file://${data}` },
    })
    await using run = start(requestArgs(asked, dir))
    assert.equal(await run.ended, 1)
    const report = await reportIn(dir)
    assert.ok(report.outcome === 'failed')
    assert.deepEqual([report.reason, report.retry], ['DatasetInvalid', 'never'])
    assert.match(report.message, /line 144/)
  }))

test('SIGTERM ends the servers, and the report says that the evaluation has to run again', async () =>
  inFolder(async (dir) => {
    const asked = request([{ name: 'logistic', task: 'tensor', source: `file://${logistic}` }])
    await using run = start(requestArgs(asked, dir))
    const server = await serverOf(run)
    run.process.kill('SIGTERM')
    assert.equal(await run.ended, 1)
    assert.ok(!(await isRunning(server)))
    const report = await reportIn(dir)
    assert.ok(report.outcome === 'failed')
    assert.deepEqual([report.reason, report.retry], ['EvaluationFailed', 'backoff'])
    assert.deepEqual(await readdir(join(dir, 'models')), [])
  }))

test('a second SIGTERM ends the program at once, with a server that hears nothing, and leaves no folder', async () =>
  inFolder(async (dir) => {
    const asked = request([{ name: 'logistic', task: 'tensor', source: `file://${logistic}` }])
    await using run = start(requestArgs(asked, dir))
    const server = await serverOf(run)
    try {
      process.kill(server, 'SIGSTOP')
      run.process.kill('SIGTERM')
      await once(run.process.stderr as NodeJS.ReadableStream, 'data', { signal: AbortSignal.timeout(30_000) })
      run.process.kill('SIGTERM')
      assert.equal(await run.ended, 1)
      assert.deepEqual(await readdir(join(dir, 'models')), [])
      await untilEnded(server)
    } finally {
      if (await isRunning(server)) process.kill(server, 'SIGKILL')
    }
  }))
