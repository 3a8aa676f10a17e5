/** Endpoints that fail again and again get no requests for a while. */
import type { Upstream } from './upstream.ts'

/** So many failures in a row eject an endpoint. */
const mostFailures = 5
/** Duration of the first ejection; each further one in a row is twice as long. */
const firstEjectionMs = 5000
const longestEjectionMs = 60_000

/**
 * A failure of the endpoint and not of the request: no answer, or one that says that the server cannot answer. A 500 may come
 * from the inputs of one caller, and 429 is a full queue.
 */
export const isFailure = (status: number): boolean => status === 502 || status === 503 || status === 504

/** @returns whether the endpoint had been ejected */
export const succeeded = (upstream: Upstream, nowMs: number): boolean => {
  upstream.failures = 0
  if (upstream.ejectedUntilMs === 0 || nowMs < upstream.ejectedUntilMs) return false
  upstream.ejectedUntilMs = 0
  upstream.ejections = 0
  // It takes its share slowly, as a new one does.
  upstream.sinceMs = nowMs
  return true
}

/**
 * @param others of the same track: the last one that is left is never ejected
 * @returns whether it is ejected now
 */
export const failed = (upstream: Upstream, others: readonly Upstream[], nowMs: number): boolean => {
  upstream.failures += 1
  const isBack = upstream.ejectedUntilMs !== 0 && nowMs >= upstream.ejectedUntilMs
  if (!isBack && (upstream.failures < mostFailures || upstream.ejectedUntilMs !== 0)) return false
  const isLast = others.every((other) => other === upstream || other.ejectedUntilMs !== 0)
  if (isLast) return false
  upstream.ejectedUntilMs = nowMs + Math.min(longestEjectionMs, firstEjectionMs * 2 ** upstream.ejections)
  upstream.ejections += 1
  return true
}
