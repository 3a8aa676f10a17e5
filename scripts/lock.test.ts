import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readLock, withoutIntegrity } from './lock.ts'

const hash = `sha512-${'A'.repeat(86)}==`

test('every package of the lock file says what its archive must hash to', () => {
  const lock = readLock()
  assert.ok(Object.keys(lock.packages).length > 300)
  assert.deepEqual(withoutIntegrity(lock), [])
})

test('a package without integrity, or with a weak one, is named by its path', () => {
  const packages = {
    '': {},
    operator: {},
    'node_modules/@gantry/operator': { link: true },
    'node_modules/good': { integrity: hash },
    'node_modules/good/node_modules/none': {},
    'node_modules/sha1': { integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' },
  }
  assert.deepEqual(withoutIntegrity({ packages }), [
    'node_modules/good/node_modules/none',
    'node_modules/sha1',
  ])
})
