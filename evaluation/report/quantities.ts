/** Quantities with their units, as tables show them. */
import { figure } from '../numbers.ts'

/** Three significant digits: no machine repeats a latency better. */
export const rounded = (value: number): string =>
  Math.abs(value) >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(3)))

export const milliseconds = (value: number | undefined): string =>
  value === undefined ? '–' : `${rounded(value)} ms`

export const perSecond = (value: number | undefined): string =>
  value === undefined ? '–' : `${rounded(value)}/s`

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** Decimal units, as the cost counts them. */
export const bytes = (value: number | undefined): string => {
  if (value === undefined) return '–'
  const power = value < 1 ? 0 : Math.min(byteUnits.length - 1, Math.floor(Math.log10(value) / 3))
  return `${Number((value / 1000 ** power).toPrecision(3))} ${byteUnits[power]}`
}

/** A share as a percentage of two digits. */
export const percent = (share: number): string => `${Number((share * 100).toPrecision(2))} %`

/** A value to four significant digits, its interval to three. */
export const withInterval = (value: number | undefined, interval?: readonly number[]): string => {
  if (value === undefined) return '–'
  const [low, high] = interval ?? []
  if (low === undefined || high === undefined) return figure(value)
  return `${figure(value)} (${rounded(low)} to ${rounded(high)})`
}

/** Costs below a millionth are not told apart. */
const leastCost = 1e-6

export const money = (cost: number): string => (cost > 0 && cost < leastCost ? '< 0.000001' : figure(cost))
