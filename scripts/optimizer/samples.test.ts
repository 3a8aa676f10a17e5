import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { isOptimizationReport } from '../../contract/documents.ts'
import { makeSamples } from './samples.ts'

const folder = mkdtempSync(join(tmpdir(), 'gantry-optimize-test-'))
after(() => rmSync(folder, { recursive: true }))
const model = join(import.meta.dirname, '../../examples/customer-service/model')
const failure = join(folder, 'failure.json')

const made = (lines: string | undefined, task = 'text-classification') => {
  const dataset = join(folder, 'samples.jsonl')
  rmSync(dataset, { force: true })
  rmSync(failure, { force: true })
  if (lines !== undefined) writeFileSync(dataset, lines)
  const request = { folder: model, task, metric: 'accuracy', dataset: { source: `file://${dataset}` } }
  return makeSamples(request, folder, [failure, undefined])
}

test('why no samples could be made of a data set is written for programs, as a failure of the optimizer', async () => {
  assert.equal(await made('{"words": "nothing that a sample has"}\n'), 1)
  const report: unknown = JSON.parse(readFileSync(failure, 'utf8'))
  assert.ok(isOptimizationReport(report))
  assert.ok(report.outcome === 'failed' && report.reason === 'CalibrationInvalid')
  assert.match(report.message, /line 1/)
})

test('a data set that is not there is told, too, and a wrong task is a wrong command line', async () => {
  assert.equal(await made(undefined), 1)
  const report: unknown = JSON.parse(readFileSync(failure, 'utf8'))
  assert.ok(isOptimizationReport(report) && report.outcome === 'failed')
  assert.match(report.message, /samples\.jsonl/)
  assert.equal(await made('{}', 'no-task'), 2)
  assert.equal(existsSync(failure), false)
})
