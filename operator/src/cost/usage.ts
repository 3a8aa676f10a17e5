/** What a server did between two readings of its counters. */
import type { Amounts } from '@gantry/evaluation/hourly-cost.ts'
import type { Counters } from './counters.ts'

export interface Reading {
  readonly counters: Counters
  /** Milliseconds of the monotonic clock. */
  readonly at: number
}

export interface Usage {
  readonly answered: number
  /** Share of what the pod asks for that it used, from 0 to 1. */
  readonly busyShare: number
}

/** The counters of a server before it started. */
export const nothingCounted: Counters = {
  startedAt: -1,
  ...{ answered: 0, asked: 0, cpuSeconds: 0, inferSeconds: 0, runs: 0, pending: 0 },
}

/** A server that was restarted counts from zero; so does one whose counters fell although its start is the same. */
const hasRestarted = (before: Counters, now: Counters): boolean =>
  before.startedAt !== now.startedAt || now.answered < before.answered || now.cpuSeconds < before.cpuSeconds

const isGpu = (resource: string): boolean => resource.includes('/')

/** A run that answers several requests is in the sum of each of them: the mean over requests, times the number of runs, is about the time that the session ran. */
const runSeconds = (answered: number, inferSeconds: number, runs: number): number =>
  answered > 0 && runs > 0 && runs < answered ? (inferSeconds / answered) * runs : inferSeconds

/**
 * The use of a pod's capacity: the share of time in which its session ran for a pod with a GPU, and otherwise the CPU time that
 * the server took, of the CPU that the pod asks for.
 */
export const usageBetween = (before: Reading, now: Reading, requests: Amounts): Usage => {
  const from = hasRestarted(before.counters, now.counters) ? nothingCounted : before.counters
  const seconds = (now.at - before.at) / 1000
  const { counters } = now
  const answered = counters.answered - from.answered
  const inferSeconds = Math.max(0, counters.inferSeconds - from.inferSeconds)
  const runs = Math.max(0, counters.runs - from.runs)
  const hasGpu = Object.entries(requests).some(([name, count]) => isGpu(name) && count > 0)
  const used = hasGpu ? runSeconds(answered, inferSeconds, runs) : counters.cpuSeconds - from.cpuSeconds
  const capacity = seconds * (hasGpu ? 1 : (requests['cpu'] ?? 0))
  return { answered, busyShare: capacity > 0 ? Math.min(used / capacity, 1) : 1 }
}
