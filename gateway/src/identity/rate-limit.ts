/** How many requests each client may send: a bucket for each, which fills at a steady rate. */
import { Failure } from '../failure.ts'

export interface RateLimitOptions {
  /** Requests of one client, on average. */
  readonly requestsPerSecond: number
  /** Requests that a client may send at once after a pause. */
  readonly burst: number
}

/** @param burst undefined: twice what comes in a second */
export const rateLimitOptions = (requestsPerSecond: number, burst?: number): RateLimitOptions => ({
  requestsPerSecond,
  burst: burst ?? Math.max(1, 2 * requestsPerSecond),
})

export interface RateLimit {
  /** Counts a request of a client. @throws Failure too-many-requests */
  readonly take: (client: string) => void
  /** Counts further requests, such as those of a batch that has begun: the client waits for them afterwards. */
  readonly owe: (client: string, requests: number) => void
  /** Buckets stay as full as they are. @param options undefined: no limit */
  readonly set: (options: RateLimitOptions | undefined) => void
}

interface Bucket {
  /** It is below 0 after a batch that was larger than what was left. */
  left: number
  atMs: number
}

/** Clients that are remembered: whoever chooses addresses could otherwise fill the memory. */
const mostClients = 10_000
/** Buckets that are looked at for each client that finds no room. */
const looksForRoom = 16
/** The bucket of all those who find no room. */
const others = ''

const refused = (waitMs: number, { requestsPerSecond }: RateLimitOptions): Failure =>
  new Failure(
    'too-many-requests',
    `you have sent more than ${requestsPerSecond} requests a second, the most for one client; try again later`,
    { retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) },
  )

export const createRateLimit = (first: RateLimitOptions | undefined, nowMs: () => number): RateLimit => {
  let options = first
  const buckets = new Map<string, Bucket>()
  const filled = ({ left, atMs }: Bucket, { requestsPerSecond, burst }: RateLimitOptions): number =>
    Math.min(burst, left + ((nowMs() - atMs) / 1000) * requestsPerSecond)

  /**
   * A full bucket says nothing that a new one would not. The oldest are looked at, a few for each new client, and those that are in use
   * go behind the others: where all are in use, a new client costs no walk through all of them.
   */
  const makeRoom = (limits: RateLimitOptions): void => {
    let looks = looksForRoom
    for (const [client, bucket] of buckets) {
      buckets.delete(client)
      if (filled(bucket, limits) < limits.burst) buckets.set(client, bucket)
      looks -= 1
      if (looks === 0 || buckets.size < mostClients) return
    }
  }
  const bucketOf = (client: string, limits: RateLimitOptions): Bucket => {
    const known = buckets.get(client)
    if (known) return known
    if (buckets.size >= mostClients) makeRoom(limits)
    const name = buckets.size >= mostClients ? others : client
    const bucket = buckets.get(name) ?? { left: limits.burst, atMs: nowMs() }
    buckets.set(name, bucket)
    return bucket
  }
  const filledBucket = (client: string, limits: RateLimitOptions): Bucket => {
    const bucket = bucketOf(client, limits)
    bucket.left = filled(bucket, limits)
    bucket.atMs = nowMs()
    return bucket
  }
  return {
    take: (client) => {
      if (!options) return
      const bucket = filledBucket(client, options)
      if (bucket.left < 1) throw refused(((1 - bucket.left) / options.requestsPerSecond) * 1000, options)
      bucket.left -= 1
    },
    owe: (client, requests) => {
      if (options) filledBucket(client, options).left -= requests
    },
    set: (next) => {
      options = next
    },
  }
}
