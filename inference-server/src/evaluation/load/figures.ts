/** The figures of a candidate from its rounds. */
import type { CandidateReport, PerformanceMeasurement } from '@gantry/contract/evaluation.ts'
import { CandidateError } from '../../accuracy/candidate-error.ts'
import { histogram } from './histogram.ts'
import type { RoundResult } from './round.ts'
import { latenciesOf, median, pooled, spread } from './statistics.ts'

export type Measured = Extract<RoundResult, { kind: 'measured' }>

export type LoadFigures = Omit<PerformanceMeasurement, 'loadMs' | 'peakMemoryBytes'> &
  Required<Pick<CandidateReport, 'latencies' | 'rounds'>>

/** Rounds of one concurrency. */
export interface Rounds {
  readonly concurrency: number
  readonly done: Measured[]
  /** Joules of each round, where they can be read. */
  readonly joules: number[]
}

const perSecond = ({ answers, seconds }: Measured): number => answers / seconds

const pooledLatencies = ({ done }: Rounds): Float64Array => pooled(done.map(({ latenciesMs }) => latenciesMs))

const atConcurrency = (rounds: Rounds): PerformanceMeasurement['byConcurrency'][number] => {
  const throughputs = rounds.done.map(perSecond)
  const sorted = pooledLatencies(rounds)
  return {
    concurrency: rounds.concurrency,
    requests: sorted.length,
    ...latenciesOf(sorted),
    throughputPerSecond: median(throughputs),
    spread: spread(throughputs),
  }
}

/** Joules of an inference. */
const energyOf = ({ done, joules }: Rounds): { joulesPerInference?: number } => {
  if (joules.length === 0) return {}
  const answers = done.reduce((sum, round) => sum + round.answers, 0)
  const joulesPerInference = joules.reduce((sum, value) => sum + value, 0) / answers
  return Number.isFinite(joulesPerInference) ? { joulesPerInference } : {}
}

/** A machine that stands still for the whole of a round leaves none of its answers within it. */
const checkAnswered = (all: readonly Rounds[]): void => {
  const silent = all.find((rounds) => pooledLatencies(rounds).length === 0)
  if (silent)
    throw new CandidateError(
      'OutOfTime',
      `no request with ${silent.concurrency} in flight was answered within the rounds of the load; give a longer timeBudget, or a machine with less other work`,
    )
}

/**
 * Latencies are those of the first concurrency, which is 1; throughput and energy are those of the concurrency with most answers.
 * @param all with at least one round each
 * @throws CandidateError where there is nothing to tell of one of them
 */
export const figuresOf = (all: readonly [Rounds, ...Rounds[]]): LoadFigures => {
  checkAnswered(all)
  const [alone] = all
  const measured = all.map((rounds) => ({ rounds, figures: atConcurrency(rounds) }))
  const best = measured.reduce((most, one) =>
    one.figures.throughputPerSecond > most.figures.throughputPerSecond ? one : most,
  )
  const { meanMs, p50Ms, p95Ms, p99Ms } = atConcurrency(alone)
  return {
    ...{ meanMs, p50Ms, p95Ms, p99Ms },
    throughputPerSecond: best.figures.throughputPerSecond,
    byConcurrency: measured.map(({ figures }) => figures),
    ...energyOf(best.rounds),
    latencies: histogram(pooledLatencies(alone)),
    rounds: all.map(({ concurrency, done }) => ({ concurrency, throughputPerSecond: done.map(perSecond) })),
  }
}
