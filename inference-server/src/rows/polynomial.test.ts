import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { seededRandom } from '../testing/random.ts'
import { type Coefficient, coefficientOf, floor, over, plus, textOf, times, truncate } from './coefficient.ts'
import { createNumbers } from './numbers.ts'
import {
  constantPolynomial,
  difference,
  exactQuotient,
  type Polynomial,
  perRow,
  product,
  rowCount,
  same,
  sum,
  symbolPolynomial,
  zero,
} from './polynomial.ts'

const random = seededRandom(1)
const below = (limit: number): number => Math.floor(random() * limit)

/** Up to four terms of up to three symbols, with coefficients of many sizes. */
const anyPolynomial = (): Polynomial =>
  Array.from({ length: below(5) }, () => {
    const coefficient = constantPolynomial(
      over(coefficientOf(below(2) ? below(9) - 4 : (random() - 0.5) * 2 ** 60), below(4) + 1),
    )
    return Array.from({ length: below(4) }, () => symbolPolynomial(below(4))).reduce(product, coefficient)
  }).reduce(sum, zero)

/** The value where symbol 0 is 2, symbol 1 is 3, symbol 2 is 5 and symbol 3 is 7. */
const evaluated = ({ terms }: Polynomial): Coefficient =>
  terms.reduce<Coefficient>(
    (total, { symbols, coefficient }) =>
      plus(
        total,
        symbols.reduce((value, symbol) => times(value, [2, 3, 5, 7][symbol] ?? 0), coefficient),
      ),
    0,
  )

describe('a polynomial', () => {
  test('adds, subtracts and multiplies as its values do', () => {
    for (let round = 0; round < 500; round++) {
      const [a, b] = [anyPolynomial(), anyPolynomial()]
      assert.equal(textOf(evaluated(sum(a, b))), textOf(plus(evaluated(a), evaluated(b))))
      assert.equal(textOf(evaluated(difference(a, b))), textOf(plus(evaluated(a), times(evaluated(b), -1))))
      assert.equal(textOf(evaluated(product(a, b))), textOf(times(evaluated(a), evaluated(b))))
    }
  })

  test('has one form, in whichever order it was made', () => {
    for (let round = 0; round < 500; round++) {
      const [a, b, c] = [anyPolynomial(), anyPolynomial(), anyPolynomial()]
      assert.equal(product(a, sum(b, c)).key, sum(product(c, a), product(b, a)).key)
    }
  })

  test('divides by each of its factors', () => {
    for (let round = 0; round < 500; round++) {
      const [a, b] = [anyPolynomial(), anyPolynomial()]
      if (b.terms.length === 0) continue
      const quotient = exactQuotient(product(a, b), b)
      assert.ok(quotient && same(quotient, a))
    }
  })

  test('is not divided where a rest would be left', () => {
    const [x, y] = [symbolPolynomial(1), symbolPolynomial(2)]
    const one = constantPolynomial(1)
    assert.equal(exactQuotient(sum(product(x, x), one), sum(x, y)), undefined)
    assert.equal(exactQuotient(x, y), undefined)
    assert.equal(exactQuotient(x, zero), undefined)
  })

  test('says how much there is for each row where it is linear in the rows', () => {
    const x = symbolPolynomial(1)
    const entries = perRow(sum(product(rowCount, x), rowCount))
    assert.ok(entries && same(entries, sum(x, constantPolynomial(1))))
    assert.equal(perRow(product(rowCount, rowCount)), undefined)
    assert.equal(perRow(sum(rowCount, x)), undefined)
    assert.equal(perRow(zero), undefined)
  })
})

describe('a coefficient', () => {
  test('is exact beyond what a double holds', () => {
    const large = coefficientOf(2n ** 63n - 1n)
    assert.equal(textOf(plus(large, 1)), `${2n ** 63n}`)
    assert.equal(textOf(times(large, large)), `${(2n ** 63n - 1n) ** 2n}`)
    assert.equal(over(times(large, 6), large), 6)
    assert.equal(textOf(times(3, over(1, 3))), '1')
    assert.equal(textOf(coefficientOf(Math.fround(0.1))), '13421773/134217728')
  })

  test('rounds toward zero and down', () => {
    assert.deepEqual([truncate(over(-7, 2)), floor(over(-7, 2)), floor(over(7, 2))], [-3, -4, 3])
  })

  test('does not grow without end', () => {
    assert.throws(() => {
      let value: Coefficient = 2 ** 40
      for (let step = 0; step < 40; step++) value = times(value, value)
    }, RangeError)
  })
})

describe('the numbers of a graph', () => {
  test('give the same name to the same unknown number, and none to one that depends on the rows', () => {
    const numbers = createNumbers()
    const [a, b] = [numbers.named('a'), numbers.named('b')]
    assert.equal(numbers.divide(a, b)?.key, numbers.divide(a, b)?.key)
    assert.notEqual(numbers.divide(a, b)?.key, numbers.divide(b, a)?.key)
    assert.equal(numbers.divide(rowCount, constantPolynomial(2)), null)
  })

  test('never take names of a file for each other or for names of their own', () => {
    const numbers = createNumbers()
    const names = ['a.b', 'a_b', 'N', '~0001', 'div(1,2)'].map((name) => numbers.named(name).key)
    assert.equal(new Set([...names, rowCount.key, numbers.fresh().key]).size, names.length + 2)
  })

  test('are compared where their signs decide for all lengths', () => {
    const numbers = createNumbers()
    const a = numbers.named('a')
    const two = constantPolynomial(2)
    assert.equal(numbers.compare(sum(a, two), two, 'le')?.constant, 0)
    assert.equal(numbers.compare(a, sum(a, two), 'lt')?.constant, 1)
    assert.equal(numbers.compare(rowCount, constantPolynomial(1), 'eq'), null)
    assert.equal(numbers.compare(a, two, 'eq')?.constant, undefined)
  })
})
