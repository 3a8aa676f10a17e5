/** Throughput of all candidates by the number of requests in flight, a line each. */
import { figure } from '../../numbers.ts'
import { type Html, html } from '../html.ts'
import { percent } from '../quantities.ts'
import { extents, type Frame, framed, margins, px } from './frame.ts'
import { linearScale, type Scale } from './scale.ts'
import { fitting } from './text-width.ts'

interface Line {
  readonly name: string
  readonly points: readonly {
    readonly concurrency: number
    /** Samples per second. */
    readonly throughputPerSecond: number
    /** As a share of the throughput. */
    readonly spread: number
  }[]
}

/** Room for names at the right, in pixels. */
const mostName = 240
const frame: Frame = { ...margins, right: mostName + 24, width: 860, height: 400 }
/** Least distance of names, in pixels. */
const lineHeight = 15
/** Colours in the style, and dashes: a line of the second round of colours differs by its dashes. */
const colours = 7
const dashes = ['none', '7 4', '2 3'] as const

/** Positions that are at least a line apart, in the order of those given, around their middle. */
export const apart = (
  positions: readonly number[],
  [bottom, top]: readonly [number, number],
): readonly number[] => {
  const order = positions.map((at, index) => ({ at, index })).toSorted((one, other) => one.at - other.at)
  const placed: number[] = new Array(positions.length).fill(top)
  let next = top
  for (const { at, index } of order) {
    placed[index] = Math.max(at, next)
    next = (placed[index] ?? next) + lineHeight
  }
  let limit = bottom
  for (const { index } of order.toReversed()) {
    placed[index] = Math.min(placed[index] ?? limit, limit)
    limit = (placed[index] ?? limit) - lineHeight
  }
  return placed
}

/** Equal steps between the numbers of requests that were measured. */
const steps = (lines: readonly Line[]): Scale => {
  const numbers = [...new Set(lines.flatMap(({ points }) => points.map(({ concurrency }) => concurrency)))]
  const sorted = numbers.toSorted((one, other) => one - other)
  const [from, to] = extents(frame).x
  const step = (to - from) / Math.max(1, sorted.length)
  const at = (value: number): number => from + (sorted.indexOf(value) + 0.5) * step
  return { at, ticks: sorted.map((value) => ({ at: at(value), text: String(value) })) }
}

const titleOf = ({ name, points }: Line): string =>
  `${name}: ${points
    .map(
      ({ concurrency, throughputPerSecond, spread }) =>
        `${figure(throughputPerSecond)} per second with ${concurrency} in flight (spread ${percent(spread)})`,
    )
    .join(', ')}`

const drawLine = (line: Line, index: number, x: Scale, y: Scale): Html => {
  const at = line.points
    .toSorted((one, other) => one.concurrency - other.concurrency)
    .map(({ concurrency, throughputPerSecond: value, spread }) => ({
      x: x.at(concurrency),
      y: y.at(value),
      low: y.at(value * (1 - spread)),
      high: y.at(value * (1 + spread)),
    }))
  const path = at.map((point) => `${px(point.x)} ${px(point.y)}`).join('L')
  const bars = at.map((point) => `M${px(point.x)} ${px(point.low)}V${px(point.high)}`).join('')
  const dash = dashes[Math.floor(index / colours) % dashes.length]
  return html`<g class="line c${index % colours}"><title>${titleOf(line)}</title><path stroke-dasharray="${dash}" d="M${path}"/><path d="${bars}"/>${at.map(
    (point) => html`<circle cx="${px(point.x)}" cy="${px(point.y)}" r="3.5"/>`,
  )}</g>`
}

export const throughputLines = (lines: readonly Line[]): Html => {
  const { y: up } = extents(frame)
  const x = steps(lines)
  const tops = lines.flatMap(({ points }) => points.map((one) => one.throughputPerSecond * (1 + one.spread)))
  const y = linearScale([0, ...tops], up)
  const ends = lines.map(
    ({ points }) => points.toSorted((one, other) => other.concurrency - one.concurrency)[0],
  )
  const endY = ends.map((end) => y.at(end?.throughputPerSecond ?? 0))
  const names = apart(endY, up)
  const nameX = frame.width - frame.right + 8
  return framed(
    frame,
    `Throughput by requests in flight: ${lines.map(titleOf).join('; ')}`,
    {
      x: { scale: x, label: 'Requests in flight' },
      y: { scale: y, label: 'Samples per second' },
    },
    lines.map((line, index) => [
      drawLine(line, index, x, y),
      html`<path class="leader" d="M${px(x.at(ends[index]?.concurrency ?? 0) + 6)} ${px(endY[index] ?? 0)}L${px(nameX - 3)} ${px(names[index] ?? 0)}"/><text class="name c${index % colours}" x="${nameX}" y="${px((names[index] ?? 0) + 4)}">${fitting(line.name, mostName, 12)}</text>`,
    ]),
  )
}
