/**
 * How many rows run together, and who runs them.
 *
 * Rows of different requests share a batch up to `maxRows` rows and the tokens that a run may have, fewer where that gets more
 * done (contest.ts) or where a run would take long. A request with more rows than that runs in pieces, as large as what they
 * cost allows: a piece takes a few milliseconds while other requests wait, and a tenth of a second while none do.
 */

import { createContest } from './contest.ts'
import { createRunCosts } from './run-costs.ts'
import type { CrowdRunners, Runners } from './runners.ts'
import type { Entry } from './submission.ts'
import type { Way } from './trials.ts'

export interface BatchPlanOptions {
  /** Most rows of different requests in one batch. */
  readonly maxRows: number
  readonly usual: Runners
  readonly lanes: CrowdRunners | undefined
  /** The way that counts as the best until another one was measured. */
  readonly first?: Way | undefined
  readonly nowMs: () => number
  /** Processor time of the process; given where the processor computes. */
  readonly processorMs?: (() => number) | undefined
}

/** Waiting and running work. */
export interface Demand {
  readonly oldest: Entry | undefined
  /** Waiting rows, or requests where these run whole. */
  readonly waiting: number
  /** Running rows, or requests where these run whole. */
  readonly running: number
  /** Waiting and running requests. */
  readonly requests: number
}

export interface Batch {
  readonly by: Way['by']
  /** The way whose measurement its duration counts for, if any. */
  readonly way: Way | undefined
  readonly elements: number
}

export interface BatchPlan {
  /** Notes the present demand; called before each decision. */
  readonly see: (demand: Demand) => void
  /** Whether the lanes are to run what comes next. */
  readonly wantsLanes: () => boolean
  /** Most rows in a batch of these runners that begins with this request. */
  readonly roomFor: (head: Entry, of: Runners) => number
  /** Most rows of one request that is alone in its batch. @param others whether other requests wait */
  readonly pieceOf: (head: Entry, of: Runners, others: boolean) => number
  /** Notes the batch that begins, for `ended`. */
  readonly batchOf: (by: Runners, head: Entry, rows: number) => Batch
  /** Notes that a batch begins after an idle time. */
  readonly resumed: () => void
  /** @param inferMs undefined where the run failed */
  readonly ended: (batch: Batch, inferMs: number | undefined) => void
}

/** A batch of so long a run takes no more rows, since nothing is gained by then; a row that is slow alone has a few beside it. */
const longestMs = 200
const rowsOfLongRuns = 4

/** Most milliseconds of a piece of a request, while other requests wait and while none do. */
const pieceMs = { crowded: 10, alone: 100 }

/** Lanes are not needed any more after so long without a crowd. */
const calmMs = 1000

/** Most rows of a request's length that the token limit of a run allows. */
const rowsOfTokens = ({ tokens }: Entry, { maxTokens }: Runners): number =>
  tokens === 0 ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor(maxTokens() / tokens))

export const createBatchPlan = (options: BatchPlanOptions): BatchPlan => {
  const { maxRows, usual, lanes, first, nowMs, processorMs } = options
  const costs = { usual: createRunCosts(), lanes: createRunCosts() }
  /** Times of the latest demand that filled all lanes, and of the latest with several requests. */
  let crowdedMs = Number.NEGATIVE_INFINITY
  let severalMs = Number.NEGATIVE_INFINITY
  /** Largest number of rows that waited and ran within about a second. */
  let peak = { rows: 0, atMs: 0 }
  /** Most rows that the latest batch could have had. */
  let most = 1

  const byOf = (runners: Runners): Way['by'] => (runners === usual ? 'usual' : 'lanes')
  const countOf = (by: Way['by']): number => (by === 'lanes' && lanes ? lanes.runners.count : usual.count)
  const crowded = (): boolean => nowMs() - crowdedMs <= calmMs

  /** Whether a way differs from the others at the present demand. */
  const differs = ({ by, rows }: Way): boolean => {
    const least = Number.isFinite(rows) ? rows : 1
    const rowsDiffer = least < most || !Number.isFinite(rows)
    return rowsDiffer && least * countOf(by) < peak.rows && (by === 'usual' || crowded())
  }
  const ready = (by: Way['by']): boolean => by === 'usual' || (lanes?.ready() ?? false)
  const contest = createContest({ first, differs, ready, countOf, nowMs, processorMs })

  const capOf = (head: Entry, of: Runners): number => Math.min(maxRows, rowsOfTokens(head, of))
  /** Rows of a run that is expected to end within `ms`. */
  const rowsWithin = ({ elements, rows }: Entry, of: Runners, ms: number): number | undefined => {
    const within = costs[byOf(of)].within(ms)
    return within === undefined ? undefined : Math.floor((within * rows) / elements)
  }

  const roomFor = (head: Entry, of: Runners): number => {
    if (head.key === undefined) return Math.max(1, head.rows)
    const rowMs = costs[byOf(of)].msOf(head.elements / head.rows) ?? 0
    const bound = rowsWithin(head, of, Math.max(longestMs, rowsOfLongRuns * rowMs)) ?? maxRows
    return Math.max(1, Math.min(capOf(head, of), contest.turn().rows, bound))
  }

  /** Opens lanes for a crowd that may gain by them, and ends a trial of them that cannot go on. */
  const seeLanes = ({ runners, ready, open }: CrowdRunners, waiting: number, rows: number): void => {
    if (waiting >= runners.count || (crowded() && rows >= runners.count)) crowdedMs = nowMs()
    if (crowded() && contest.hopesForLanes()) open()
    const onTrial = contest.turn().by === 'lanes' && contest.best().by === 'usual'
    if (onTrial && !(crowded() && ready())) contest.calm()
  }

  const see = ({ oldest, waiting, running, requests }: Demand): void => {
    const atMs = nowMs()
    const rows = waiting + running
    if (rows >= peak.rows || atMs - peak.atMs > calmMs) peak = { rows, atMs }
    if (oldest) most = oldest.key === undefined ? 1 : capOf(oldest, usual)
    if (requests > 1) severalMs = atMs
    if (atMs - severalMs > calmMs) contest.calm()
    if (lanes) seeLanes(lanes, waiting, rows)
  }

  return {
    see,
    wantsLanes: () => contest.turn().by === 'lanes' && crowded() && ready('lanes'),
    roomFor,
    pieceOf: (head, of, others) => {
      if (head.key === undefined) return head.rows
      const room = roomFor(head, of)
      if (head.tokens > 0) return room
      const affordable = rowsWithin(head, of, others ? pieceMs.crowded : pieceMs.alone)
      return Math.max(room, affordable ?? room)
    },
    batchOf: (runners, head, rows) => {
      const by = byOf(runners)
      const turn = contest.turn()
      const elements = (head.elements * rows) / Math.max(1, head.rows)
      return { by, way: turn.by === by ? turn : undefined, elements }
    },
    resumed: contest.resumed,
    ended: ({ by, way, elements }, inferMs) => {
      if (inferMs !== undefined) costs[by].learn(elements, inferMs)
      contest.ended(inferMs === undefined ? undefined : way, elements)
    },
  }
}
