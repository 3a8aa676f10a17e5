/** A distribution as bars: shares of the requests, or shares for each millisecond where the bars are not equally wide. */
import { type Html, html } from '../html.ts'
import { percent, rounded } from '../quantities.ts'
import { extents, type Frame, framed, margins, px } from './frame.ts'
import { linearScale, type Scale } from './scale.ts'

interface Distribution {
  /** counts[i] values lie from edges[i] up to edges[i + 1], in milliseconds. */
  readonly edges: readonly number[]
  readonly counts: readonly number[]
  /** Percentiles by their names, in milliseconds. */
  readonly marks: Readonly<Record<string, number>>
}

interface Bar {
  readonly from: number
  readonly to: number
  readonly share: number
}

const frame: Frame = { ...margins, top: 30, width: 720, height: 260 }

/** Bars from the first to the last one that has a value. */
const barsOf = ({ edges, counts }: Distribution): readonly Bar[] => {
  const total = counts.reduce((sum, count) => sum + count, 0)
  const first = counts.findIndex((count) => count > 0)
  const last = counts.findLastIndex((count) => count > 0)
  return counts.slice(first, last + 1).map((count, index) => ({
    from: edges[first + index] ?? 0,
    to: edges[first + index + 1] ?? 0,
    share: count / total,
  }))
}

const areEqual = (bars: readonly Bar[]): boolean => {
  const widths = bars.map(({ from, to }) => to - from)
  return Math.max(...widths) <= Math.min(...widths) * 1.01
}

/** A last bar that is much wider holds the few slowest requests; drawn to scale it would squeeze all others. */
const withoutTail = (bars: readonly Bar[]): { readonly body: readonly Bar[]; readonly tail?: Bar } => {
  const [before, last] = bars.slice(-2)
  if (!before || !last || last.to - last.from < 2 * (before.to - before.from)) return { body: bars }
  return { body: bars.slice(0, -1), tail: last }
}

const tailNote = ({ share, to }: Bar): Html =>
  html`<text class="quiet" x="${frame.width - frame.right}" y="${frame.height - 10}" text-anchor="end">${percent(share)} slower, up to ${rounded(to)} ms</text>`

/** Dashed lines at percentiles, their names above each other where they would meet. */
const markLines = (marks: Distribution['marks'], x: Scale): Html => {
  const lines = Object.entries(marks).map(([name, value]) => ({ name, value, at: x.at(value) }))
  return html`${lines.map(
    ({ name, value, at }, index) =>
      html`<g class="mark"><path d="M${px(at)} ${px(12 + (index % 3) * 12)}V${frame.height - frame.bottom}"/><text x="${px(at + 4)}" y="${px(20 + (index % 3) * 12)}">${name} ${rounded(value)}</text></g>`,
  )}`
}

export const histogram = (distribution: Distribution): Html => {
  const { body, tail } = withoutTail(barsOf(distribution))
  const { x: across, y: up } = extents(frame)
  const marks = Object.entries(distribution.marks)
  const x = linearScale(
    [...body.flatMap(({ from, to }) => [from, to]), ...marks.map(([, value]) => value)],
    across,
    { count: 8 },
  )
  const isDensity = !areEqual(body)
  const heights = body.map(({ from, to, share }) => (isDensity ? share / (to - from) : share * 100))
  const y = linearScale([0, ...heights], up, { count: 4 })
  const drawn = body.map(({ from, to, share }, index) => {
    const top = y.at(heights[index] ?? 0)
    const title = `${rounded(from)} to ${rounded(to)} ms: ${percent(share)}`
    return html`<rect class="bar" x="${px(x.at(from))}" y="${px(top)}" width="${px(Math.max(0.5, x.at(to) - x.at(from) - 1))}" height="${px(y.at(0) - top)}"><title>${title}</title></rect>`
  })
  const percentiles = marks.map(([name, value]) => `${name} ${rounded(value)} ms`)
  return framed(
    frame,
    `Distribution of latencies: ${percentiles.join(', ')}`,
    {
      x: { scale: x, label: 'Latency (ms)' },
      y: { scale: y, label: isDensity ? 'Share per ms' : '% of requests' },
    },
    [drawn, markLines(distribution.marks, x), tail && tailNote(tail)],
  )
}
