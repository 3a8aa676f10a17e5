/** Asks one server for its load. */
import { httpPort, paths } from '@gantry/contract/server.ts'
import type { Clock } from '@gantry/kube/clock.ts'
import type { LivePod } from '@gantry/kube/live.ts'
import { askPod, type PodAddress } from '../runtime/pod-http.ts'
import { type Reading, readingOf } from './reading.ts'

export interface AskOptions {
  readonly clock: Pick<Clock, 'elapsed' | 'now'>
  readonly addressOf: (pod: LivePod) => PodAddress | undefined
  /** Port of the pods. */
  readonly podPort?: number
}

const patienceMs = 2_000
/** A server's text has some 15 KiB, and 300 KiB with many endpoints and versions. */
const mostBytes = 512 * 1024

/** @returns undefined where it is not ready, does not answer, or answers something else */
export const askLoad = async (
  { clock, addressOf, podPort = httpPort }: AskOptions,
  pod: LivePod,
): Promise<Reading | undefined> => {
  const address = addressOf(pod)
  if (!address) return undefined
  const question = { port: podPort, path: paths.metrics, mostBytes }
  try {
    const text = await askPod(address, question, AbortSignal.timeout(patienceMs))
    return text === undefined ? undefined : readingOf(text, { atMs: clock.elapsed(), wallMs: clock.now() })
  } catch {
    return undefined
  }
}
