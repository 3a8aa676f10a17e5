import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readOptions } from './options.ts'
import { revisionOf } from './revision.ts'
import { withoutSecrets } from './source.ts'

const read = (args: string[], env: NodeJS.ProcessEnv = {}) => {
  const options = readOptions(['--source', 'https://store/m.onnx', ...args], env)
  assert.ok(options)
  return options
}

test('what the operator gives arrives', () => {
  const args = ['--source-name', 'pvc://claim/m', '--models', '/models', '--task', 'image-classification']
  const options = read([
    ...args,
    '--revision',
    'abc',
    '--history-limit',
    '5',
    '--keep',
    'v_1,v_2',
    '--report',
    '/r',
  ])
  assert.deepEqual(
    [
      options.shownAs,
      options.volume,
      options.task,
      options.revision,
      options.historyLimit,
      options.keep,
      options.report,
    ],
    ['pvc://claim/m', '/models', 'image-classification', 'abc', 5, ['v_1', 'v_2'], '/r'],
  )
})

test('the revision is that of the operator: sha256 over canonical JSON of what is given', () => {
  const uri = 'https://store/m.onnx'
  // echo -n '{"label":"a","uri":"https://store/m.onnx"}' | sha256sum
  assert.equal(revisionOf({ uri, label: 'a' }), '579dc867e3e7f1f0')
  assert.equal(read(['--label', 'a']).revision, revisionOf({ uri, label: 'a' }))
  assert.notEqual(read([]).revision, read(['--label', 'a']).revision)
  assert.notEqual(read([]).revision, read(['--file', 'a.onnx']).revision)
})

test('a source on a mounted volume may not leave it', () => {
  const boundary = (source: string) => readOptions(['--source', source], {})?.boundary
  assert.equal(boundary('file:///source/models/a'), '/source')
  assert.equal(boundary('file:///source/'), '/source')
  assert.equal(boundary('file:///sources/a'), undefined)
  assert.equal(boundary('relative/path'), undefined)
})

test('credentials come from the environment', () => {
  assert.deepEqual(read([], { GANTRY_SOURCE_token: 't\n' }).credentials, { kind: 'bearer', token: 't' })
  assert.deepEqual(read([], { GANTRY_SOURCE_username: 'u', GANTRY_SOURCE_password: 'p' }).credentials, {
    kind: 'basic',
    username: 'u',
    password: 'p',
  })
  assert.equal(read([]).credentials, undefined)
})

test('an address is shown without what gives a right to it', () => {
  assert.equal(withoutSecrets('https://ann:pass@store/m?v=1'), 'https://store/m?v=1')
  assert.equal(
    withoutSecrets('https://s3/b/m?X-Amz-Signature=abc&X-Amz-Credential=me&v=1'),
    'https://s3/b/m?X-Amz-Signature=hidden&X-Amz-Credential=hidden&v=1',
  )
  assert.equal(withoutSecrets('file:///a b'), 'file:///a b')
})
