/** Two measurements side by side. */
import { isError, type Metric, metrics as metricNames } from '@gantry/contract/evaluation.ts'
import { bytes, figure, milliseconds } from '../terminal/figures.ts'
import type { Measured } from './measured.ts'

export interface Compared {
  /** Name of the quantity, as status spells it. */
  readonly name: string
  readonly a: number | undefined
  readonly b: number | undefined
  /** b less a; undefined where one is unknown. */
  readonly difference: number | undefined
  /** Undefined where they are equal, one is unknown, or neither is better. */
  readonly better: 'a' | 'b' | undefined
}

interface Quantity {
  readonly name: string
  readonly value: (measured: Measured) => number | undefined
  readonly isLessBetter: boolean
}

const quantity = (name: keyof Measured, isLessBetter: boolean): Quantity => ({
  name,
  value: (measured) => measured[name] as number | undefined,
  isLessBetter,
})

/** What is compared beside the metrics, in this order. */
const quantities: readonly Quantity[] = [
  quantity('p50Ms', true),
  quantity('p95Ms', true),
  quantity('p99Ms', true),
  quantity('throughputPerSecond', false),
  quantity('loadMs', true),
  quantity('peakMemoryBytes', true),
  quantity('sizeBytes', true),
  quantity('hourlyCost', true),
  quantity('score', false),
]

const isMetric = (name: string): name is Metric => (metricNames as readonly string[]).includes(name)

const metricQuantities = (a: Measured, b: Measured): readonly Quantity[] => {
  const first = a.metric ?? b.metric
  const names = [...new Set([...Object.keys(a.metrics), ...Object.keys(b.metrics)])]
  return names
    .sort((x, y) => Number(y === first) - Number(x === first))
    .map((name) => ({
      name,
      value: ({ metrics }) => metrics[name],
      isLessBetter: isMetric(name) && isError(name),
    }))
}

const compared = ({ name, value, isLessBetter }: Quantity, one: Measured, other: Measured): Compared => {
  const a = value(one)
  const b = value(other)
  const difference = a === undefined || b === undefined ? undefined : b - a
  const better =
    difference === undefined || difference === 0 ? undefined : difference < 0 === isLessBetter ? 'b' : 'a'
  return { name, a, b, difference, better }
}

/** Quantities that neither of them has are left out. */
export const compare = (a: Measured, b: Measured): readonly Compared[] =>
  [...metricQuantities(a, b), ...quantities]
    .map((one) => compared(one, a, b))
    .filter((one) => one.a !== undefined || one.b !== undefined)

/** A value with the unit that its name ends with. */
export const withUnit = (name: string, value: number | undefined): string | undefined => {
  if (value === undefined) return undefined
  if (name.endsWith('Ms')) return milliseconds(value)
  if (name.endsWith('Bytes')) return value < 0 ? `-${bytes(-value)}` : bytes(value)
  return figure(value)
}

export const signed = (name: string, value: number | undefined): string | undefined => {
  const text = withUnit(name, value)
  return text !== undefined && value !== undefined && value > 0 ? `+${text}` : text
}
