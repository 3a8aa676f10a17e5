import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { NumericData, NumericDatatype } from '../tensors/tensor.ts'
import { seededRandom } from '../testing/random.ts'
import { numbersOf } from './number-list.ts'

const read = (datatype: NumericDatatype, shape: readonly number[], list: string): NumericData | undefined =>
  numbersOf(datatype, shape, Buffer.from(list))

/** Bits, because -0 is not 0. */
const bitsOf = (data: NumericData | undefined): Uint32Array | undefined =>
  data && new Uint32Array(data.buffer)

/** float32 of what JSON.parse makes of each. */
const assertSingles = (numbers: readonly string[]): void => {
  const list = `[${numbers.join(',')}]`
  const expected = Float32Array.from(JSON.parse(list))
  const found = read('FP32', [numbers.length], list)
  assert.ok(found, list.slice(0, 200))
  for (const [index, number] of numbers.entries())
    assert.ok(
      Object.is(found[index], expected[index]),
      `${number}: ${found[index]} is not ${expected[index]}`,
    )
}

describe('numbers of a list', () => {
  const random = seededRandom(7)
  const any = (): number => (random() - 0.5) * 10 ** Math.floor(random() * 90 - 50)

  test('are the float32 of JSON.parse, however they are written', () => {
    const ways: readonly ((value: number) => string)[] = [
      String,
      (value) => String(Math.fround(value)),
      (value) => value.toExponential(),
      (value) => value.toPrecision(25),
      (value) => value.toPrecision(9).replace('e', 'E'),
      (value) => value.toFixed(3),
      (value) => String(Math.round(value)),
    ]
    for (const way of ways) {
      assertSingles(
        Array.from({ length: 3000 }, any)
          .map((value) => (Math.abs(value) > 3e38 ? 1 : value))
          .map(way),
      )
    }
  })

  test('are rounded rightly where float32 and float64 round apart', () => {
    const middles = Array.from({ length: 3000 }, () => {
      const value = Math.fround(any())
      const above = new Float32Array(
        new Uint32Array(new Float32Array([value]).buffer).map((bits) => bits + 1).buffer,
      )
      return (value + (above[0] as number)) / 2
    }).filter((value) => Math.abs(value) < 3e38)
    assertSingles(middles.map(String))
    assertSingles(middles.map((value) => value.toPrecision(20)))
    // A little more or less than the middle, which float64 does not tell from it.
    assertSingles([
      '16777217',
      '16777217.0000000000000001',
      '16777216.9999999999999999',
      '33554431',
      '-33554433',
    ])
    assertSingles([
      '1e-45',
      '7e-46',
      '7.006492321624085e-46',
      '7.006492321624086e-46',
      '1.17549435e-38',
      '1e-400',
    ])
    assertSingles([
      '1e22',
      '1e23',
      '123e-3',
      '1E+2',
      '-1e-0',
      '1e00005',
      '5e-324',
      '1e-70',
      '12345678901234567890e-50',
      '3.4e+038',
    ])
    assertSingles(['0', '-0', '0.0', '-0.0', '0e5', '-0E-5', `0.${'0'.repeat(60)}1`, `${'9'.repeat(38)}.5`])
  })

  test('may have space between them and be nested as the shape says', () => {
    const spaced = read('FP32', [2, 2], ' [ [ 1 ,\t2 ] ,\r\n[3.5\n, -4e0 ]\n]'.trim())
    assert.deepEqual(spaced, Float32Array.of(1, 2, 3.5, -4))
    assert.deepEqual(read('INT32', [1, 2, 1], '[[[1],[2]]]'), Int32Array.of(1, 2))
    assert.deepEqual(read('UINT8', [2, 2], '[1,2,3,4]'), Uint8Array.of(1, 2, 3, 4))
  })

  test('are whole up to the ends of their datatype', () => {
    assert.deepEqual(read('INT8', [3], '[-128,127,-0]'), Int8Array.of(-128, 127, 0))
    assert.deepEqual(read('UINT8', [2], '[255,0]'), Uint8Array.of(255, 0))
    assert.deepEqual(read('INT16', [2], '[-32768,32767]'), Int16Array.of(-32768, 32767))
    assert.deepEqual(read('UINT16', [1], '[65535]'), Uint16Array.of(65535))
    assert.deepEqual(read('INT32', [3], '[-2147483648,1e3,2.0]'), Int32Array.of(-(2 ** 31), 1000, 2))
    assert.deepEqual(read('INT32', [1], '[4.99999999999999999]'), Int32Array.of(5))
    assert.deepEqual(read('UINT32', [1], '[4294967295]'), Uint32Array.of(2 ** 32 - 1))
    const wide = [0, 1, -1, 2 ** 31, -(2 ** 31), 2 ** 32, -(2 ** 32) - 1, 2 ** 53 - 1, -(2 ** 53) + 1]
    assert.deepEqual(read('INT64', [wide.length], JSON.stringify(wide)), BigInt64Array.from(wide, BigInt))
    assert.deepEqual(read('UINT64', [1], '[9007199254740991]'), BigUint64Array.of(2n ** 53n - 1n))
  })

  test('are left to JSON.parse where they do not fit', () => {
    const lists: readonly (readonly [NumericDatatype, string])[] = [
      ['INT8', '[128]'],
      ['UINT8', '[-1]'],
      ['UINT16', '[65536]'],
      ['INT32', '[1.5]'],
      ['UINT32', '[4294967296]'],
      ['INT64', '[9007199254740993]'],
      ['INT64', '[0.5]'],
      ['UINT64', '[-1]'],
      ['FP32', '[3.5e38]'],
      ['FP32', '[1e400]'],
      ['FP64', '[1]'],
      ['FP16', '[1]'],
      ['BOOL', '[1]'],
    ]
    for (const [datatype, list] of lists) assert.equal(read(datatype, [1], list), undefined, list)
  })

  test('are those that null and the words of Python stand for, among floating numbers only', () => {
    const words = ['null', 'NaN', ' Infinity ', '-Infinity', '-0', '1e3']
    const { NaN: nan, POSITIVE_INFINITY: infinity } = Number
    const numbers = Float32Array.of(nan, nan, infinity, -infinity, -0, 1000)
    assert.deepEqual(read('FP32', [6], `[${words.join(',')}]`), numbers)
    assert.deepEqual(read('FP32', [2, 3], `[[${words.slice(0, 3)}],[${words.slice(3)}]]`), numbers)
    for (const word of words.slice(0, 4))
      for (const datatype of ['INT32', 'UINT8', 'INT64'] as const)
        assert.equal(read(datatype, [2], `[1,${word}]`), undefined, `${datatype} ${word}`)
  })

  test('are left to JSON.parse where they are no numbers, or not as many as the shape says', () => {
    const wrong = [
      '01',
      '-01',
      '00',
      '1.',
      '.5',
      '-',
      '+1',
      '--1',
      '1e',
      '1e+',
      '1.2.3',
      '0x1',
      '1 2',
      'nan',
      'inf',
      '+Infinity',
      '-NaN',
      'NULL',
      'nulls',
      '',
    ]
    const others = ['true', '"1"', '[1]', '{}', '1_0', '1]', '1,', ',1', '1,2', '\v1', '\u00a01', '1\0']
    for (const content of [...wrong, ...others]) {
      for (const datatype of ['FP32', 'INT32', 'INT64'] as const)
        assert.equal(read(datatype, [1], `[${content}]`), undefined, content)
    }
    for (const list of [
      '[[1,2],[3]]',
      '[[1,2],3,4]',
      '[[1,2,3],[4]]',
      '[1,[2,3,4]]',
      '[[1,2][3,4]]',
      '[[1,2],[3,4]]]',
      '[[[1,2],[3,4]]]',
    ])
      assert.equal(read('FP32', [2, 2], list), undefined, list)
    for (const list of ['[]', '[[]]', '[[],[]]']) assert.equal(read('FP32', [1, 0], list), undefined, list)
    assert.equal(read('FP32', [2 ** 50], '[1,2]'), undefined)
  })

  test('are bit for bit those of a typed array of the same values', () => {
    const values = Array.from({ length: 5000 }, () => Math.floor((random() - 0.5) * 2 ** 54))
    assert.deepEqual(
      bitsOf(read('INT64', [values.length], JSON.stringify(values))),
      bitsOf(BigInt64Array.from(values, BigInt)),
    )
  })
})
