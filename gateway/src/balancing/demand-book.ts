/** Counts of first attempts by step and weight of a rollout, as the verdict about a canary needs them. */
import type { Track } from '@gantry/contract/gateway.ts'
import type { Canary } from '../models/model.ts'
import { createLatencies, type Latencies } from './latencies.ts'
import { createSessionBook, events, type Noted, type SessionBook, type SessionRoom } from './session-book.ts'

interface Counts {
  requests: number
  errors: number
  slow: number
  overLimit: number
  readonly latencies: Latencies
}

const newCounts = (): Counts => ({
  ...{ requests: 0, errors: 0, slow: 0, overLimit: 0 },
  latencies: createLatencies(),
})

export interface ShadowCounts {
  /** Copies whose answers were compared. */
  copies: number
  disagreements: number
  /** Requests that were chosen and not compared, by reason. */
  readonly uncompared: Map<string, number>
}

const newShadow = (): ShadowCounts => ({ copies: 0, disagreements: 0, uncompared: new Map() })

interface CellCounts extends Readonly<Record<Track, Counts>> {
  /** Number of the cell among those of its rollout in which sessions count, from 0. */
  readonly ordinal: number
  /** Requests of sessions that could not be remembered. */
  uncounted: number
}

export interface DemandCell {
  readonly revision: string
  readonly step: number
  readonly weight: number
  readonly slowMs: Canary['slowMs']
  readonly limitMs: Canary['limitMs']
  /** The header that names sessions, where they are what counts. */
  readonly sticky: string | undefined
  readonly counts: CellCounts
  readonly shadow: ShadowCounts
  /** What counts of a request of a session. */
  readonly note: ((session: string, track: Track, happened: number) => Noted | undefined) | undefined
}

export interface DemandBook {
  /** The cell of now. */
  readonly cell: (canary: Canary | undefined, weight: number) => DemandCell
  readonly cells: () => readonly DemandCell[]
  /** Forgets sessions. */
  readonly close: () => void
}

/** A rollout has ten steps at most, and weights of 0 and 100 besides. The oldest are forgotten. */
const mostCells = 64

/** Nothing is compared while one track has all requests: each of them counts by itself. */
const countsSessions = (canary: Canary | undefined, weight: number): canary is Canary & { sticky: string } =>
  canary?.sticky !== undefined && weight > 0

export const createDemandBook = (room: SessionRoom): DemandBook => {
  const cells = new Map<string, DemandCell>()
  let latest: DemandCell | undefined
  let sessions: SessionBook | undefined
  const isLatest = (canary: Canary | undefined, weight: number): boolean =>
    latest !== undefined &&
    latest.weight === weight &&
    latest.step === (canary?.step ?? 0) &&
    latest.revision === (canary?.revision ?? '') &&
    latest.sticky === (countsSessions(canary, weight) ? canary.sticky : undefined) &&
    latest.slowMs === canary?.slowMs &&
    latest.limitMs === canary?.limitMs

  /** Sessions of the rollout that is under way; those of another one are forgotten. */
  const bookOf = (run: string, sticky: string): SessionBook => {
    const name = `${sticky} ${run}`
    if (sessions?.run === name) return sessions
    sessions?.close()
    sessions = createSessionBook(name, room)
    return sessions
  }
  const ordinalOf = (revision: string, sticky: string | undefined): number =>
    [...cells.values()].filter((cell) => cell.revision === revision && cell.sticky === sticky).length

  const keep = (key: string, cell: DemandCell): void => {
    cells.delete(key)
    cells.set(key, cell)
    const [oldest] = cells.keys()
    if (cells.size > mostCells && oldest !== undefined) cells.delete(oldest)
  }
  const countsOf = (key: string, revision: string, sticky: string | undefined): CellCounts =>
    cells.get(key)?.counts ?? {
      ...{ stable: newCounts(), canary: newCounts(), uncounted: 0 },
      ordinal: ordinalOf(revision, sticky),
    }
  const noteOf = (revision: string, sticky: string, { ordinal }: CellCounts): DemandCell['note'] => {
    const book = bookOf(revision, sticky)
    return (session, track, happened) => book.note(session, ordinal, track, happened)
  }

  const open = (canary: Canary | undefined, weight: number): DemandCell => {
    const { revision = '', step = 0, slowMs, limitMs } = canary ?? {}
    const sticky = countsSessions(canary, weight) ? canary.sticky : undefined
    const key = `${step} ${weight} ${sticky ?? ''} ${revision}`
    const counts = countsOf(key, revision, sticky)
    if (canary === undefined) sessions?.close()
    const note = sticky === undefined ? undefined : noteOf(revision, sticky, counts)
    const shadow = cells.get(key)?.shadow ?? newShadow()
    const cell = { revision, step, weight, slowMs, limitMs, sticky, counts, shadow, note }
    keep(key, cell)
    return cell
  }
  return {
    cell: (canary, weight) => {
      if (!latest || !isLatest(canary, weight)) latest = open(canary, weight)
      return latest
    },
    cells: () => [...cells.values()],
    close: () => sessions?.close(),
  }
}

/** The first attempt of a request. */
export interface CountedAttempt {
  readonly track: Track
  /** No answer, or one of 500 and above. */
  readonly isError: boolean
  /** Milliseconds until the answer began, or until it was given up. */
  readonly ms: number
  /** Id of its session; undefined: it stands by itself. */
  readonly session: string | undefined
}

const happenedIn = (
  { slowMs, limitMs }: DemandCell,
  { track, isError, ms }: Omit<CountedAttempt, 'session'>,
): number => {
  const error = isError ? events.error : 0
  const slow = slowMs !== undefined && ms > slowMs[track] ? events.slow : 0
  return error | slow | (limitMs !== undefined && ms > limitMs ? events.overLimit : 0)
}

/** Latencies are those of all requests; a session counts once at a step, and each kind of event once in the rollout. */
export const countAttempt = (cell: DemandCell, attempt: CountedAttempt): void => {
  const { counts, note } = cell
  const { track, isError, ms, session } = attempt
  const counted = counts[track]
  if (!isError) counted.latencies.observe(ms)
  const happened = happenedIn(cell, attempt)
  const isOfSession = session !== undefined && note !== undefined
  const noted = isOfSession ? note(session, track, happened) : { events: happened, isFirst: true }
  if (!noted) {
    counts.uncounted += 1
    return
  }
  counted.requests += noted.isFirst ? 1 : 0
  counted.errors += noted.events & events.error ? 1 : 0
  counted.slow += noted.events & events.slow ? 1 : 0
  counted.overLimit += noted.events & events.overLimit ? 1 : 0
}
