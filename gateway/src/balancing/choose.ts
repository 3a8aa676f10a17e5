/** Which endpoint of a track gets a request. */
import type { Upstream } from './upstream.ts'

/** A new endpoint takes its full share after this time: caches are cold, and a first batch compiles. */
export const slowStartMs = 30_000
/** Share of a new endpoint at the start. */
const firstShare = 0.1

/** Share of an endpoint's requests beside one that has been there for long, 0.1 to 1. */
const shareOf = ({ sinceMs }: Upstream, nowMs: number): number => {
  const age = nowMs - sinceMs
  return age >= slowStartMs ? 1 : Math.max(firstShare, age / slowStartMs)
}

/** Whether it may get a request. An endpoint that returns from ejection gets one at a time until one has succeeded. */
const isOpen = ({ ejectedUntilMs, outstanding }: Upstream, nowMs: number): boolean =>
  ejectedUntilMs === 0 || (nowMs >= ejectedUntilMs && outstanding === 0)

export type Choice = (nowMs: number, tried: readonly Upstream[]) => Upstream | undefined

export interface Chooser {
  readonly leastOutstanding: Choice
  readonly roundRobin: Choice
}

/** @param upstreams of one track, as they are at each call */
export const createChooser = (upstreams: () => readonly Upstream[]): Chooser => {
  /** The place of the last choice; ties go to the next one after it, so that idle endpoints take turns. */
  let last = -1
  const least = (nowMs: number, tried: readonly Upstream[], mayBeEjected: boolean): number => {
    const all = upstreams()
    let best = -1
    let bestLoad = Number.POSITIVE_INFINITY
    for (let step = 1; step <= all.length; step++) {
      const at = (last + step) % all.length
      const upstream = all[at] as Upstream
      if (tried.includes(upstream) || (!mayBeEjected && !isOpen(upstream, nowMs))) continue
      const load = (upstream.outstanding + 1) / shareOf(upstream, nowMs)
      if (load < bestLoad) [best, bestLoad] = [at, load]
    }
    return best
  }
  const next = (nowMs: number, tried: readonly Upstream[], mayBeEjected: boolean): number => {
    const all = upstreams()
    for (let step = 1; step <= all.length; step++) {
      const at = (last + step) % all.length
      const upstream = all[at] as Upstream
      if (!tried.includes(upstream) && (mayBeEjected || isOpen(upstream, nowMs))) return at
    }
    return -1
  }
  /** Ejection never shuts the last one out: where all are ejected, all are asked. */
  const chosen =
    (find: typeof least): Choice =>
    (nowMs, tried) => {
      const open = find(nowMs, tried, false)
      const at = open >= 0 ? open : find(nowMs, tried, true)
      if (at < 0) return undefined
      last = at
      return upstreams()[at]
    }
  return { leastOutstanding: chosen(least), roundRobin: chosen(next) }
}
