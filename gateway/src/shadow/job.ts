/** One copy: it is sent, and its answer compared with that of the caller. */
import type { Upstream } from '../balancing/upstream.ts'
import type { Shadow as Asked } from '../models/model.ts'
import type { Call } from '../proxy/call.ts'
import { type Answer, type AnswerForm, answerFormOf } from './answer.ts'
import { copyHeaders, isSampled, mayVary } from './asked.ts'
import type { Agreement } from './compare.ts'
import type { Comparer } from './comparer.ts'
import { type Copied, sendCopy } from './copy.ts'
import type { Result } from './counts.ts'

export interface Job {
  readonly call: Call
  /** What the caller got. */
  readonly stable: Answer
  readonly comparison: Asked
}

export interface JobWorld {
  readonly comparer: Comparer
  readonly nowMs: () => number
  readonly hold: (bytes: number) => boolean
  readonly signal: AbortSignal
}

/** Statuses of a server that has too much to do, which copies are a part of. */
const overloaded: ReadonlySet<number> = new Set([429, 503])

const bodyOf = ({ body }: Call): Buffer | undefined => body as Buffer | undefined

const sent = ({ call }: Job, upstream: Upstream, { hold, signal }: JobWorld): Promise<Copied> => {
  const { method, path, headers, served } = call
  const { timeoutMs, asksForKeys = false } = served.model()
  const copy = { method, path, headers: copyHeaders(headers, asksForKeys), body: bodyOf(call), timeoutMs }
  return sendCopy(upstream, copy, hold, signal)
}

const unanswered = (kind: Exclude<Copied['kind'], 'answered'>, { isGone }: Upstream): Result => {
  if (kind === 'aborted') return { kind: 'not-copied', reason: 'busy' }
  // A pod that ends breaks its connections off.
  return isGone ? { kind: 'not-copied', reason: 'no-endpoint' } : { kind: 'disagreed', reason: kind }
}

/** Whether stable itself answers the request otherwise the second time: a folder may say that texts are drawn by chance. */
const isUnsteady = async (job: Job, form: AnswerForm, world: JobWorld): Promise<boolean> => {
  const { call, stable, comparison } = job
  const upstream = call.served.chooser('stable').leastOutstanding(world.nowMs(), [])
  const again = upstream && (await sent(job, upstream, world))
  if (again?.kind !== 'answered') return true
  const agreement = await world.comparer.compare({ stable, canary: again.answer, form, comparison })
  return agreement?.kind !== 'agreed'
}

const judged = async (
  agreement: Agreement,
  canary: Answer,
  job: Job,
  form: AnswerForm,
  world: JobWorld,
): Promise<Result> => {
  if (agreement.kind !== 'disagreed') return agreement
  const { call, comparison } = job
  const isOtherText = agreement.reason === 'values'
  const isAskedAgain = isOtherText && comparison.compare === 'text' && mayVary(call.path, bodyOf(call))
  return isAskedAgain && (await isUnsteady(job, form, world))
    ? { kind: 'incomparable', reason: 'unsteady' }
    : { ...agreement, canary }
}

export const runJob = async (job: Job, world: JobWorld): Promise<Result> => {
  const { call, stable, comparison } = job
  const form = answerFormOf(call.path)
  if (!form || isSampled(call.path, bodyOf(call))) return { kind: 'not-copied', reason: 'sampled' }
  const upstream = call.served.chooser('canary').leastOutstanding(world.nowMs(), [])
  if (!upstream) return { kind: 'not-copied', reason: 'no-endpoint' }
  const copied = await sent(job, upstream, world)
  if (copied.kind !== 'answered') return unanswered(copied.kind, upstream)
  const { answer } = copied
  if (overloaded.has(answer.status)) return { kind: 'incomparable', reason: 'overloaded' }
  const agreement = await world.comparer.compare({ stable, canary: answer, form, comparison })
  return agreement
    ? judged(agreement, answer, job, form, world)
    : { kind: 'incomparable', reason: 'comparison-failed' }
}
