import assert from 'node:assert/strict'
import { test } from 'node:test'
import { failing } from '../../testing/imports.ts'
import { parseS3 } from './s3-address.ts'
import { parseSource } from './source.ts'

test('an address names a bucket and a key, which is taken as it is written', () => {
  for (const [text, bucket, key] of [
    ['s3://models', 'models', ''],
    ['s3://models/', 'models', ''],
    ['S3://my.models-1/a/b.onnx', 'my.models-1', 'a/b.onnx'],
    ['s3://models/a%20b/ü?x=1#y@z', 'models', 'a%20b/ü?x=1#y@z'],
    ['s3://models//a//b/', 'models', '/a//b/'],
  ] as const)
    assert.deepEqual(parseSource(text), { kind: 's3', address: { bucket, key } }, text)
})

test('an address without a bucket is refused, and so are credentials and dots in it', () => {
  for (const text of [
    's3://',
    's3:///a',
    's3://a/b',
    's3://MODELS/a',
    's3://models_1/a',
    's3://id:secret@models/a',
  ])
    assert.throws(
      () => parseS3(text),
      (error: Error) => {
        assert.doesNotMatch(error.message, /secret@|id:/)
        return failing('SourceUnsupported', /names no bucket; write s3:\/\/BUCKET\/KEY/)(error)
      },
      text,
    )
  for (const text of ['s3://models/../a', 's3://models/a/./b', 's3://models/a/..'])
    assert.throws(() => parseS3(text), failing('UnsafePath', /a part \. or \.\. in its key/), text)
})
