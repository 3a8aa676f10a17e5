/** The normalized score of each candidate as a bar of its three parts. */
import { figure } from '../../numbers.ts'
import { type Html, html } from '../html.ts'
import { type Frame, framed, margins, px } from './frame.ts'
import { linearScale } from './scale.ts'
import { fitting, textWidth } from './text-width.ts'

interface ScoreParts {
  readonly name: string
  readonly accuracy: number
  readonly cost: number
  readonly throughput: number
}

/** Pixels of a line, of a bar, and of the longest name. */
const lineHeight = 26
const barHeight = 16
const mostName = 260
/** Room of the legend above the bars. */
const top = 32

const bar = (parts: readonly number[], y: number, at: (value: number) => number): readonly Html[] =>
  parts.map((part, index) => {
    const before = parts.slice(0, index).reduce((sum, value) => sum + value, 0)
    const width = at(before + part) - at(before)
    return html`<rect class="part c${index}" x="${px(at(before))}" y="${px(y)}" width="${px(width)}" height="${barHeight}"/>`
  })

const legend = (names: readonly string[], left: number): Html =>
  html`${names.map((name, index) => {
    const x = left + names.slice(0, index).reduce((sum, before) => sum + textWidth(before, 12) + 40, 0)
    return html`<rect class="part c${index}" x="${px(x)}" y="8" width="12" height="12"/><text x="${px(x + 18)}" y="18">${name}</text>`
  })}`

/** @param metric the name of the first part */
export const scoreBars = (all: readonly ScoreParts[], metric: string): Html => {
  const names = all.map(({ name }) => fitting(name, mostName, 12))
  const left = 16 + Math.max(...names.map((name) => textWidth(name, 12)))
  const frame: Frame = {
    ...margins,
    top,
    left,
    width: 720,
    height: top + margins.bottom + all.length * lineHeight,
  }
  const scale = linearScale([0, 1], [left, frame.width - frame.right])
  const rows = all.map(({ name, accuracy, cost, throughput }, index) => {
    const y = top + index * lineHeight + (lineHeight - barHeight) / 2
    const title = `${name}: ${metric} ${figure(accuracy)}, cost ${figure(cost)}, throughput ${figure(throughput)}`
    return {
      title,
      drawn: html`<g><title>${title}</title><text x="${px(left - 10)}" y="${px(y + 12)}" text-anchor="end">${names[index]}</text>${bar([accuracy, cost, throughput], y, scale.at)}</g>`,
    }
  })
  return framed(
    frame,
    `Parts of the normalized score: ${rows.map(({ title }) => title).join('; ')}`,
    { x: { scale, label: 'Normalized score' } },
    [legend([metric, 'cost', 'throughput'], left), rows.map(({ drawn }) => drawn)],
  )
}
