/**
 * The story of an explanation: read and checked, then its turn among few, then evaluations of the model beside predictions.
 */
import type { ExplainLimits } from '../config/explain-config.ts'
import { Failure } from '../failures/errors.ts'
import type { Served } from '../inference/served.ts'
import type { Clock } from '../process/clock.ts'
import type { Caller } from '../requests/caller.ts'
import { boundsOf } from './asked.ts'
import { createEvaluations, type Evaluations } from './evaluations.ts'
import type { Brought, Explaining, Explanation } from './explaining.ts'
import { requireKind } from './kinds.ts'
import { createTurnsBeside } from './turns-beside.ts'
import { createWaitingLine } from './waiting-line.ts'

export interface ExplainerOptions {
  readonly limits: ExplainLimits
  readonly clock: Clock
  /** Called with the rows of each run of an explanation. */
  readonly onRows: (rows: number, version: string) => void
}

export interface Explainer {
  /** @throws Failure naming the member that is wrong, or queue-full, timeout, cancelled */
  readonly explain: (served: Served, brought: Brought, caller: Caller) => Promise<Explanation>
  /** Explanations that wait for their turn. */
  readonly waiting: () => number
}

/** @throws Failure where a request cannot be read */
const explainingOf = async (served: Served, brought: Brought): Promise<Explaining> => {
  const kind = requireKind(served)
  const { task } = served
  if (!task) return (await import('./table.ts')).tableExplaining(served, brought)
  return kind === 'picture'
    ? (await import('./picture.ts')).pictureExplaining(served, task, brought)
    : (await import('./text.ts')).textExplaining(served, task, brought)
}

const deadlineOf = (ownMs: number | undefined, timeoutMs: number) => {
  const isOwn = ownMs !== undefined && ownMs < timeoutMs
  return isOwn
    ? { ms: ownMs, text: `${Math.round(ownMs * 1000)} microseconds, the timeout of the request,`, isOwn }
    : { ms: timeoutMs, text: `${timeoutMs / 1000} s`, isOwn }
}

export const createExplainer = ({ limits, clock, onRows }: ExplainerOptions): Explainer => {
  const { atATime, mostWaiting, timeoutMs } = limits
  const { nowMs } = clock
  const line = createWaitingLine({ atATime, mostWaiting, clock })
  const turns = createTurnsBeside(nowMs)

  const evaluate = async (served: Served, brought: Brought, caller: Caller, startedMs: number) => {
    const explaining = await explainingOf(served, brought)
    const bounds = boundsOf(explaining.item, limits.mostRows)
    const deadline = deadlineOf(bounds.timeoutMs, timeoutMs)
    const evaluations: Evaluations = createEvaluations({
      ...{ turns, spare: served.spare, clock, caller, mostRows: bounds.mostRows },
      onRows: (rows) => onRows(rows, served.model.version),
      deadlineMs: startedMs + deadline.ms,
      deadline: deadline.text,
      isOwnDeadline: deadline.isOwn,
    })
    const leftMs = Math.max(1, startedMs + deadline.ms - nowMs())
    const gone = (): boolean => caller.gone?.() === true
    const { picture, members } = await line.during(() => explaining.explain(evaluations), {
      timeoutMs: leftMs,
      gone,
    })
    return { picture, members: { ...members, evaluations: evaluations.rows() } }
  }

  return {
    waiting: line.length,
    explain: async (served, brought, caller) => {
      const startedMs = nowMs()
      if (atATime === 0)
        throw new Failure('unknown-path', 'this server makes no explanations (--max-explanations 0)')
      const { picture, members } = await evaluate(served, brought, caller, startedMs)
      const { name, version, task } = served.model
      return {
        members: { model_name: name, model_version: version, task, ...members },
        ...(picture && { picture }),
      }
    },
  }
}
