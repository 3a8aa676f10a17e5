/** Retries are at most a tenth of the requests, so that a model in trouble does not get twice the load. */

/** Retries for each request. */
const share = 0.1
/** Retries that a quiet model has in store: an endpoint that goes fails the requests of a moment. */
const most = 10

export interface RetryBudget {
  /** A request has come. */
  readonly earn: () => void
  /** @returns whether a request may be sent once more */
  readonly spend: () => boolean
}

export const createRetryBudget = (): RetryBudget => {
  let credit = most
  return {
    earn: () => {
      credit = Math.min(most, credit + share)
    },
    spend: () => {
      if (credit < 1) return false
      credit -= 1
      return true
    },
  }
}
