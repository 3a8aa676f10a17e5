/** Figures as people read them. Programs get them unrounded by `-o json`. */

const kibi = 1024
const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

export const bytes = (count: number): string => {
  const power = Math.min(Math.floor(Math.log(Math.max(count, 1)) / Math.log(kibi)), byteUnits.length - 1)
  const value = count / kibi ** power
  return `${power === 0 ? value : value.toFixed(1)} ${byteUnits[power]}`
}

const minute = 60
const hour = 60 * minute
const day = 24 * hour

/** The two largest units of a time that has passed, as `kubectl get` shows ages. */
export const duration = (ms: number): string => {
  const seconds = Math.max(Math.round(ms / 1000), 0)
  if (seconds < 2 * minute) return `${seconds}s`
  if (seconds < hour) return withRest(seconds, minute, 'm', 1, 's')
  if (seconds < day) return withRest(seconds, hour, 'h', minute, 'm')
  return withRest(seconds, day, 'd', hour, 'h')
}

const withRest = (seconds: number, unit: number, name: string, small: number, smallName: string): string => {
  const rest = Math.floor((seconds % unit) / small)
  return `${Math.floor(seconds / unit)}${name}${rest === 0 ? '' : `${rest}${smallName}`}`
}

/** @param time RFC 3339 */
export const age = (time: string | undefined, nowMs: number): string | undefined => {
  const since = Date.parse(time ?? '')
  return Number.isNaN(since) ? undefined : duration(nowMs - since)
}

/** Four digits that count; small numbers keep theirs. */
export const figure = (value: number | undefined): string | undefined => {
  if (value === undefined || !Number.isFinite(value)) return undefined
  return String(Number(value.toPrecision(4)))
}

export const milliseconds = (value: number | undefined): string | undefined => {
  const text = figure(value)
  return text === undefined ? undefined : `${text} ms`
}

/** The first digits of `sha256:…`, enough to tell versions apart. */
export const shortDigest = (digest: string | undefined): string | undefined =>
  digest?.replace(/^sha256:/, '').slice(0, 12)
