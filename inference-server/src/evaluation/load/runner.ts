/** A candidate under load: one round of it, and what warms it up. */
import { setTimeout as sleep } from 'node:timers/promises'
import { CandidateError } from '../../accuracy/candidate-error.ts'
import { isOutOfMemory, whyEnded } from '../serving/server-end.ts'
import type { ServerProcess } from '../serving/server-process.ts'
import type { Pace } from './effort.ts'
import type { Measured } from './figures.ts'
import type { Load } from './load.ts'
import type { RoundPlan, RoundResult } from './round.ts'
import { median } from './statistics.ts'

export interface Runner {
  readonly requests: readonly Uint8Array[]
  /** Time for its load. */
  readonly budgetMs: number
  /** Its server, started anew where it was ended to make room. @throws CandidateError */
  readonly server: () => Promise<ServerProcess>
  /** Called after each turn: a server that does not fit beside the others is ended. */
  readonly rest: () => Promise<void>
}

/** Who sends the load, and how. */
export interface Sender {
  readonly load: Load
  readonly pace: Pace
  /** Ascending, 1 the first. */
  readonly concurrencies: readonly number[]
  readonly nowMs: () => number
  readonly signal: AbortSignal
}

const failedRequest = (
  { status, text }: Extract<RoundResult, { kind: 'failed' }>,
  concurrency: number,
): CandidateError => {
  if (isOutOfMemory(text))
    return new CandidateError('OutOfMemory', `${text}; give the evaluation more memory`)
  const what = status === undefined ? text : `HTTP ${status}, ${text}`
  return new CandidateError('PredictionFailed', `a request failed with ${concurrency} in flight: ${what}`)
}

/** A server that ends breaks its connections off a moment before the system says that it has ended. */
const endDelayMs = 2000

/** @throws CandidateError where a request failed, or the server ended */
export const runOne = async (
  { load, signal }: Sender,
  { requests }: Runner,
  server: ServerProcess,
  times: Omit<RoundPlan, 'port'>,
): Promise<Measured> => {
  signal.throwIfAborted()
  const result = await load.round({ port: server.port, ...times }, requests)
  signal.throwIfAborted()
  if (result.kind === 'measured') return result
  if (result.status !== undefined) throw failedRequest(result, times.concurrency)
  const end = await Promise.race([server.ended, sleep(endDelayMs, undefined, { ref: false })])
  throw end ? whyEnded({ kind: 'ended', ...end }, 'answers') : failedRequest(result, times.concurrency)
}

/** Windows of a warm-up, in milliseconds. */
const windowMs = 250
/** Throughputs of windows that lie so close are those of a warm server. */
const steadyWithin = 0.05
const steadyWindows = 3
/** Most of a candidate's time that its warm-up may take. */
const warmShare = 0.25

const isSteady = (windows: readonly number[]): boolean => {
  const last = windows.slice(-steadyWindows)
  return last.length === steadyWindows && Math.max(...last) <= Math.min(...last) * (1 + steadyWithin)
}

/**
 * Loads with most requests in flight until the throughput is steady: code is compiled, arenas have grown, further sessions are open.
 * Then once with each number.
 * @returns about how long a request takes at each concurrency, in milliseconds
 */
export const warmUp = async (sender: Sender, runner: Runner): Promise<readonly number[]> => {
  const { concurrencies, nowMs, pace } = sender
  const server = await runner.server()
  const run = (concurrency: number): Promise<Measured> =>
    runOne(sender, runner, server, { concurrency, settleMs: 0, measureMs: windowMs })
  const windows: number[] = []
  const untilMs = nowMs() + Math.min(pace.warmMs, runner.budgetMs * warmShare)
  while (nowMs() < untilMs && !isSteady(windows))
    windows.push((await run(Math.max(...concurrencies))).answers)
  const latenciesMs: number[] = []
  for (const concurrency of concurrencies) latenciesMs.push(median([...(await run(concurrency)).latenciesMs]))
  return latenciesMs
}
