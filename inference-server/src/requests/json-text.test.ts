import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { jsonText } from './json-text.ts'

describe('JSON of an answer', () => {
  test('is what JSON.stringify writes where there are no Maps', () => {
    for (const value of [
      null,
      true,
      1.5,
      Number.NaN,
      'a "b" \u2028',
      [],
      [1, null, [2, 'x'], { a: [] }],
      {},
      { a: 1, b: undefined, c: { d: null, 'e"': [[{}]] }, 10: 'ten', 2: 'two' },
      Object.fromEntries([['__proto__', 1]]),
    ])
      assert.equal(jsonText(value), JSON.stringify(value))
  })

  test('keeps the members of Maps in their order, for all names', () => {
    const map = new Map<string, unknown>([
      ['10', 0.5],
      ['b', [new Map([['2', new Map()]])]],
      ['2', { deep: new Map([['__proto__', null]]) }],
      ['__proto__', 'own'],
    ])
    assert.equal(jsonText(map), '{"10":0.5,"b":[{"2":{}}],"2":{"deep":{"__proto__":null}},"__proto__":"own"}')
  })
})
