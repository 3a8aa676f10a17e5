import assert from 'node:assert/strict'
import { test } from 'node:test'
import { functionsOf } from './own-lines.ts'

test('the lines of a function within another one count for itself alone', () => {
  const source = `export const outer = () => {
  const inner = () => {
    first()
    second()
  }
  return list.map((one) => one + 1)
}
`
  assert.deepEqual(functionsOf('a.ts', source), [
    { line: 1, ownLines: 3 },
    { line: 2, ownLines: 4 },
    { line: 6, ownLines: 1 },
  ])
})
