/** Copies that wait for their turn, model by model, so that a canary that hangs holds those of its own model only. */
import type { ServedModel } from '../balancing/served-model.ts'

export interface Queues {
  /** @returns false where too many wait already */
  readonly add: (served: ServedModel, run: () => Promise<void>) => boolean
}

/** Copies that wait for one model. */
const mostWaiting = 32
/** Copies under way at each endpoint of a canary, which has pods for its first share of the requests only. */
const mostAtOnce = 4

interface Queue {
  readonly waiting: (() => Promise<void>)[]
  running: number
}

export const createQueues = (): Queues => {
  const queues = new WeakMap<ServedModel, Queue>()
  const queueOf = (served: ServedModel): Queue => {
    const queue = queues.get(served) ?? { waiting: [], running: 0 }
    queues.set(served, queue)
    return queue
  }
  const begin = (served: ServedModel, queue: Queue): void => {
    const most = mostAtOnce * Math.max(1, served.upstreams('canary').length)
    while (queue.running < most) {
      const next = queue.waiting.shift()
      if (!next) return
      queue.running += 1
      void next().finally(() => {
        queue.running -= 1
        begin(served, queue)
      })
    }
  }
  return {
    add: (served, run) => {
      const queue = queueOf(served)
      if (queue.waiting.length >= mostWaiting) return false
      queue.waiting.push(run)
      // The caller's answer leaves first.
      setImmediate(begin, served, queue)
      return true
    },
  }
}
