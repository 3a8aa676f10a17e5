/** How long the gateway waits for its callers. Milliseconds. */

export interface Patience {
  /** Limit from connecting, or from the first byte of a later request, to the end of the headers; a handshake of TLS has the same. */
  readonly headersMs: number
  /** Limit for a whole request to arrive. */
  readonly requestMs: number
  /** Limit for a connection that is idle between two requests. */
  readonly idleMs: number
  /** Limit for a caller that takes nothing of its answer. */
  readonly unreadMs: number
}

export const defaultPatience: Patience = {
  headersMs: 20_000,
  requestMs: 120_000,
  // Longer than the idle time of usual load balancers, so that they close connections and never meet one just closed.
  idleMs: 75_000,
  unreadMs: 30_000,
}

/** How often connections are looked at, so that none waits much longer than it may. @param leastMs the shortest of the limits */
export const lookEvery = (leastMs: number): number => Math.min(1000, Math.max(20, Math.floor(leastMs / 6)))
