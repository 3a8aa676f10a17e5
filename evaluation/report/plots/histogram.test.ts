import assert from 'node:assert/strict'
import { test } from 'node:test'
import { histogram } from './histogram.ts'

const marks = { p50: 1.5, p95: 2.5, p99: 2.9 }
const ticks = (markup: string): readonly number[] =>
  [...markup.matchAll(/text-anchor="middle">([\d.]+)</g)].map(([, text]) => Number(text))

test('the few slowest requests are a note, and do not squeeze the others', () => {
  const { markup } = histogram({ edges: [1, 2, 3, 300], counts: [70, 29, 1], marks })
  assert.match(markup, /1 % slower, up to 300 ms/)
  assert.ok(Math.max(...ticks(markup)) <= 4)
  assert.equal(markup.match(/<rect/g)?.length, 2)
})

test('bars that are not equally wide are as high as their share of each millisecond', () => {
  const { markup } = histogram({ edges: [1, 2, 3.5], counts: [50, 50], marks })
  const heights = [...markup.matchAll(/height="([\d.]+)"><title>/g)].map(([, height]) => Number(height))
  assert.ok(Math.abs((heights[0] ?? 0) / (heights[1] ?? 1) - 1.5) < 0.01)
  assert.match(markup, /Share per ms/)
})
