/** Same answers are what the optimizer calls so: golden/agreement.json is made by its code, and a test of the optimizer holds it to the same file. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { toHalf } from '../tensors/half.ts'
import { allocate, type NamedTensors, type NumericDatatype } from '../tensors/tensor.ts'
import { createComparison } from './comparison.ts'

interface Given {
  readonly dtype: NumericDatatype
  readonly shape: readonly number[]
  readonly data: readonly (number | string)[]
}
type GivenTensors = Readonly<Record<string, Given>>
interface Case {
  readonly answering: string | null
  readonly runs: readonly Readonly<Record<'inputs' | 'before' | 'after', GivenTensors>>[]
  readonly sameAnswers: number
  readonly largestDifference: number
  readonly meanDifference: number
}

const path = new URL('../../golden/agreement.json', import.meta.url)
const cases = JSON.parse(readFileSync(path, 'utf8')) as Readonly<Record<string, Case>>

const words: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
}
const numberOf = (value: number | string): number =>
  typeof value === 'number' ? value : (words[value] as number)
const stored = (dtype: NumericDatatype, value: number): number | bigint => {
  if (dtype === 'INT64') return BigInt(value)
  return dtype === 'FP16' ? toHalf(value) : value
}
const tensors = (given: GivenTensors): NamedTensors =>
  new Map(
    Object.entries(given).map(([name, { dtype, shape, data }]) => {
      const held = allocate(dtype, data.length)
      for (const [index, value] of data.entries()) held[index] = stored(dtype, numberOf(value)) as never
      return [name, { dtype, shape, data: held }]
    }),
  )
const isNear = (one: number, other: number): boolean => Math.abs(one - other) <= 1e-6 * (1 + Math.abs(other))

for (const [name, { answering, runs, ...expected }] of Object.entries(cases))
  test(`${name}: as far apart as the optimizer says`, () => {
    const names = Object.keys(runs[0]?.before ?? {})
    const comparison = createComparison(names, answering ?? undefined)
    for (const run of runs) comparison.add(tensors(run.inputs), tensors(run.before), tensors(run.after))
    const found = comparison.result()
    for (const key of ['sameAnswers', 'largestDifference', 'meanDifference'] as const)
      assert.ok(
        isNear(found?.[key] ?? Number.NaN, expected[key]),
        `${key}: ${found?.[key]}, ${expected[key]}`,
      )
  })

test('a model that answers with no row at all is compared with nothing', () => {
  const empty = { dtype: 'FP32' as const, shape: [0, 3], data: new Float32Array(0) }
  const comparison = createComparison(['logits'], undefined)
  comparison.add(new Map(), new Map([['logits', empty]]), new Map([['logits', empty]]))
  assert.equal(comparison.result(), undefined)
})

test('texts are the same where every character is', () => {
  const texts = (...data: string[]) => ({ dtype: 'BYTES' as const, shape: [data.length], data })
  const comparison = createComparison(['label'], undefined)
  comparison.add(new Map(), new Map([['label', texts('a', 'b')]]), new Map([['label', texts('a', 'c')]]))
  assert.equal(comparison.result()?.sameAnswers, 0.5)
})
