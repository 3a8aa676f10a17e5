/** Bytes of bodies that wait in memory, of all requests together: many small ones weigh as much as a few large ones. */
/** Counts further bytes of a request. @returns false where there is no room for them */
export type Hold = (bytes: number) => boolean

/** The answer to a request, of either protocol. */
interface Answer {
  readonly closed: boolean
  readonly once: (event: 'close', listener: () => void) => unknown
}

/** Holds bytes for a request until its answer has been sent, or its caller has left. */
export type BodyMemory = (answer: Answer) => Hold

/** @param mostBytes of all requests together */
export const createBodyMemory = (mostBytes: number): BodyMemory => {
  let held = 0
  return (answer) => {
    let own = 0
    return (bytes) => {
      if (answer.closed) return true
      if (held + bytes > mostBytes) return false
      if (own === 0)
        answer.once('close', () => {
          held -= own
        })
      own += bytes
      held += bytes
      return true
    }
  }
}
