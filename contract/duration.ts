/** Limits of time in messages, made from the constants that set them. */
const units = [
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1_000, 'second'],
] as const

/** `21_600_000` -> `6 hours`, in the largest unit of which it is a whole number; `1500` -> `1.5 seconds`. */
export const shownDuration = (ms: number): string => {
  const [unitMs, name] = units.find(([unit]) => ms >= unit && ms % unit === 0) ?? units[2]
  const count = ms / unitMs
  return `${count} ${name}${count === 1 ? '' : 's'}`
}

/** Seconds of a limit as spec writes it, such as `10m`; undefined for what is none. */
export const parsedSeconds = (text: string): number | undefined => {
  const [, count, unit = ''] = /^(\d+)([smh])$/.exec(text) ?? []
  const seconds = Number(count) * ({ s: 1, m: 60, h: 3600 }[unit] ?? Number.NaN)
  return Number.isSafeInteger(seconds) ? seconds : undefined
}
