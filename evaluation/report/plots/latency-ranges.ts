/** Latencies of all candidates, a line each: from the median to the 99th percentile. */
import { figure } from '../../numbers.ts'
import { type Html, html } from '../html.ts'
import { type Frame, framed, margins, px } from './frame.ts'
import { scaleFor } from './scale.ts'
import { fitting, textWidth } from './text-width.ts'

interface LatencyRange {
  readonly name: string
  /** Milliseconds. */
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
}

/** Pixels of a line, and of the longest name. */
const lineHeight = 26
const mostName = 260

export const latencyRanges = (ranges: readonly LatencyRange[]): Html => {
  const names = ranges.map(({ name }) => fitting(name, mostName, 12))
  const left = 16 + Math.max(...names.map((name) => textWidth(name, 12)))
  const height = margins.top + margins.bottom + ranges.length * lineHeight
  const frame: Frame = { ...margins, left, width: 720, height }
  const values = ranges.flatMap(({ p50Ms, p95Ms, p99Ms }) => [p50Ms, p95Ms, p99Ms])
  const extent = [left, frame.width - frame.right] as const
  const scale = scaleFor([...values, ...zeroIfNear(values)], extent, { count: 8 })
  const rows = ranges.map(({ name, p50Ms, p95Ms, p99Ms }, index) => {
    const y = margins.top + (index + 0.5) * lineHeight
    const [x50, x95, x99] = [scale.at(p50Ms), scale.at(p95Ms), scale.at(p99Ms)]
    const title = `${name}: p50 ${figure(p50Ms)} ms, p95 ${figure(p95Ms)} ms, p99 ${figure(p99Ms)} ms`
    return {
      title,
      drawn: html`<g class="range"><title>${title}</title><text x="${px(left - 10)}" y="${px(y + 4)}" text-anchor="end">${names[index]}</text><path d="M${px(x50)} ${px(y)}H${px(x99)}M${px(x99)} ${px(y - 5)}v10M${px(x95)} ${px(y - 7)}v14"/><circle cx="${px(x50)}" cy="${px(y)}" r="5"/></g>`,
    }
  })
  const description = `Latencies: ${rows.map(({ title }) => title).join('; ')}`
  return framed(
    frame,
    description,
    { x: { scale, label: 'Latency (ms)' } },
    rows.map(({ drawn }) => drawn),
  )
}

/** Lengths compare from zero, unless the values need powers of ten. */
const zeroIfNear = (values: readonly number[]): readonly number[] =>
  Math.max(...values) / Math.min(...values) > 30 ? [] : [0]
