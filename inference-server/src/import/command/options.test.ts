import assert from 'node:assert/strict'
import { test } from 'node:test'
import { failing } from '../../testing/imports.ts'
import { revisionOf } from '../revision.ts'
import { parseSource } from '../sources/source.ts'
import { readOptions } from './options.ts'

const imports = (args: string[], env: NodeJS.ProcessEnv = {}) => {
  const options = readOptions(args, env)
  assert.ok(options?.kind === 'import')
  return options
}
const read = (args: string[], env: NodeJS.ProcessEnv = {}) =>
  imports(['--source', 'https://store/m.onnx', ...args], env)

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
  const boundary = (source: string) => imports(['--source', source]).boundary
  assert.equal(boundary('file:///source/models/a'), '/source')
  assert.equal(boundary('file:///source/'), '/source')
  assert.equal(boundary('file:///sources/a'), undefined)
  assert.equal(boundary('relative/path'), undefined)
})

test('credentials and their hosts come from the environment', () => {
  const env = { GANTRY_SOURCE_token: 't', GANTRY_SOURCE_hosts: 'store' }
  assert.deepEqual(read([], env).secret, { credentials: { kind: 'bearer', token: 't' }, hosts: ['store'] })
  assert.equal(read([]).secret, undefined)
})

test('credentials travel over http only where the command line says so', () => {
  assert.equal(read([]).allowHttpCredentials, false)
  assert.equal(read(['--allow-http-credentials']).allowHttpCredentials, true)
})

test('name and value may be one argument, as the operator gives them', () => {
  const options = imports(['--source=https://store/m.onnx', '--file=--strict.onnx', '--label=a=b'])
  assert.deepEqual(
    [options.source, options.file, options.label, options.strict],
    ['https://store/m.onnx', '--strict.onnx', 'a=b', false],
  )
})

const signed = 'https://ann:hunter2@store/m.onnx?X-Amz-Signature=hunter2#hunter2'

test('an address is shown without query, fragment, user and password, and its revision is that of all of it', () => {
  const { shownAs, revision } = imports(['--source', signed])
  assert.equal(shownAs, 'https://store/m.onnx')
  assert.equal(revision, revisionOf({ uri: signed }))
  assert.equal(read(['--source-name', signed]).shownAs, 'https://store/m.onnx')
})

for (const args of [
  [signed],
  ['--source', 'https://store/m', signed],
  ['--source', signed, '--nonsense'],
  ['--source', signed, '--task', 'nonsense'],
])
  test(`a command line that is wrong is told without it: ${args.length} arguments`, () => {
    assert.throws(
      () => readOptions(args, {}),
      ({ message }: Error) => !/hunter2/.test(message) && /see import --help/.test(message),
    )
  })

for (const source of [
  signed.replace('https', 'ftp'),
  signed.replace('https', 's3'),
  signed.replace('store', 'st ore'),
  signed.replace('https://', 'https:/'),
  signed.replace('https://', 'https:///'),
  signed.replace('https://', 'https:'),
  signed.replace('https', 'file'),
  `https://[hunter2]/?hunter2`,
])
  test(`a source that cannot be read is told without what may be secret: ${source}`, () => {
    assert.throws(
      () => parseSource(source),
      (error: Error) => failing('SourceUnsupported', /./)(error) && !/hunter2/.test(error.message),
    )
    assert.doesNotMatch(readOptions(['--source', source], {})?.shownAs ?? '', /hunter2/)
  })

test('an import connects to no address of its own machine unless it is told to, and may be kept from private networks', () => {
  assert.deepEqual(read([]).addresses, { allowLoopback: false, allowPrivate: true })
  assert.deepEqual(read(['--allow-loopback']).addresses, { allowLoopback: true, allowPrivate: true })
  assert.equal(read(['--refuse-private-addresses']).addresses.allowPrivate, false)
})

test('the most that a source may unpack to is a whole number of bytes', () => {
  assert.equal(read(['--max-bytes', '10737418240']).maxBytes, 10_737_418_240)
  assert.equal(read([]).maxBytes, undefined)
  for (const value of ['0', '-1', '1.5', '10Gi', ''])
    assert.throws(() => read([`--max-bytes=${value}`]), /--max-bytes/)
})

test('a key that the source has to be signed with comes as PEM, as a file, or as a Secret in the environment, and is never left out', () => {
  const pem = '-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----\n'
  assert.equal(read([]).publicKey, undefined)
  assert.equal(read([`--public-key=${pem}`]).publicKey, pem)
  assert.equal(read([], { GANTRY_SOURCE_publicKey: pem }).publicKey, pem)
  // A Secret whose key is empty asks for a signature, too, which nothing fulfils.
  assert.equal(read([], { GANTRY_SOURCE_publicKey: '' }).publicKey, '')
  assert.equal(read([`--public-key=${import.meta.filename}`]).publicKey?.slice(0, 13), 'import assert')
  assert.throws(() => read(['--public-key', '/gone.pem']), /--public-key \/gone\.pem cannot be read/)
})

test('who asks for a version is read as the operator writes it', () => {
  const requester = { uid: '1-2', generation: 3, namespace: 'demo', name: 'intents' }
  assert.deepEqual(read([`--requested-by=${JSON.stringify(requester)}`]).requestedBy, requester)
  assert.throws(() => read(['--requested-by', '{"uid":"1"}']), /--requested-by is no JSON with uid/)
})
