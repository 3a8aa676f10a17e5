/** Asks the model about many rows for one explanation: some at a time, beside predictions, within its deadline. */
import type { Spare } from '../batching/beside.ts'
import { Failure } from '../failures/errors.ts'
import type { Clock } from '../process/clock.ts'
import { maxRequestRows } from '../protocol/binding.ts'
import type { Caller } from '../requests/caller.ts'
import { newTimings } from '../requests/timings.ts'
import { newUsage } from '../requests/usage.ts'
import type { TurnsBeside } from './turns-beside.ts'

/** A prediction that comes meanwhile waits so long at most, or for one row where that takes longer. */
const turnMs = 5

export interface EvaluationsOptions {
  readonly turns: TurnsBeside
  readonly spare: Spare
  readonly clock: Clock
  /** When the explanation has to be there. */
  readonly deadlineMs: number
  /** The deadline as it is told: seconds, or that of the request. */
  readonly deadline: string
  /** Whether the request asked for that deadline itself. */
  readonly isOwnDeadline: boolean
  /** Whose explanation it is: timings and usage are added up there. */
  readonly caller: Caller
  /** Most rows of all its evaluations. */
  readonly mostRows: number
  /** Called with the rows of each run that has ended. */
  readonly onRows: (rows: number) => void
}

export interface Evaluations {
  /** Rows that were asked about so far. */
  readonly rows: () => number
  /** @param rows that the explanation takes @param remedy what makes them fewer, for the sentence @throws Failure too-large */
  readonly allow: (rows: number, field: string, remedy: string) => void
  /**
   * Makes `total` evaluations in order, and goes on with the next ones when `ask` has read what came back.
   * @param ask resolves to the rows that it asked the model about
   * @param size rows of the model that an evaluation is, and most evaluations of one run
   * @throws Failure timeout, cancelled, or what `ask` throws
   */
  readonly run: (
    total: number,
    ask: (from: number, to: number, caller: Caller) => Promise<number>,
    size?: { readonly rowsEach?: number; readonly atOnce?: number },
  ) => Promise<void>
  /** Does work of the thread of HTTP in steps, which takes the same turns as the evaluations. @throws Failure timeout, cancelled */
  readonly work: <Result>(steps: Generator<undefined, Result>) => Promise<Result>
}

const add = (to: Caller, { timings, usage }: Caller): void => {
  to.timings.preprocessMs += timings.preprocessMs
  to.timings.queueMs += timings.queueMs
  to.timings.inferMs += timings.inferMs
  to.timings.postprocessMs += timings.postprocessMs
  to.usage.promptTokens += usage.promptTokens
  to.usage.batchRows = Math.max(to.usage.batchRows, usage.batchRows)
}

export const createEvaluations = (options: EvaluationsOptions): Evaluations => {
  const { turns, spare, clock, deadlineMs, caller, mostRows, onRows } = options
  const { nowMs } = clock
  let asked = 0

  const late = (): Failure =>
    new Failure(
      'timeout',
      `the explanation asked the model about ${asked} rows within ${options.deadline} and needs more; ask for less of it, or try again when fewer predictions come, which go first`,
      { asked: options.isOwnDeadline },
    )

  const check = (): void => {
    if (caller.gone?.()) throw new Failure('cancelled', 'the caller left before its explanation was there')
    if (nowMs() >= deadlineMs) throw late()
  }

  const count = (rows: number): void => {
    asked += rows
    caller.usage.evaluations = asked
    onRows(rows)
  }

  /** A run cannot be ended, so a deadline that passes meanwhile leaves it to itself. */
  const inTime = async <Result>(work: Promise<Result>): Promise<Result> => {
    const passed = Promise.withResolvers<never>()
    const cancel = clock.after(deadlineMs - nowMs(), () => passed.reject(late()))
    try {
      return await Promise.race([work, passed.promise])
    } finally {
      cancel()
    }
  }

  const askOnce = async (ask: (own: Caller) => Promise<number>): Promise<void> => {
    const sent: (() => void)[] = []
    const own: Caller = {
      timings: newTimings(),
      usage: newUsage(),
      isBeside: true,
      whenSent: (callback) => sent.push(callback),
      ...(caller.gone && { gone: caller.gone }),
    }
    try {
      count(await inTime(ask(own)))
    } finally {
      for (const callback of sent) callback()
      add(caller, own)
    }
  }

  /** Makes steps for as long as a turn is. */
  const someSteps = <Result>(steps: Generator<undefined, Result>): IteratorResult<undefined, Result> => {
    const startedMs = nowMs()
    for (;;) {
      const step = steps.next()
      const tookMs = nowMs() - startedMs
      if (!step.done && tookMs < turnMs) continue
      turns.took(tookMs)
      return step
    }
  }

  return {
    work: async (steps) => {
      for (;;) {
        await turns.next(spare, check)
        const step = someSteps(steps)
        if (step.done) return step.value
      }
    },
    rows: () => asked,
    allow: (rows, field, remedy) => {
      if (rows <= mostRows) return
      throw new Failure(
        'too-large',
        `the explanation would ask the model about ${rows} rows, but at most ${mostRows} are asked about; ${remedy}`,
        { field },
      )
    },
    run: async (total, ask, { rowsEach = 1, atOnce = Number.POSITIVE_INFINITY } = {}) => {
      const most = Math.max(1, Math.min(atOnce, Math.floor(maxRequestRows / rowsEach)))
      let some = 1
      for (let from = 0; from < total; ) {
        const to = Math.min(total, from + some)
        await turns.next(spare, check)
        const startedMs = nowMs()
        await askOnce((own) => ask(from, to, own))
        const tookMs = nowMs() - startedMs
        turns.took(tookMs)
        const fitting = Math.floor((turnMs * (to - from)) / Math.max(tookMs, 0.001))
        some = Math.max(1, Math.min(most, some * 2, fitting))
        from = to
      }
    },
  }
}
