import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Exception } from './exceptions.ts'
import { complaints, type ScoredObject } from './findings.ts'

const object = (
  grade: number,
  { skipped = false, comments = [{ path: 'server', summary: 'CPU limit is not set' }] } = {},
): ScoredObject => ({
  object_name: 'Deployment/apps/v1/models/intents',
  checks: [{ check: { id: 'container-resources' }, grade, skipped, comments }],
})
const exception: Exception = {
  check: 'container-resources',
  of: /^Deployment\/.* \(server\)$/,
  says: /^CPU limit/,
  reason: 'a test',
}

test('a critical finding and a warning are complaints, and everything better is none', () => {
  for (const grade of [1, 5])
    assert.deepEqual(complaints([object(grade)], []), [
      'Deployment/apps/v1/models/intents (server): container-resources: CPU limit is not set',
    ])
  for (const grade of [7, 10]) assert.deepEqual(complaints([object(grade)], []), [])
  assert.deepEqual(complaints([object(1, { skipped: true })], []), [])
})

test('a check that fails without a word is a complaint', () => {
  assert.equal(complaints([object(1, { comments: [] })], []).length, 1)
})

test('an exception is for its check, its container and its words only', () => {
  assert.deepEqual(complaints([object(1)], [exception]), [])
  const others = [
    { ...exception, check: 'container-image-tag' },
    { ...exception, of: /\(import\)$/ },
    { ...exception, says: /^Memory limit/ },
  ]
  for (const other of others) assert.equal(complaints([object(1)], [other]).length, 2)
})

test('an exception that nothing needs is a complaint', () => {
  assert.match(complaints([object(10)], [exception])[0] ?? '', /is not needed: remove it/)
})
