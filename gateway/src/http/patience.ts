/** How long the gateway waits for its callers. Milliseconds. */

export interface Patience {
  /** From connecting, or from the first byte of a later request, to the end of the headers; and for a handshake of TLS. */
  readonly headersMs: number
  /** For a whole request to arrive. */
  readonly requestMs: number
  /** Of a connection between two requests. */
  readonly idleMs: number
  /** In which a caller takes nothing of its answer. */
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
