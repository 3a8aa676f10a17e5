/**
 * What was counted in a rollout so far, as status keeps it. Each source has its own cumulative counts, so that an answer
 * that is read twice, late, or by another operator after a restart counts once. Sources that are gone are added up.
 */
import { countsProblem, latestOf, noCounts, type SourceCounts, type StepCounts, sumOf } from './counts.ts'

/** What is one unit of the counts: with sticky sessions, requests of one session are not independent. */
export type Unit = 'request' | 'session'

export interface Source extends SourceCounts {
  /** The how-manieth source of the rollout it is, from 1. */
  readonly ordinal: number
}

export interface Tally {
  readonly sources: readonly Source[]
  /** Sums of sources that are gone. */
  readonly retired: readonly StepCounts[]
  /** Those of them that ended last, so that none is counted a second time where an old list of pods is read. */
  readonly retiredSources: readonly string[]
  /** How many sources there have been. */
  readonly sourcesSeen: number
}

export const emptyTally: Tally = { sources: [], retired: [], retiredSources: [], sourcesSeen: 0 }

/** Sources that are counted at once: pods of gateways. */
export const mostSources = 32
/** Sources that are remembered after their end. */
const mostRetired = 32

/** Processes of one instance that are counted. A gateway that starts more often is broken, or is none; each would have status written anew. */
const mostStarts = 8

const keyOf = ({ instance, startedAt }: Pick<SourceCounts, 'instance' | 'startedAt'>): string =>
  `${instance}/${startedAt}`

export interface Heard {
  readonly tally: Tally
  /** Sentences about counts that were left out. */
  readonly problems: readonly string[]
}

export interface Listening {
  /** How many steps the rollout has. */
  readonly steps: number
  readonly unit: Unit
  /** Names of the gateways' pods that exist, whether they answered or not. */
  readonly instances: readonly string[]
}

const withCounts = (tally: Tally, counts: SourceCounts): Tally => {
  const key = keyOf(counts)
  const known = tally.sources.find((source) => keyOf(source) === key)
  if (known === undefined) {
    const ordinal = tally.sourcesSeen + 1
    const { instance, startedAt, steps } = counts
    const source: Source = { instance, startedAt, steps: latestOf([], steps), ordinal }
    return { ...tally, sources: [...tally.sources, source], sourcesSeen: ordinal }
  }
  const next: Source = { ...known, steps: latestOf(known.steps, counts.steps) }
  return { ...tally, sources: tally.sources.map((source) => (source === known ? next : source)) }
}

/** Adds a source up that can count no more. Sessions of different sources may be the same ones, so they are not added. */
const retire = (tally: Tally, gone: Source, unit: Unit): Tally => ({
  ...tally,
  sources: tally.sources.filter((source) => source !== gone),
  retired: unit === 'session' ? tally.retired : sumOf(tally.retired, gone.steps),
  retiredSources: [...tally.retiredSources, keyOf(gone)].slice(-mostRetired),
})

/** A source is gone when its pod is, or when a newer process of the pod counts. */
const isGone = (source: Source, { sources }: Tally, { instances }: Pick<Listening, 'instances'>): boolean =>
  !instances.includes(source.instance) ||
  sources.some(({ instance, ordinal }) => instance === source.instance && ordinal > source.ordinal)

/** Why a source that was not heard before is not counted. */
const newcomerProblem = (
  { instance }: SourceCounts,
  { sources, retiredSources }: Tally,
): string | undefined => {
  if (sources.length >= mostSources)
    return `the counts of gateway ${instance} were left out: ${mostSources} others are counted already`
  const starts = retiredSources.filter((key) => key.startsWith(`${instance}/`)).length
  return starts >= mostStarts
    ? `the counts of gateway ${instance} were left out: it has started anew ${mostStarts} times during the rollout`
    : undefined
}

/** The tally with what gateways answered. The same answers again change nothing. */
export const heard = (tally: Tally, answers: readonly SourceCounts[], listening: Listening): Heard => {
  const problems: string[] = []
  let next = tally
  for (const answer of answers) {
    if (answer.steps.length === 0 || next.retiredSources.includes(keyOf(answer))) continue
    const isNew = !next.sources.some((source) => keyOf(source) === keyOf(answer))
    const problem =
      countsProblem(answer, listening.steps) ?? (isNew ? newcomerProblem(answer, next) : undefined)
    if (problem === undefined) next = withCounts(next, answer)
    else problems.push(problem)
  }
  for (const source of next.sources)
    if (isGone(source, next, listening)) next = retire(next, source, listening.unit)
  return { tally: next, problems }
}

/** Everything that was counted, in ascending order of steps. */
export const totals = ({ sources, retired }: Tally): readonly StepCounts[] =>
  sources.reduce((sum, { steps }) => sumOf(sum, steps), retired)

export const totalOf = (tally: Tally, step: number): StepCounts =>
  totals(tally).find((counts) => counts.step === step) ?? noCounts(step)

/** Counts whose evidence stands by itself, and the share of the error rate that it has. */
export interface Group {
  readonly steps: readonly StepCounts[]
  readonly share: number
}

/** The share of a source whose evidence stands by itself. All shares together are below 1, however many sources come. */
export const groupShare = (ordinal: number): number => 1 / (ordinal * (ordinal + 1))

/**
 * Requests of all sources are one group. A session that reaches two gateways may have an event at each, so that sources
 * of sessions stand each by itself.
 */
export const groupsOf = (tally: Tally, unit: Unit): readonly Group[] =>
  unit === 'request'
    ? [{ steps: totals(tally), share: 1 }]
    : tally.sources.map(({ steps, ordinal }) => ({ steps, share: groupShare(ordinal) }))
