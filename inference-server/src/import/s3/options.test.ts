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
