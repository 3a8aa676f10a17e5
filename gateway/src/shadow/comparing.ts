/** The thread that compares answers: reading a long one takes milliseconds, which callers would wait for. */
import { parentPort } from 'node:worker_threads'
import { compareAnswers } from './compare.ts'
import type { Asked, Compared } from './comparer.ts'

parentPort?.on('message', ({ id, stable, canary, form, comparison }: Asked) => {
  const compared: Compared = { id, agreement: compareAnswers(stable, canary, form, comparison) }
  parentPort?.postMessage(compared)
})
