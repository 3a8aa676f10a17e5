/** The counters of one server, read from its /metrics as Prometheus would. */
import { serverMetrics } from '@gantry/contract/metrics.ts'
import { httpPort, paths } from '@gantry/contract/server.ts'
import { isCount, samplesOf } from '../runtime/metrics-text.ts'
import { askPod, type PodAddress } from '../runtime/pod-http.ts'

/** All of them only grow while the server runs. */
export interface Counters {
  /** Seconds since the epoch at which the server started; another one means that it counts from zero again. */
  readonly startedAt: number
  /** Requests that were answered with a result. */
  readonly answered: number
  /** Inferences that have ended, however they did. */
  readonly asked: number
  readonly cpuSeconds: number
  /** Sum over requests of the seconds that their runs took. */
  readonly inferSeconds: number
  /** Runs of sessions; one may answer several requests. */
  readonly runs: number
  /** Requests without a whole answer now; this one may fall. */
  readonly pending: number
}

const patienceMs = 2_000
/** A server's text has some 15 KiB, and 300 KiB with many endpoints and versions. */
const mostBytes = 512 * 1024

const processStart = 'process_start_time_seconds'
const cpuSeconds = 'process_cpu_seconds_total'
const inferSum = `${serverMetrics.inferDuration}_sum`
const answeredSum = `${serverMetrics.requests} answered`
const runCount = `${serverMetrics.batchRows}_count`
const read: ReadonlySet<string> = new Set([
  serverMetrics.requests,
  serverMetrics.queueLength,
  serverMetrics.inFlight,
  processStart,
  cpuSeconds,
  inferSum,
  runCount,
])

/** @returns undefined for a text that is not a server's metrics */
export const countersOf = (text: string): Counters | undefined => {
  const sums = new Map<string, number>()
  const add = (name: string, number: number): void => void sums.set(name, (sums.get(name) ?? 0) + number)
  for (const { name, labels, value } of samplesOf(text)) {
    if (!read.has(name)) continue
    if (!isCount(value)) return undefined
    add(name, value)
    if (name === serverMetrics.requests && labels.includes('outcome="answered"')) add(answeredSum, value)
  }
  if (!sums.has(processStart) || !sums.has(cpuSeconds)) return undefined
  const sum = (name: string): number => sums.get(name) ?? 0
  return {
    startedAt: sum(processStart),
    answered: sum(answeredSum),
    asked: sum(serverMetrics.requests),
    cpuSeconds: sum(cpuSeconds),
    inferSeconds: sum(inferSum),
    runs: sum(runCount),
    pending: sum(serverMetrics.queueLength) + sum(serverMetrics.inFlight),
  }
}

/** Asks one server. @returns undefined where it does not answer, or answers something else */
export const readCounters = async (
  pod: PodAddress,
  signal: AbortSignal,
  port = httpPort,
): Promise<Counters | undefined> => {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)])
  try {
    const text = await askPod(pod, { port, path: paths.metrics, mostBytes }, deadline)
    return text === undefined ? undefined : countersOf(text)
  } catch {
    return undefined
  }
}
