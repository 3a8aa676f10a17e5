/** Counts the users of something, so that it can be closed once there are none. */
export interface Callers {
  readonly enter: () => void
  /** Ends one `enter`. */
  readonly leave: () => void
  readonly count: () => number
  /** Runs `work` between `enter` and `leave`. */
  readonly during: <Result>(work: () => Promise<Result>) => Promise<Result>
  /** Settles when the count is 0; its user has to make sure that no more callers enter. */
  readonly gone: () => Promise<void>
}

export const createCallers = (): Callers => {
  let count = 0
  let empty: PromiseWithResolvers<void> | undefined
  const enter = (): void => {
    count += 1
  }
  const leave = (): void => {
    count -= 1
    if (count === 0) empty?.resolve()
  }
  return {
    enter,
    leave,
    count: () => count,
    during: async (work) => {
      enter()
      try {
        return await work()
      } finally {
        leave()
      }
    },
    gone: () => {
      if (count === 0) return Promise.resolve()
      empty ??= Promise.withResolvers()
      return empty.promise
    },
  }
}
