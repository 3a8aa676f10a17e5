/** Counted requests to a model whose versions are adders: what was sent, what was answered and by which, what was lost and how. */
import { Worker } from 'node:worker_threads'

export interface Tally {
  sent: number
  /** Answers by the summand of the version that gave them. */
  readonly answered: Record<number, number>
  /** Requests without the right answer, by what became of them. */
  readonly lost: Record<string, number>
  slowestMs: number
  /** A line for each of the lost. */
  readonly details: string[]
}

/** `kept`: over connections that the client keeps. `fresh`: a new connection for each request. */
export const streams = ['kept', 'fresh'] as const
export type Stream = (typeof streams)[number]
export type Tallies = Readonly<Record<Stream, Tally>>

export interface TrafficOptions {
  readonly url: string
  readonly model: string
  /** What the model asks its callers for; none where it is absent. */
  readonly apiKey?: string
  /** Requests per second of each of the two streams. */
  readonly perSecond: number
  /** Summands of the versions that may answer. */
  readonly summands: readonly number[]
  /** How long an answer may take: ms. It is 10 s unless told, far beyond what an answer takes and within what the server allows itself. */
  readonly patienceMs?: number
}

export type Order =
  | { readonly kind: 'take' }
  | { readonly kind: 'expect'; readonly summands: readonly number[] }
  | { readonly kind: 'pace'; readonly perSecond: number }
  | { readonly kind: 'stop' }

const emptyTally = (): Tally => ({ sent: 0, answered: {}, lost: {}, slowestMs: 0, details: [] })

export const emptyTallies = (): Tallies => ({ kept: emptyTally(), fresh: emptyTally() })

const addCounts = (into: Record<string, number>, more: Readonly<Record<string, number>>): void => {
  for (const [key, count] of Object.entries(more)) into[key] = (into[key] ?? 0) + count
}

const addTally = (all: readonly Tally[]): Tally => {
  const sum = emptyTally()
  for (const { sent, answered, lost, slowestMs, details } of all) {
    sum.sent += sent
    addCounts(sum.answered, answered)
    addCounts(sum.lost, lost)
    sum.slowestMs = Math.max(sum.slowestMs, slowestMs)
    sum.details.push(...details)
  }
  return sum
}

export const addTallies = (all: readonly Tallies[]): Tallies => ({
  kept: addTally(all.map(({ kept }) => kept)),
  fresh: addTally(all.map(({ fresh }) => fresh)),
})

export interface Traffic {
  /** What was sent since the last time, once all of it has come to an end. */
  readonly take: () => Promise<Tallies>
  /** Changes the versions that may answer. A request that is under way may still be answered by the earlier ones. */
  readonly expect: (summands: readonly number[]) => Promise<void>
  /** Changes the requests per second of each stream; 0 sends none until it is called again. */
  readonly pace: (perSecond: number) => Promise<void>
  /** Called again, it answers the same. */
  readonly stop: () => Promise<Tallies>
}

/** Goes on until it is stopped. */
export const startTraffic = async (options: TrafficOptions): Promise<Traffic> => {
  const thread = new Worker(new URL('./traffic-thread.ts', import.meta.url), { workerData: options })
  let last: Promise<unknown> = new Promise<void>((resolve, reject) => {
    thread.once('online', resolve).once('error', reject)
  })
  await last
  let stopped: Promise<Tallies> | undefined
  /** One order at a time, so that each answer is that of its order. */
  const order = (what: Order): Promise<Tallies> => {
    const answer = last.then(
      () =>
        new Promise<Tallies>((resolve, reject) => {
          const failed = (error: unknown): void => reject(error)
          thread.once('error', failed)
          thread.once('message', (tallies: Tallies) => {
            thread.off('error', failed)
            resolve(tallies)
          })
          thread.postMessage(what)
        }),
    )
    last = answer
    return answer
  }
  return {
    take: () => order({ kind: 'take' }),
    expect: async (summands) => void (await order({ kind: 'expect', summands })),
    pace: async (perSecond) => void (await order({ kind: 'pace', perSecond })),
    stop: () => {
      stopped ??= order({ kind: 'stop' })
      return stopped
    },
  }
}
