/** Metrics of pods, which may answer anything. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { samplesOf } from './metrics-text.ts'

test('a sample is a line of its own, and what is none costs no more than its length', () => {
  const read = (text: string) => [...samplesOf(text)].map(({ name, value }) => [name, value])
  assert.deepEqual(read('a{\nb="c"} 1\nd 2\n'), [['d', 2]])
  assert.deepEqual(read('a{\n'.repeat(170_000)), [])
  assert.deepEqual(read('a{"'.repeat(170_000)), [])
})
