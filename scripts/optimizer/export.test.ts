import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { optimizerFolder } from './environment.ts'
import { exporterOf, sampledOptions } from './export.ts'
import { withoutCuda } from './without-cuda.ts'

test('an export installs the packages that its model needs, and those of PyTorch only for a model of PyTorch', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gantry-folder-'))
  writeFileSync(join(folder, 'config.json'), '{}')
  const kindOf = (path: string) => exporterOf(['--output', 'o', '--export', path])
  assert.equal(kindOf('a/model.skops'), 'trees')
  assert.equal(kindOf('a/model.pt2'), 'torch')
  assert.equal(exporterOf(['--export=a/model.safetensors']), 'torch')
  assert.equal(kindOf(folder), 'torch')
  assert.equal(kindOf('a/model.pkl'), 'run')
  rmSync(folder, { recursive: true })
})

test('without CUDA the lock keeps all other packages with their digests, and names the version of PyTorch', () => {
  const lock = readFileSync(join(optimizerFolder, 'requirements-torch.lock'), 'utf8')
  const { lock: small, torch } = withoutCuda(lock)
  assert.match(torch, /^torch==\d+\.\d+\.\d+$/)
  assert.doesNotMatch(small, /^(torch|triton|nvidia-|cuda-)/m)
  for (const kept of ['transformers', 'onnxscript', 'sympy', 'tokenizers', 'onnxruntime'])
    assert.match(small, new RegExp(`^${kept}==.*\\n {4}--hash=sha256:`, 'm'))
})

test('the image that trains has the versions that are tested, and no package beside those of PyTorch', () => {
  const versionsIn = (name: string): readonly string[] =>
    readFileSync(join(optimizerFolder, `requirements${name}.lock`), 'utf8').match(/^[\w-]+==[^\s;]+/gm) ?? []
  const [run, trainer, tested] = [versionsIn(''), versionsIn('-trainer'), versionsIn('-torch')]
  assert.deepEqual(
    trainer.filter((one) => !tested.includes(one)),
    [],
  )
  assert.deepEqual(
    run.filter((one) => !trainer.includes(one)),
    [],
  )
  assert.doesNotMatch(trainer.join(' '), /transformers|onnxscript|pytest/)
})

test('a model whose samples are texts is exported once, and the server makes tensors for its graph', () => {
  const args = [
    '--export',
    'm',
    '--output=o',
    '--task',
    'text-classification',
    '--dataset',
    't.jsonl',
    '--replace',
  ]
  const [model, name, output, replaces, shown, ...words] = sampledOptions(args, 't.jsonl', '/f/samples.json')
  assert.deepEqual(
    [model, name, output, replaces, shown],
    ['--export', 'm', '--output=o', '--replace', '--dataset-name=t.jsonl'],
  )
  assert.match(
    words.join(' '),
    /^--sampler=\S*node --sampler=\S+ --sampler=\S+\/sampling\.ts --sampler=\/f\/samples\.json$/,
  )
})
