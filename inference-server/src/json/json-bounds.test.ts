import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Failure } from '../failures/errors.ts'
import type { InferDecoding } from '../protocol/binding.ts'
import { decodeInfer, parseJson } from '../protocol/protocol.ts'
import type { Datatype } from '../tensors/tensor.ts'
import { checkBounds } from './json-bounds.ts'

const kib = 1024
const blank = ' '.repeat(256 * kib)
/** Large enough to be looked at. */
const body = (json: string): Buffer => Buffer.from(json + blank)

const kindOf = (work: () => unknown): string | undefined => {
  try {
    work()
    return undefined
  } catch (error) {
    return (error as Failure).kind
  }
}
const of = (part: string, count: number): string => `[${`${part},`.repeat(count - 1)}${part}]`
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
const keys = (count: number): string => `{${of('"a":1', count).slice(1, -1)}}`

const cases: readonly [name: string, json: string, kind: string | undefined][] = [
  ['64 levels', nested(64), undefined],
  ['65 levels', nested(65), 'malformed'],
  ['65 objects in each other', '{"a":'.repeat(65), 'malformed'],
  ['millions of brackets that nothing closes', '['.repeat(3_000_000), 'malformed'],
  ['brackets in a text', JSON.stringify('[{'.repeat(1_000_000)), undefined],
  ['brackets in a text behind a quote of its own', JSON.stringify(`"${'['.repeat(100)}`), undefined],
  ['brackets behind a text that ends with a backslash', `["\\\\",${nested(64)}]`, 'malformed'],
  ['250000 keys', keys(250_000), undefined],
  ['a key more', keys(250_001), 'too-large'],
  ['colons in texts', JSON.stringify(':'.repeat(300_000)), undefined],
  ['499999 objects in a list', of('{}', 499_999), undefined],
  ['an object more', of('{}', 500_000), 'too-large'],
  ['too many lists', of('[]', 500_000), 'too-large'],
  ['too many texts', of('"x"', 500_000), 'too-large'],
  ['4 million numbers', of('1', 4_000_000), undefined],
  ['too many numbers', of('1', 4_000_002), 'too-large'],
  ['quotes in a text, each behind a backslash', JSON.stringify('"'.repeat(1_000_000)), undefined],
]
describe('a body of JSON', () => {
  for (const [name, json, kind] of cases)
    test(`${name}: ${kind ?? 'goes on to JSON.parse'}`, () =>
      assert.equal(
        kindOf(() => checkBounds(body(json))),
        kind,
      ))

  test('a small one is left to JSON.parse', () => assert.deepEqual(parseJson(Buffer.from(nested(1))), []))

  test('a text that nothing ends is what JSON.parse says it is', () =>
    assert.throws(() => parseJson(body('["a')), /the body is not JSON/))

  test('is refused before JSON.parse sees it', () =>
    assert.throws(() => parseJson(body('['.repeat(70))), /nested deeper than 64; send flat lists/))
})

const decoding = (datatype: Datatype, shape: readonly number[]): InferDecoding => ({
  signature: {
    inputs: [{ name: 'x', datatype, shape, symbols: shape.map(() => '') }],
    outputs: [],
  },
  items: undefined,
})
const request = (datatype: Datatype, shape: readonly number[], data: string, more = ''): Buffer =>
  Buffer.from(
    `{"inputs":[{"name":"x","datatype":"${datatype}","shape":[${shape}],"data":${data}}]${more}}${blank}`,
  )
const decoded = (datatype: Datatype, shape: readonly number[], data: string, more = '') =>
  decodeInfer(request(datatype, shape, data, more), undefined, decoding(datatype, shape))

describe('tensors as JSON', () => {
  const many = 4_500_000
  for (const [datatype, element] of [
    ['FP32', '1'],
    ['INT64', '1'],
    ['FP64', '1'],
    ['FP16', '1'],
    ['BOOL', '1'],
  ] as const)
    test(`${datatype} may have more numbers than any other list`, () =>
      assert.equal(decoded(datatype, [many], of(element, many)).inputs.get('x')?.data.length, many))

  test('rows of numbers may be many', () => {
    const rows = 600_000
    assert.equal(decoded('FP32', [rows, 2], of('[1,2]', rows)).inputs.get('x')?.data.length, 2 * rows)
  })

  test('a picture in nested lists is read in every datatype of numbers', () => {
    const shape = [1, 3, 224, 224]
    const row = of('0.25', 224)
    const data = `[${of(of(row, 224), 3)}]`
    for (const datatype of ['FP16', 'FP32', 'FP64'] as const)
      assert.equal(decoded(datatype, shape, data).inputs.get('x')?.data.length, 3 * 224 * 224)
  })

  test('a list that is too long for its shape is refused for that', () => {
    const data = of('1', many)
    assert.equal(
      kindOf(() => decoded('FP32', [many + 1], data)),
      'invalid',
    )
  })
  test('more lists of data than any model has inputs are refused', () => {
    const inputs = of('{"data":[1]}', 600_000)
    assert.equal(
      kindOf(() => decodeInfer(Buffer.from(`{"inputs":${inputs}}`), undefined, decoding('FP32', [1]))),
      'too-large',
    )
  })

  test('data that is nested too deep is refused', () =>
    assert.equal(
      kindOf(() => decoded('FP64', [1], nested(1_000_000))),
      'malformed',
    ))
  test('too many lists beside the data are refused', () =>
    assert.equal(
      kindOf(() => decoded('FP32', [1], '[1]', `,"parameters":{"a":${of('{}', 600_000)}}`)),
      'too-large',
    ))
  test('more wide integers than can be read in time are refused', () => {
    const wide = '9007199254740993'
    assert.equal(decoded('INT64', [100_000], of(wide, 100_000)).inputs.get('x')?.data.length, 100_000)
    assert.equal(
      kindOf(() => decoded('INT64', [300_000], of(wide, 300_000))),
      'too-large',
    )
  })
})
