import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { needsOptimizer } from './evaluate.ts'

const example = join(import.meta.dirname, '../examples/breast-cancer')

test('the optimizer is installed for files with recipes only', () => {
  const spec = (text: string): string => `spec: {candidates: [{name: a}], ${text}}`
  assert.equal(needsOptimizer(spec('variants: {optimize: [{}, {quantize: int4}]}')), true)
  assert.equal(needsOptimizer('spec: {candidates: [{optimize: {graph: all}}]}'), true)
  for (const without of [spec('variants: {optimize: [{}], threads: [1]}'), spec('variants: {optimize: 3}')])
    assert.equal(needsOptimizer(without), false)
  for (const broken of ['', 'spec', ': [', 'spec: {candidates: [3, null]}'])
    assert.equal(needsOptimizer(broken), false)
})

const evaluation = {
  ...{ apiVersion: 'gantry.dev/v1alpha1', kind: 'ModelEvaluation', metadata: { name: 'search' } },
  spec: {
    candidates: ['network', 'tree'].map((name) => ({
      ...{ name, task: 'tensor', labels: ['malignant', 'benign'] },
      source: { uri: join(example, `candidates/${name}.onnx`) },
      optimize: { prune: { method: 'structured', ratio: 0.5 } },
    })),
    dataset: { uri: join(example, 'data/heldout.jsonl') },
    ...{ concurrencies: [1], timeBudget: '15s' },
    objective: { minimize: 'size' },
  },
}

test('a recipe is made once and measured, and a candidate that the optimizer refuses has its reason', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gantry-evaluate-'))
  try {
    const file = join(folder, 'evaluation.json')
    writeFileSync(file, JSON.stringify(evaluation))
    const run = () => {
      const args = ['--file', file, '--work', join(folder, 'work'), '--output', 'json']
      const { stdout, stderr, status } = spawnSync(
        process.execPath,
        [join(import.meta.dirname, 'evaluate.ts'), ...args],
        { encoding: 'utf8' },
      )
      assert.equal(status, 0, stderr)
      return JSON.parse(stdout).status
    }
    const status = run()
    const [network, ...others] = status.results
    assert.deepEqual([network.name, others.length], ['network', 0])
    assert.ok(network.sizeBytes < statSync(join(example, 'candidates/network.onnx')).size)
    assert.deepEqual(
      status.ineligible.map(({ name }: { name: string }) => name),
      ['tree'],
    )
    assert.match(status.ineligible[0].reasons[0], /^NothingToOptimize: /)
    assert.match(status.chosen.reason, /^network is chosen for its size among 1: size of \d/)
    const [made = '', ...more] = readdirSync(join(folder, 'work/optimized'))
    // Who serves the winner looks for its folder.
    assert.match(made, /^network\.structured-0\.5\.[0-9a-f]{16}$/)
    assert.deepEqual(more, [])
    assert.deepEqual(run(), status) // the same figures: nothing was measured again
  } finally {
    rmSync(folder, { recursive: true })
  }
})
