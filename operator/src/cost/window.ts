/** What a model spent and answered in the last hour, measurement by measurement. */

export interface VersionSpent {
  readonly answered: number
  /** Money for its pods. */
  readonly hardware: number
  /** The part of `hardware` that paid for capacity which was measured and not used. */
  readonly idle: number
}

export interface Spent {
  readonly ms: number
  /** Money for storage. */
  readonly base: number
  readonly versions: ReadonlyMap<string, VersionSpent>
}

const windowMs = 3_600_000
/** Bounds the memory of a model, however short the interval is. */
const mostEntries = 720

const none: VersionSpent = { answered: 0, hardware: 0, idle: 0 }

const plus = (a: VersionSpent, b: VersionSpent): VersionSpent => ({
  answered: a.answered + b.answered,
  hardware: a.hardware + b.hardware,
  idle: a.idle + b.idle,
})

/** The last hour, the oldest measurement first. A new window; the given one stays as it is. */
export const extended = (window: readonly Spent[], spent: Spent): readonly Spent[] => {
  const all = [...window, spent].slice(-mostEntries)
  let ms = all.reduce((sum, one) => sum + one.ms, 0)
  let first = 0
  while (first < all.length - 1 && ms > windowMs) {
    ms -= all[first]?.ms ?? 0
    first += 1
  }
  return all.slice(first)
}

/** The sum of a window. */
export const sumOf = (window: readonly Spent[]): Spent => {
  const versions = new Map<string, VersionSpent>()
  let [ms, base] = [0, 0]
  for (const spent of window) {
    ms += spent.ms
    base += spent.base
    for (const [version, one] of spent.versions)
      versions.set(version, plus(versions.get(version) ?? none, one))
  }
  return { ms, base, versions }
}

const hourMs = 3_600_000

/** Answered requests per hour. */
export const ratePerHour = ({ ms }: Pick<Spent, 'ms'>, answered: number): number =>
  ms > 0 ? (answered * hourMs) / ms : 0

/** What a thousand answered requests of a version cost, the idle part of it apart. Storage is spread over the requests of all versions. */
export interface PerThousand {
  readonly busy: number
  readonly idle: number
}

/** @returns undefined where none was answered: no price would be true then */
export const perThousandOf = (sum: Spent, version: string, perRequest: number): PerThousand | undefined => {
  const { answered, hardware, idle } = sum.versions.get(version) ?? none
  if (answered <= 0) return undefined
  const all = [...sum.versions.values()].reduce((count, one) => count + one.answered, 0)
  const busy = (hardware - idle) / answered + sum.base / all + perRequest
  return { busy: busy * 1000, idle: (idle / answered) * 1000 }
}
