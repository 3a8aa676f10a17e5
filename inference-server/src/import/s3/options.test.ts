import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StartError } from '../../failures/errors.ts'
import { readOptions } from '../command/options.ts'

const read = (...more: readonly string[]) => {
  const options = readOptions(['--source', 's3://models/a', ...more], {})
  return options?.kind === 'import' ? options : assert.fail('it is no import')
}

test('where the bucket is comes from the command line, and another store is another revision', () => {
  const { s3, secret } = read('--s3-endpoint=http://minio:9000', '--s3-region=eu', '--s3-path-style=false')
  assert.deepEqual([s3?.endpoint?.href, s3?.region, s3?.pathStyle], ['http://minio:9000/', 'eu', false])
  assert.equal(secret, undefined)
  assert.equal(read('--source-secret').hasSecret, true)
  assert.notEqual(read('--s3-endpoint=http://minio:9000').revision, read().revision)
})

test('the endpoint of the AWS command line is as good as the option, and means nothing to other sources', () => {
  const within = (source: string, ...more: readonly string[]) => {
    const AWS_ENDPOINT_URL = 'http://localhost:9000'
    const options = readOptions(['--source', source, ...more], { AWS_ENDPOINT_URL })
    return options?.kind === 'import' ? options : assert.fail('it is no import')
  }
  const { s3, revision } = within('s3://models/a')
  const named = read('--s3-endpoint=http://localhost:9000')
  assert.deepEqual([s3, revision], [named.s3, named.revision])
  assert.equal(within('s3://models/a', '--s3-endpoint=http://minio:9000').s3?.endpoint?.host, 'minio:9000')
  assert.equal(within('https://models.example/a.onnx').s3?.endpoint, undefined)
})

test('an endpoint that is more than a host is refused, without what may be a password', () => {
  for (const address of [
    'minio:9000',
    'ftp://minio',
    'http://minio/console',
    'http://id:key@minio',
    'http://minio/?x=key',
  ])
    assert.throws(
      () => read(`--s3-endpoint=${address}`),
      (error: Error) => {
        assert.ok(
          error instanceof StartError && /^--s3-endpoint .* is no address of a host/.test(error.message),
          error.message,
        )
        return !error.message.includes('key')
      },
      address,
    )
})
