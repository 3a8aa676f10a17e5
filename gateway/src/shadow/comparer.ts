/** Has answers compared by a thread of its own, which is started with the first comparison. */
import { Worker } from 'node:worker_threads'
import type { Answer, AnswerForm } from './answer.ts'
import type { Agreement, Comparison } from './compare.ts'

export interface Question {
  readonly stable: Answer
  readonly canary: Answer
  readonly form: AnswerForm
  readonly comparison: Comparison
}

export interface Asked extends Question {
  readonly id: number
}
export interface Compared {
  readonly id: number
  readonly agreement: Agreement
}

export interface Comparer {
  /** @returns undefined where the thread ended before it had an answer */
  readonly compare: (question: Question) => Promise<Agreement | undefined>
  readonly close: () => Promise<void>
}

/** Heap of the thread, MiB: two answers of a MiB of JSON each take a tenth of it. */
const mostHeap = 96

export const createComparer = (): Comparer => {
  const waiting = new Map<number, (agreement: Agreement | undefined) => void>()
  let worker: Worker | undefined
  let asked = 0

  const settle = (id: number, agreement: Agreement | undefined): void => {
    waiting.get(id)?.(agreement)
    waiting.delete(id)
    // A thread that has nothing to do keeps no process alive.
    if (waiting.size === 0) worker?.unref()
  }
  /** An answer that ends the thread ends the comparisons that wait for it; the next one has a new thread. */
  const ended = (gone: Worker): void => {
    if (worker !== gone) return
    worker = undefined
    for (const id of [...waiting.keys()]) settle(id, undefined)
  }
  const started = (): Worker => {
    const next = new Worker(new URL('./comparing.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: mostHeap, maxYoungGenerationSizeMb: 16 },
    })
    next.on('message', ({ id, agreement }: Compared) => settle(id, agreement))
    next.on('error', () => ended(next))
    next.on('exit', () => ended(next))
    return next
  }
  return {
    compare: (question) => {
      worker ??= started()
      const thread = worker
      asked += 1
      const id = asked
      return new Promise((resolve) => {
        waiting.set(id, resolve)
        thread.ref()
        thread.postMessage({ ...question, id })
      })
    },
    close: async () => {
      const last = worker
      worker = undefined
      for (const id of [...waiting.keys()]) settle(id, undefined)
      await last?.terminate()
    },
  }
}
