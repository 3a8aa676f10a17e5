import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fp32 } from '../testing/tensors.ts'
import { heatOf } from './heat.ts'
import { blurred, type Grid, gridOf, hidden, patchCount, patchesOf } from './patches.ts'

/** What all steps of some work lead to. */
const done = <Result>(steps: Generator<undefined, Result>): Result => {
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

const grid: Grid = { width: 3, height: 2, channels: 2, layout: 'NCHW' }
const counted = fp32([1, 2, 2, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])

test('patches cover the whole picture, the last ones cut at its edges', () => {
  assert.deepEqual(patchesOf(grid, 2, 2), [
    { x: 0, y: 0, width: 2, height: 2 },
    { x: 2, y: 0, width: 1, height: 2 },
  ])
  assert.equal(patchesOf({ ...grid, width: 7, height: 5 }, 3, 2).length, 3 * 2)
  assert.equal(patchCount({ ...grid, width: 7, height: 5 }, 3, 2), 3 * 2)
})

test('a patch is hidden in every channel, with channels before pixels or behind them', () => {
  const patch = { x: 1, y: 1, width: 2, height: 1 }
  const filling = { kind: 'grey', grey: [-1, -2] } as const
  assert.deepEqual([...hidden(counted, grid, patch, filling).data], [1, 2, 3, 4, -1, -1, 7, 8, 9, 10, -2, -2])
  const behind = fp32([1, 2, 3, 2], [1, 7, 2, 8, 3, 9, 4, 10, 5, 11, 6, 12])
  assert.deepEqual(gridOf(behind, 'NHWC'), { ...grid, layout: 'NHWC' })
  const filled = hidden(behind, gridOf(behind, 'NHWC'), patch, filling)
  assert.deepEqual([...filled.data], [1, 7, 2, 8, 3, 9, 4, 10, -1, -2, -1, -2])
  assert.deepEqual([...counted.data].slice(3), [4, 5, 6, 7, 8, 9, 10, 11, 12], 'the picture itself stays')
})

test('a blurred picture has means of the neighbours, each channel by itself', () => {
  const flat: Grid = { width: 3, height: 1, channels: 2, layout: 'NHWC' }
  const values = done(blurred(fp32([1, 1, 3, 2], [0, 5, 0, 5, 12, 5]), flat, 1))
  // 0 0 12 -> 0 4 6 -> 2 10/3 5
  const wanted = [2, 5, 10 / 3, 5, 5, 5]
  for (const [index, value] of values.entries()) assert.ok(Math.abs(value - Number(wanted[index])) < 1e-6)
})

test('colours are red for a class and blue against it, as strong as the mean of the patches on a pixel', () => {
  const line: Grid = { width: 3, height: 1, channels: 1, layout: 'NCHW' }
  const patches = [
    { x: 0, y: 0, width: 2, height: 1 },
    { x: 1, y: 0, width: 2, height: 1 },
  ]
  const { data } = done(heatOf(line, patches, Float64Array.of(0.4, -0.2)))
  const [first, middle, last] = [0, 1, 2].map((place) => [...data.subarray(place * 4, place * 4 + 4)])
  assert.deepEqual(first, [225, 40, 35, 170])
  assert.deepEqual(middle, [225, 40, 35, 43])
  assert.deepEqual(last, [35, 90, 225, 85])
  assert.ok(
    done(heatOf(line, patches, new Float64Array(2))).data.every((byte, place) => place % 4 < 3 || byte === 0),
  )
})
