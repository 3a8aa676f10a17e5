import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromHalf, toHalf, widened } from './half.ts'

/** What the language itself does with the same bits. */
const view = new DataView(new ArrayBuffer(2)) as DataView & {
  getFloat16(offset: number): number
  setFloat16(offset: number, value: number): void
}
const reference = (value: number): number => {
  view.setFloat16(0, value)
  return view.getUint16(0)
}

test('reads all 65536 patterns as the language does', () => {
  for (let bits = 0; bits < 65_536; bits++) {
    view.setUint16(0, bits)
    assert.ok(Object.is(fromHalf(bits), view.getFloat16(0)), `0x${bits.toString(16)}`)
  }
})

test('widens all 65536 patterns at once to the same numbers', () => {
  const all = widened(Uint16Array.from({ length: 65_536 }, (_, bits) => bits))
  for (const [bits, value] of all.entries())
    assert.ok(Object.is(value, fromHalf(bits)), `0x${bits.toString(16)}`)
})

test('writes every half, every middle between two, and their neighbours as the language does', () => {
  for (let bits = 0; bits < 0x7c00; bits++) {
    const here = fromHalf(bits)
    const next = bits === 0x7bff ? 65_536 : fromHalf(bits + 1)
    const middle = (here + next) / 2
    const nudge = middle * 2 ** -40
    for (const value of [here, middle, middle + nudge, middle - nudge, -middle, -middle - nudge]) {
      assert.equal(toHalf(value), reference(value), String(value))
    }
  }
})

test('keeps infinities, signed zero and not-a-number', () => {
  for (const value of [Infinity, -Infinity, 0, -0, 1e300, -1e300, 1e-300, 65_519.999, 65_520]) {
    assert.equal(toHalf(value), reference(value), String(value))
  }
  assert.ok(Number.isNaN(fromHalf(toHalf(Number.NaN))))
})
