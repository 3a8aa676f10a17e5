import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'

const main = join(import.meta.dirname, 'main.ts')

test('a start without a usable configuration ends with one message that names every key', () => {
  const { PATH } = process.env
  const { status, stdout, stderr } = spawnSync(process.execPath, [main], {
    env: { PATH, WORKERS: 'many' },
    encoding: 'utf8',
  })
  assert.equal(status, 1)
  assert.equal(stdout, '')
  for (const key of ['SERVER_IMAGE', 'OPTIMIZER_IMAGE', 'POD_NAMESPACE', 'WORKERS'])
    assert.match(stderr, new RegExp(`- ${key} `))
  assert.doesNotMatch(stderr, /\n {4}at /, 'a mistake of the user needs no stack')
})
