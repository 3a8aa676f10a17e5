/** Where values stand on an axis, and which of them are written there. */
import { figure } from '../../numbers.ts'

export interface Tick {
  /** Position in pixels. */
  readonly at: number
  readonly text: string
}

export interface Scale {
  /** Position of a value in pixels. */
  readonly at: (value: number) => number
  readonly ticks: readonly Tick[]
}

/** First and last position of an axis in pixels. */
export type Extent = readonly [number, number]

/** A range below this share of its values is one value: a double tells no more steps apart. */
const leastRange = 1e-9
/** Width of an axis of a single value, as a share of it. */
const oneValue = 0.1
/** A range of more than this is shown by powers of ten. */
const widestLinear = 30

/** The steps that people count in: 1, 2 or 5 times a power of ten, at least the one given. */
const niceStep = (step: number): number => {
  const power = 10 ** Math.floor(Math.log10(step))
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= step * (1 - leastRange)) ?? 10
  return factor * power
}

/** A domain whose width is at least a share of its greatest value; around zero it is from -1 to 1. */
const widened = (least: number, greatest: number, share: number): Extent => {
  const width = share * Math.max(Math.abs(least), Math.abs(greatest))
  if (greatest - least > width) return [least, greatest]
  const [middle, half] = [
    (least + greatest) / 2,
    width === 0 ? 1 : Math.max(width, oneValue * Math.abs(least)) / 2,
  ]
  return least >= 0 && middle - half < 0 ? [0, middle + half] : [middle - half, middle + half]
}

interface Detail {
  /** Number of ticks, about. */
  readonly count?: number
  /** Values that differ by less than this share of the greatest one stand close together: the difference is nothing to show large. */
  readonly leastShare?: number
}

/** The scale from the step below the least value to the step above the greatest. */
export const linearScale = (
  values: readonly number[],
  [from, to]: Extent,
  { count = 5, leastShare = leastRange }: Detail = {},
): Scale => {
  const [least, greatest] = widened(Math.min(...values), Math.max(...values), leastShare)
  const step = niceStep((greatest - least) / count)
  const first = Math.floor(least / step + leastRange)
  const last = Math.ceil(greatest / step - leastRange)
  const at = (value: number): number => from + ((value / step - first) / (last - first)) * (to - from)
  const decimals = Math.min(15, Math.max(0, -Math.floor(Math.log10(step) + leastRange)))
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step)
  return { at, ticks: ticks.map((value) => ({ at: at(value), text: value.toFixed(decimals) })) }
}

/** The scale from a power of ten, its double or its fivefold to another one. All values are above zero. */
const logarithmicScale = (values: readonly number[], [from, to]: Extent): Scale => {
  const exponents = [Math.floor(Math.log10(Math.min(...values))), Math.ceil(Math.log10(Math.max(...values)))]
  const [least = 0, greatest = 1] = exponents
  const at = (value: number): number =>
    from + ((Math.log10(value) - least) / (greatest - least)) * (to - from)
  const factors = greatest - least > 3 ? [1] : greatest - least > 1 ? [1, 3] : [1, 2, 5]
  const powers = Array.from({ length: greatest - least + 1 }, (_, index) => 10 ** (least + index))
  const ticks = powers
    .flatMap((power) => factors.map((factor) => factor * power))
    .filter((value) => value <= 10 ** greatest * (1 + leastRange))
  return { at, ticks: ticks.map((value) => ({ at: at(value), text: figure(value) })) }
}

/** A scale by powers of ten where the values need it and can, else a linear one. */
export const scaleFor = (values: readonly number[], extent: Extent, detail: Detail = {}): Scale => {
  const [least, greatest] = [Math.min(...values), Math.max(...values)]
  return least > 0 && greatest / least > widestLinear
    ? logarithmicScale(values, extent)
    : linearScale(values, extent, detail)
}
