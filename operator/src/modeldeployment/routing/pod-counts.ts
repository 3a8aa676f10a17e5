/** What one pod has counted of its requests, read from its /metrics. */
import { failureStatuses } from '@gantry/contract/failures.ts'
import { serverMetrics } from '@gantry/contract/metrics.ts'
import { httpPort, paths } from '@gantry/contract/server.ts'
import { isCount, samplesOf } from '../../runtime/metrics-text.ts'
import { askPod, type PodAddress } from '../../runtime/pod-http.ts'

/** All of them only grow while the server runs. */
export interface PodCounts {
  /** Seconds since the epoch at which the server started; another one means that it counts from zero again. */
  readonly startedAt: number
  readonly requests: number
  /** Requests that failed by the server's fault. */
  readonly errors: number
  /** Those of them that took too long. */
  readonly timeouts: number
  /** Requests with an answer. */
  readonly answered: number
  /** Answers within so many milliseconds, by the bound. */
  readonly within: ReadonlyMap<number, number>
}

const patienceMs = 2_000
/** A server's text has some 15 KiB, and 300 KiB with many endpoints and versions. */
const mostBytes = 512 * 1024

const processStart = 'process_start_time_seconds'
const bucket = `${serverMetrics.requestDuration}_bucket`

const statusOf = (labels: string): number => {
  const kind = /(?:^|,)kind="([^"]*)"/.exec(labels)?.[1] ?? ''
  return Object.hasOwn(failureStatuses, kind) ? failureStatuses[kind as keyof typeof failureStatuses] : 500
}

/** @returns undefined for a text that is not a server's metrics */
export const podCountsOf = (text: string): PodCounts | undefined => {
  let startedAt: number | undefined
  const sums = { requests: 0, errors: 0, timeouts: 0, answered: 0 }
  const within = new Map<number, number>()
  const readers: Readonly<Record<string, (labels: string, value: number) => void>> = {
    [processStart]: (_, value) => {
      startedAt = value
    },
    [serverMetrics.requests]: (_, value) => {
      sums.requests += value
    },
    [serverMetrics.errors]: (labels, value) => {
      const status = statusOf(labels)
      if (status >= 500) sums.errors += value
      if (status === 504) sums.timeouts += value
    },
    [bucket]: (labels, value) => {
      const le = /(?:^|,)le="([^"]*)"/.exec(labels)?.[1] ?? ''
      if (le === '+Inf') sums.answered += value
      const ms = Math.round(Number(le) * 1e6) / 1e3
      if (ms > 0 && Number.isFinite(ms)) within.set(ms, (within.get(ms) ?? 0) + value)
    },
  }
  for (const { name, labels, value } of samplesOf(text)) {
    if (!Object.hasOwn(readers, name)) continue
    if (!isCount(value)) return undefined
    readers[name]?.(labels, value)
  }
  return startedAt === undefined ? undefined : { startedAt, ...sums, within }
}

/** Asks one server. @returns undefined where it does not answer, or answers something else */
export const readPodCounts = async (
  pod: PodAddress,
  signal: AbortSignal,
  port = httpPort,
): Promise<PodCounts | undefined> => {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)])
  try {
    const text = await askPod(pod, { port, path: paths.metrics, mostBytes }, deadline)
    return text === undefined ? undefined : podCountsOf(text)
  } catch {
    return undefined
  }
}
