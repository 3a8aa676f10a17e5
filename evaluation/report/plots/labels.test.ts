import assert from 'node:assert/strict'
import { test } from 'node:test'
import { placeLabels } from './labels.ts'
import { fitting, textWidth } from './text-width.ts'
import { apart } from './throughput-lines.ts'

const bounds = { left: 0, right: 600, top: 0, bottom: 400 }

test('labels of a crowd do not cover each other', () => {
  const crowd = Array.from({ length: 16 }, (_, index) => ({
    x: 300 + index,
    y: 200 - index,
    text: `${index + 1}`,
  }))
  const labels = placeLabels(crowd, bounds)
  assert.equal(labels.length, 16)
  const boxes = labels.map(({ text, textX, textY, anchor }) => {
    const width = textWidth(text, 12)
    const left = textX - { start: 0, middle: width / 2, end: width }[anchor]
    return { left, right: left + width, top: textY - 9, bottom: textY }
  })
  const overlapping = boxes.flatMap((one, index) =>
    boxes
      .slice(index + 1)
      .filter(
        (other) =>
          one.left < other.right - 0.1 &&
          other.left < one.right - 0.1 &&
          one.top < other.bottom &&
          other.top < one.bottom,
      ),
  )
  assert.deepEqual(overlapping, [])
})

test('a label stands at the left where there is no room at the right', () => {
  const [label] = placeLabels([{ x: 590, y: 200, text: 'a name' }], bounds)
  assert.equal(label?.anchor, 'end')
  assert.ok((label?.textX ?? 600) < 590)
})

test('names at the ends of lines are a line apart and stay within the plot', () => {
  const found = apart([100, 101, 102, 399, 400], [400, 0]).toSorted((one, other) => one - other)
  for (const [index, at] of found.entries()) {
    assert.ok(at >= 0 && at <= 400)
    assert.ok(index === 0 || at - (found[index - 1] ?? 0) >= 15)
  }
})

test('a text is cut where it does not fit, Chinese characters being wider', () => {
  assert.ok(textWidth('投诉', 12) > textWidth('ab', 12))
  assert.equal(fitting('short', 100, 12), 'short')
  assert.match(fitting('a name that is much too long', 60, 12), /^a (na|nam|name)…$/)
})
