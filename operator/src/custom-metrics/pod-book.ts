/** The readings of pods. A pod is asked on demand, and once in a few seconds however many autoscalers want to know. */
import type { Clock } from '@gantry/kube/clock.ts'
import type { LivePod } from '@gantry/kube/live.ts'
import { longestWindowMs, type Reading } from './reading.ts'

export interface PodBook {
  /** @returns what the pod has said, the latest at the end; nothing where it does not answer now, or not before the signal fires */
  readonly read: (pod: LivePod, signal: AbortSignal) => Promise<readonly Reading[]>
  /** Number of pods that are remembered. */
  readonly size: () => number
}

export interface PodBookOptions {
  readonly clock: Pick<Clock, 'elapsed'>
  /** Asks one pod; undefined where it does not answer within its own limit of time. */
  readonly ask: (pod: LivePod) => Promise<Reading | undefined>
}

/** An answer of this age is given again. Autoscalers ask every 15 s by default. */
const freshMs = 5_000
/** Pods asked at the same time, by all autoscalers together. */
const atOnce = 32
/** A pod that nobody asked about for this time is forgotten. */
const forgottenMs = 2 * longestWindowMs

interface Page {
  readonly readings: readonly Reading[]
  readonly askedAtMs: number
  /** The readings, once the pod has answered or failed to. */
  readonly answer: Promise<readonly Reading[]>
  readonly isPending: boolean
}

/**
 * Runs work a few at a time. Groups take turns, and work of one group runs in the order in which it comes: pods of one namespace
 * that answer late would keep those of all others waiting.
 */
const createTurns = (most: number) => {
  let running = 0
  const waiting = new Map<string, (() => void)[]>()
  const wait = (group: string): Promise<void> =>
    new Promise((resolve) => {
      const queue = waiting.get(group) ?? []
      queue.push(resolve)
      waiting.set(group, queue)
    })
  /** The group goes to the end of the line. */
  const next = (): (() => void) | undefined => {
    for (const [group, queue] of waiting) {
      const first = queue.shift()
      waiting.delete(group)
      if (queue.length > 0) waiting.set(group, queue)
      return first
    }
    return undefined
  }
  return async <T>(group: string, work: () => Promise<T>): Promise<T> => {
    if (running === most) await wait(group)
    else running += 1
    try {
      return await work()
    } finally {
      const following = next()
      if (following) following()
      else running -= 1
    }
  }
}

const fired = (signal: AbortSignal): Promise<readonly Reading[]> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve([])
    else signal.addEventListener('abort', () => resolve([]), { once: true })
  })

export const createPodBook = ({ clock, ask }: PodBookOptions): PodBook => {
  const pages = new Map<string, Page>()
  const inTurn = createTurns(atOnce)
  let sweptAtMs = clock.elapsed()

  const sweep = (nowMs: number): void => {
    if (nowMs - sweptAtMs < forgottenMs) return
    sweptAtMs = nowMs
    for (const [uid, { askedAtMs }] of pages) if (nowMs - askedAtMs > forgottenMs) pages.delete(uid)
  }

  /** Asks the pod, and notes on its page what it says. */
  const asking = async (
    pod: LivePod,
    uid: string,
    known: readonly Reading[],
  ): Promise<readonly Reading[]> => {
    const reading = await inTurn(pod.metadata.namespace ?? '', () => ask(pod))
    const askedAtMs = clock.elapsed()
    const kept = known.filter(({ atMs }) => atMs >= askedAtMs - longestWindowMs)
    const readings = reading ? [...kept, reading] : kept
    const answer = Promise.resolve(reading ? readings : [])
    pages.set(uid, { readings, askedAtMs, answer, isPending: false })
    return answer
  }

  const read: PodBook['read'] = async (pod, signal) => {
    const nowMs = clock.elapsed()
    sweep(nowMs)
    const { uid = '' } = pod.metadata
    const page = pages.get(uid)
    if (page && (page.isPending || nowMs - page.askedAtMs < freshMs))
      return Promise.race([page.answer, fired(signal)])
    const readings = page?.readings ?? []
    const answer = asking(pod, uid, readings)
    pages.set(uid, { readings, askedAtMs: nowMs, answer, isPending: true })
    return Promise.race([answer, fired(signal)])
  }
  return { read, size: () => pages.size }
}
