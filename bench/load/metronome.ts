/**
 * A thread that says when the next request is due: the thread that sends cannot wait for parts of a millisecond, and a wait that
 * spins would take the processor from the servers.
 */
import { parentPort, workerData } from 'node:worker_threads'

export interface Beats {
  /** Time of the first one, nanoseconds of process.hrtime. */
  readonly firstNs: bigint
  readonly intervalNs: bigint
  readonly count: number
}

const { firstNs, intervalNs, count } = workerData as Beats
const nobody = new Int32Array(new SharedArrayBuffer(4))

for (let at = 0; at < count; at += 1) {
  const dueNs = firstNs + BigInt(at) * intervalNs
  const waitMs = Number(dueNs - process.hrtime.bigint()) / 1e6
  if (waitMs > 0) Atomics.wait(nobody, 0, 0, waitMs)
  parentPort?.postMessage(at)
}
