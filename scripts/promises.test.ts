import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { hasTest, promises } from './promises.ts'

const root = join(import.meta.dirname, '..')

test('every promise of docs/security.md is held by a test that exists', () => {
  const page = readFileSync(join(root, 'docs/security.md'), 'utf8')
  const all = promises(page)
  const rows = page.slice(page.indexOf('## Promises')).match(/^\| (?!promise \||---)/gm) ?? []
  assert.ok(all.length > 10)
  assert.equal(all.length, rows.length, 'every row of the table of promises names a file and a test')
  const missing = all.filter(({ file, test: name }) => {
    const path = join(root, file)
    return !existsSync(path) || !hasTest(readFileSync(path, 'utf8'), name)
  })
  assert.deepEqual(missing, [])
})

test('a promise whose test was renamed, skipped or is only spoken of is found', () => {
  const [promised] = promises('| It holds | [a/b.test.ts](../a/b.test.ts): the bucket’s \\| name |')
  assert.deepEqual(promised, { promise: 'It holds', file: 'a/b.test.ts', test: 'the bucket’s | name' })
  assert.ok(hasTest(`test('it holds', () => {})`, 'it holds'))
  assert.ok(hasTest(`it(\n    \`it holds \${what}\`, async () => {})`, 'it holds '))
  assert.ok(hasTest(`test('it doesn\\'t', () => {})`, "it doesn't"))
  assert.ok(!hasTest(`test('it holds more', () => {})`, 'it holds'))
  assert.ok(!hasTest(`test.skip('it holds', () => {})`, 'it holds'))
  assert.ok(!hasTest(`// it holds`, 'it holds'))
})
