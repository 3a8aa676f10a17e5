/** Latency and throughput of several candidates: warm, in rounds that take turns, so that what disturbs one disturbs all. */
import { CandidateError } from '../../accuracy/candidate-error.ts'
import type { EnergyMeter } from '../machine/energy-meter.ts'
import { type Effort, effortFor, settleMs } from './effort.ts'
import { figuresOf, type LoadFigures, type Rounds } from './figures.ts'
import { type Runner, runOne, type Sender, warmUp } from './runner.ts'

export interface LoadPlan extends Sender {
  readonly energy: EnergyMeter | undefined
  /** Called after each turn. */
  readonly onProgress: (done: number, all: number) => void
}

/** A candidate that is warm, with as many rounds before it as its time allows. */
interface Warm {
  readonly index: number
  readonly runner: Runner
  readonly effort: Effort
  readonly latenciesMs: readonly number[]
  readonly rounds: readonly [Rounds, ...Rounds[]]
}

type Outcome = LoadFigures | CandidateError

const outOfTime = (neededMs: number, leftMs: number): CandidateError =>
  new CandidateError(
    'OutOfTime',
    `the load needs ${Math.ceil(neededMs / 1000)} s, and ${Math.max(0, Math.floor(leftMs / 1000))} s are left; give a longer timeBudget, or fewer concurrencies`,
  )

/** @throws CandidateError */
const warmed = async (plan: LoadPlan, runner: Runner, index: number): Promise<Warm> => {
  const startedMs = plan.nowMs()
  const latenciesMs = await warmUp(plan, runner)
  const leftMs = runner.budgetMs - (plan.nowMs() - startedMs)
  const effort = effortFor(latenciesMs, leftMs, plan.pace)
  if ('neededMs' in effort) throw outOfTime(effort.neededMs, leftMs)
  const [first = 1, ...others] = plan.concurrencies
  const roundsAt = (concurrency: number): Rounds => ({ concurrency, done: [], joules: [] })
  return { index, runner, effort, latenciesMs, rounds: [roundsAt(first), ...others.map(roundsAt)] }
}

/** One turn of a candidate: a round at each concurrency. */
const turn = async (plan: LoadPlan, { runner, rounds, effort, latenciesMs }: Warm): Promise<void> => {
  const server = await runner.server()
  for (const [index, { concurrency, done, joules }] of rounds.entries()) {
    const times = {
      concurrency,
      settleMs: settleMs(latenciesMs[index] as number),
      measureMs: effort.measureMs[index] as number,
    }
    await plan.energy?.joules()
    done.push(await runOne(plan, runner, server, times))
    if (plan.energy) joules.push(await plan.energy.joules())
  }
}

/** What a candidate fails with is its outcome, and the others go on. */
const guarded = async <Value>(
  outcomes: Map<number, Outcome>,
  { rest }: Runner,
  index: number,
  step: () => Promise<Value>,
): Promise<Value | undefined> => {
  if (outcomes.has(index)) return undefined
  let value: Value | undefined
  try {
    value = await step()
  } catch (error) {
    if (!(error instanceof CandidateError)) throw error
    outcomes.set(index, error)
  }
  await rest()
  return value
}

const rotated = <Item>(items: readonly Item[], by: number): readonly Item[] => {
  const first = items.length === 0 ? 0 : by % items.length
  return [...items.slice(first), ...items.slice(0, first)]
}

/**
 * Loads all candidates in turns, each time in another order.
 * @returns an outcome for each, in their order
 */
export const measureLoad = async (
  runners: readonly Runner[],
  plan: LoadPlan,
): Promise<readonly Outcome[]> => {
  const outcomes = new Map<number, Outcome>()
  const warm: Warm[] = []
  for (const [index, runner] of runners.entries()) {
    const one = await guarded(outcomes, runner, index, () => warmed(plan, runner, index))
    if (one) warm.push(one)
  }
  const all = warm.reduce((sum, { effort }) => sum + effort.rounds, 0)
  let done = 0
  for (let round = 0; warm.some(({ effort }) => round < effort.rounds); round += 1)
    for (const one of rotated(warm, round)) {
      if (round >= one.effort.rounds) continue
      await guarded(outcomes, one.runner, one.index, () => turn(plan, one))
      done += 1
      plan.onProgress(done, all)
    }
  for (const { index, runner, rounds } of warm) {
    const figures = await guarded(outcomes, runner, index, async () => figuresOf(rounds))
    if (figures) outcomes.set(index, figures)
  }
  return runners.map((_, index) => outcomes.get(index) as Outcome)
}
