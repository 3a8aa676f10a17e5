/** Load on a server of this machine, sent by a thread of its own. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { LoadMessage } from './load-thread.ts'
import type { RoundPlan, RoundResult } from './round.ts'

export interface Load extends AsyncDisposable {
  /** One round at a time. @param requests whole HTTP/1.1 requests, sent in turn */
  readonly round: (plan: RoundPlan, requests: readonly Uint8Array[]) => Promise<RoundResult>
}

export const createLoad = (): Load => {
  const thread = new Worker(new URL('./load-thread.ts', import.meta.url))
  const post = (message: LoadMessage): void => thread.postMessage(message)
  let loaded: readonly Uint8Array[] | undefined
  return {
    round: async (plan, requests) => {
      if (requests !== loaded) post({ kind: 'requests', requests })
      loaded = requests
      post({ kind: 'round', plan })
      const [result] = (await once(thread, 'message')) as [RoundResult]
      return result
    },
    [Symbol.asyncDispose]: async () => {
      await thread.terminate()
    },
  }
}
