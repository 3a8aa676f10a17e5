import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { load } from 'js-yaml'
import { defaultMaxAccuracyDrop } from '../contract/optimizing.ts'
import { judgeRequestOf, optimizerArguments, samplesRequestOf, usage } from './optimize.ts'
import { evaluationOf } from './optimizer/judge.ts'
import { nextStep, unknownWord } from './optimizer/next-step.ts'

const script = join(import.meta.dirname, 'optimize.ts')
const node = (...args: readonly string[]) =>
  spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' })

test('optimize passes its options on, with whole paths, since the optimizer runs in another folder', () => {
  const values = { model: 'a', output: 'b', prune: 'structured:0.4', 'prune-heads': true, task: 'tensor' }
  assert.deepEqual(optimizerArguments({ ...values, dataset: 'x' }, 'samples.safetensors'), [
    ...['--model', resolve('a'), '--output', resolve('b'), '--dataset', resolve('samples.safetensors')],
    ...['--prune', 'structured:0.4', '--prune-heads'],
  ])
})

/** The operator judges by what it measures itself; from a checkout, the numbers of `evaluate` decide. */
const programsOwn = ['--dataset-name', '--judge-later', '--judge', '--check-only']

test('every option of the optimizer is an option of optimize, but for those between programs', () => {
  const command = readFileSync(join(import.meta.dirname, '../optimizer/gantry_optimizer/options.py'), 'utf8')
  const options = [...command.matchAll(/add_argument\(\s*"(--[a-z-]+)"/g)].map(([, name = '']) => name)
  assert.ok(options.length > 8)
  assert.deepEqual(
    options.filter((name) => !usage.includes(name)),
    programsOwn,
  )
})

/** The defaults of all fields `maxAccuracyDrop`. */
const defaultsOf = (node: unknown): readonly unknown[] =>
  typeof node !== 'object' || node === null
    ? []
    : Object.entries(node).flatMap(([name, value]) =>
        name === 'maxAccuracyDrop' && value.default !== undefined ? [value.default] : defaultsOf(value),
      )

test('a resource, and an object from before the CRD had a default, may lose as much as a model from a checkout', () => {
  const crd = load(readFileSync(join(import.meta.dirname, '../crds/modeldeployments.yaml'), 'utf8'))
  assert.equal(defaultsOf(crd)[0], defaultMaxAccuracyDrop)
  assert.equal(judgeRequestOf({ model: 'a', output: 'b' }).maxAccuracyDrop, defaultMaxAccuracyDrop)
})

test('the options of an export are in the same help', () => {
  const command = readFileSync(
    join(import.meta.dirname, '../optimizer/gantry_optimizer/export/command.py'),
    'utf8',
  )
  const options = [...command.matchAll(/add_argument\(\s*"(--[a-z-]+)"/g)].map(([, name = '']) => name)
  assert.ok(options.length > 5)
  assert.deepEqual(
    options.filter((name) => !usage.includes(name) && !['--dataset-name', '--sampler'].includes(name)),
    [],
  )
})

test('optimize says what is missing before it installs anything', () => {
  assert.match(node('--model', 'a').stderr, /--output is missing/)
  assert.match(node('--model', 'a', '--output', 'b', '--task', 'tensor').stderr, /--task needs --dataset/)
  assert.match(
    node('--model', 'a', '--output', 'b', '--distill', 'layers').stderr,
    /--distill needs --dataset/,
  )
  assert.match(node('--modle', 'a').stderr, /Unknown option '--modle'/)
  assert.equal(node('--model', 'a').status, 2)
  assert.equal(execFileSync(process.execPath, [script, '--help'], { encoding: 'utf8' }), usage)
})

test('what the optimizer has seen does not judge the model that is served', () => {
  const values = { model: 'a', output: 'b', dataset: 'd.jsonl', task: 'tensor', file: 'onnx/x.onnx' }
  const { dataset: seen, file } = samplesRequestOf(values)
  const { dataset: judging, candidates } = evaluationOf(judgeRequestOf(values), '/new').spec
  assert.deepEqual([seen.source, seen.split.share], [judging.uri, judging.split.share])
  assert.deepEqual([seen.split.part, judging.split.part], ['rest', 'held-out'])
  assert.deepEqual([file, ...candidates.map(({ source }) => source.file)], Array(3).fill('onnx/x.onnx'))
})

test('a run that is done says how the new folder is served, in words that a shell reads as they are', () => {
  assert.match(nextStep('/tmp/smaller', 'tensor'), /serve -- --model \/tmp\/smaller --task tensor$/)
  assert.match(
    nextStep('/tmp/smaller'),
    /--model \/tmp\/smaller, with the --task of the model where it takes/,
  )
  for (const folder of ['/tmp/有 空格/模型', "/tmp/it's;$(date)", '/tmp/模型']) {
    const command = nextStep(folder, 'tensor').split('npm run serve -- ')[1]
    const words = execFileSync('sh', ['-c', `printf '%s\\n' ${command}`], { encoding: 'utf8' })
    assert.deepEqual(words.trim().split('\n'), ['--model', folder, '--task', 'tensor'])
  }
})

test('a task or a metric that does not exist is refused with those that do', () => {
  const some = ['--model', 'a', '--output', 'b', '--dataset', 'd.jsonl']
  const task = node(...some, '--task', 'text-clasification')
  assert.match(task.stderr, /^--task text-clasification is none of tensor, text-classification, .*--help$/m)
  assert.equal(task.status, 2)
  assert.equal(
    unknownWord('metric', 'acuracy', ['accuracy', 'f1']),
    '--metric acuracy is none of accuracy, f1',
  )
  const exported = node('--export', 'a.pt2', '--output', 'b', '--dataset', 'd.jsonl', '--task', 'texts')
  assert.match(exported.stderr, /^--task texts is none of tensor, /)
  assert.equal(exported.status, 2)
})
