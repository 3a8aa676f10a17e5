/** The frame of a plot: its size, its axes with their ticks, and what a reader without eyes for it hears. */
import { type Html, html, type Insert } from '../html.ts'
import type { Scale } from './scale.ts'

/** Pixels of the drawing; a page may show it smaller. */
export interface Frame {
  readonly width: number
  readonly height: number
  /** Room of the axes. */
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** Room of the axes of most plots. */
export const margins = { left: 64, right: 32, top: 16, bottom: 48 } as const

export const extents = ({ width, height, left, right, top, bottom }: Frame) => ({
  x: [left, width - right] as const,
  /** The greatest value stands at the top. */
  y: [height - bottom, top] as const,
})

interface Axes {
  readonly x?: { readonly scale: Pick<Scale, 'ticks'>; readonly label: string }
  readonly y?: { readonly scale: Pick<Scale, 'ticks'>; readonly label: string }
}

/** Pixels to a tenth, which keeps files small. */
export const px = (value: number): string => String(Math.round(value * 10) / 10)

const xAxis = ({ scale, label }: NonNullable<Axes['x']>, frame: Frame): Html => {
  const bottom = frame.height - frame.bottom
  const center = (frame.left + frame.width - frame.right) / 2
  return html`<g class="axis">${scale.ticks.map(
    ({ at, text }) =>
      html`<path class="grid" d="M${px(at)} ${frame.top}V${bottom}"/><text x="${px(at)}" y="${bottom + 16}" text-anchor="middle">${text}</text>`,
  )}<path d="M${frame.left} ${bottom}H${frame.width - frame.right}"/><text class="label" x="${px(center)}" y="${bottom + 38}" text-anchor="middle">${label}</text></g>`
}

const yAxis = ({ scale, label }: NonNullable<Axes['y']>, frame: Frame): Html => {
  const middle = (frame.top + frame.height - frame.bottom) / 2
  return html`<g class="axis">${scale.ticks.map(
    ({ at, text }) =>
      html`<path class="grid" d="M${frame.left} ${px(at)}H${frame.width - frame.right}"/><text x="${frame.left - 8}" y="${px(at + 4)}" text-anchor="end">${text}</text>`,
  )}<path d="M${frame.left} ${frame.top}V${frame.height - frame.bottom}"/><text class="label" transform="translate(14 ${px(middle)}) rotate(-90)" text-anchor="middle">${label}</text></g>`
}

/** @param description what the picture shows, for those who do not see it */
export const framed = (frame: Frame, description: string, axes: Axes, content: Insert): Html =>
  html`<svg viewBox="0 0 ${frame.width} ${frame.height}" width="${frame.width}" role="img" aria-label="${description}">${
    axes.x && xAxis(axes.x, frame)
  }${axes.y && yAxis(axes.y, frame)}${content}</svg>`
