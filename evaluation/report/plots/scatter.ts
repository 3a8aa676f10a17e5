/** Candidates by two quantities, the second one with its interval. */
import { figure } from '../../numbers.ts'
import { type Html, html } from '../html.ts'
import { extents, type Frame, framed, margins, px } from './frame.ts'
import { placeLabels } from './labels.ts'
import { linearScale, scaleFor } from './scale.ts'
import { fitting } from './text-width.ts'

export interface Point {
  /** Its number in the ranking. */
  readonly place: number
  readonly name: string
  readonly x: number
  readonly y: number
  /** 95 % interval of y; y itself where there is none. */
  readonly low: number
  readonly high: number
  /** Whether it is on the Pareto front. */
  readonly front: boolean
}

interface Scatter {
  readonly points: readonly Point[]
  readonly xLabel: string
  readonly yLabel: string
}

const frame: Frame = { ...margins, width: 600, height: 380 }
/** Costs and throughputs that differ by less than 2 % are the same to a reader. */
const leastDifference = 0.02
/** Most candidates whose names stand beside them; more have their numbers only. */
const mostNames = 8
/** Pixels of a name beside its point. */
const mostLabel = 170

const marker = ({ x, y, low, high }: Point & { readonly low: number }, front: boolean, title: string): Html =>
  html`<g class="${front ? 'front' : 'beaten'}"><title>${title}</title><path class="interval" d="M${px(x)} ${px(low)}V${px(high)}M${px(x - 4)} ${px(low)}h8M${px(x - 4)} ${px(high)}h8"/><circle cx="${px(x)}" cy="${px(y)}" r="5"/></g>`

export const scatter = ({ points, xLabel, yLabel }: Scatter): Html => {
  const { x: across, y: up } = extents(frame)
  const x = scaleFor(
    points.map((point) => point.x),
    across,
    { leastShare: leastDifference },
  )
  const y = linearScale(
    points.flatMap(({ low, high, y: value }) => [low, high, value]),
    up,
  )
  const drawn = points.map((point) => ({
    ...point,
    x: x.at(point.x),
    y: y.at(point.y),
    low: y.at(point.low),
    high: y.at(point.high),
    title: `${point.name}: ${yLabel} ${figure(point.y)} (${figure(point.low)} to ${figure(point.high)}), ${xLabel.toLowerCase()} ${figure(point.x)}`,
  }))
  const labels = placeLabels(
    drawn.map((point) => ({
      x: point.x,
      y: point.y,
      text:
        points.length <= mostNames
          ? `${point.place} ${fitting(point.name, mostLabel, 12)}`
          : String(point.place),
    })),
    { left: frame.left, right: frame.width, top: 0, bottom: frame.height - frame.bottom },
  )
  const description = `${yLabel} against ${xLabel.toLowerCase()}: ${drawn.map(({ title }) => title).join('; ')}`
  return framed(frame, description, { x: { scale: x, label: xLabel }, y: { scale: y, label: yLabel } }, [
    drawn.map((point) => marker(point, point.front, point.title)),
    labels.map(({ isFar, x: toX, y: toY, textX, textY, text, anchor }) => [
      isFar && html`<path class="leader" d="M${px(toX)} ${px(toY)}L${px(textX)} ${px(textY - 4)}"/>`,
      html`<text class="name" x="${px(textX)}" y="${px(textY)}" text-anchor="${anchor}">${text}</text>`,
    ]),
  ])
}
