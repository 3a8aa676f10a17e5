/** Quantities with their units, as tables show them. */
import { figure } from '../numbers.ts'

export const milliseconds = (value: number | undefined): string =>
  value === undefined ? '–' : `${figure(value)} ms`

export const perSecond = (value: number | undefined): string =>
  value === undefined ? '–' : `${figure(value)}/s`

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** Decimal units, as the cost counts them. */
export const bytes = (value: number | undefined): string => {
  if (value === undefined) return '–'
  const power = value < 1 ? 0 : Math.min(byteUnits.length - 1, Math.floor(Math.log10(value) / 3))
  return `${Number((value / 1000 ** power).toPrecision(3))} ${byteUnits[power]}`
}

/** A share as a percentage. */
export const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`

/** To three decimals, or more where the interval is narrower. */
export const withInterval = (value: number | undefined, interval?: readonly number[]): string => {
  if (value === undefined) return '–'
  const [low, high] = interval ?? []
  if (low === undefined || high === undefined) return figure(value)
  return `${figure(value)} (${figure(low)} to ${figure(high)})`
}
