/**
 * A worker thread that sends load, so that neither garbage of the main thread nor its work is in a latency. Messages in:
 * a list of requests for a server, then rounds.
 */
import { parentPort } from 'node:worker_threads'
import { type RoundPlan, type RoundResult, runRound } from './round.ts'

export type LoadMessage =
  | { readonly kind: 'requests'; readonly requests: readonly Uint8Array[] }
  | { readonly kind: 'round'; readonly plan: RoundPlan }

let requests: readonly Uint8Array[] = []
const nowMs = (): number => performance.now()

parentPort?.on('message', (message: LoadMessage) => {
  if (message.kind === 'requests') {
    requests = message.requests
    return
  }
  void runRound(message.plan, requests, nowMs).then((result: RoundResult) => parentPort?.postMessage(result))
})
