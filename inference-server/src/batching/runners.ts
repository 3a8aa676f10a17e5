/**
 * Chooses the runners of the next batch, and tells whether they may be given one more.
 *
 * The `usual` runners do, or the `lanes` while those are wanted (batch-plan.ts). They change over only while nothing runs, since
 * they share the processors.
 *
 * A batch that is full gains nothing by waiting: where runs are short it is given ahead of its turn, so that no runner waits
 * for this thread.
 */
import type { Failure } from '../failures/errors.ts'
import type { NamedTensors } from '../tensors/tensor.ts'

/** Rows of a batch that could not be computed while others could. */
export interface LostRows {
  /** Places in the batch, ascending. */
  readonly rows: readonly number[]
  /** The failure that their requests get. */
  readonly failure: Failure
}

export interface BatchRun {
  /** Outputs without the lost rows. */
  readonly outputs: NamedTensors
  readonly inferMs: number
  readonly lost?: LostRows
}

/**
 * Runs a batch; takes the inputs' memory.
 * @param rows how many independent rows they are; undefined where they have to stay together
 */
export type RunBatch = (inputs: NamedTensors, rows: number | undefined) => Promise<BatchRun>

export interface Runners {
  readonly run: RunBatch
  /** Batches that may run at a time. */
  readonly count: number
  /** Number of full batches that may be submitted early, each to begin when one ends. */
  readonly ahead: number
  /** Most tokens in one batch; asked anew for each, since the device may change. */
  readonly maxTokens: () => number
  /** Whether one of them has nothing to do, even if another one has a batch ahead of its turn. */
  readonly idle: () => boolean
  /** How long the longest of the present runs has been going; 0 when idle. */
  readonly longestRunMs: () => number
}

/** Runners for a crowd of requests; they are opened and closed while the model is served. */
export interface CrowdRunners {
  readonly runners: Runners
  /** Whether all of them can take a run. */
  readonly ready: () => boolean
  /** Begins to open the lanes, unless they are open or cannot be opened. */
  readonly open: () => void
}

/** A run that was given ahead is computed even if its callers leave meanwhile: that may cost so much time, and no more. */
const shortRunMs = 100

export interface ShiftOptions {
  readonly usual: Runners
  readonly lanes: CrowdRunners | undefined
  /** Whether the lanes are to run what comes next. */
  readonly wantsLanes: () => boolean
  /** Number of full batches that the waiting rows make for these runners. */
  readonly fullBatches: (runners: Runners) => number
}

export interface Shift {
  /** The runners that get the next batch. */
  readonly runners: () => Runners
  /** Batches that were given to the runners and have not ended. */
  readonly running: () => number
  /** Changes between lanes and the usual runners where that is wanted and nothing runs. */
  readonly changeOver: () => void
  /** Whether all runners have all that they can have, with any queue. Cheap, since it is asked for every request. */
  readonly loaded: () => boolean
  /** Whether one more batch may be given to them. */
  readonly free: () => boolean
  /** Notes a batch that is given to the runners. @returns whether it begins at once */
  readonly give: () => boolean
  /** Notes the end of a batch. @param inferMs undefined where it failed */
  readonly ended: (inferMs: number | undefined) => void
}

export const createShift = ({ usual, lanes, wantsLanes, fullBatches }: ShiftOptions): Shift => {
  let runners = usual
  /** Running batches, those submitted early included. */
  let running = 0
  /** Duration of the most recent run. */
  let runMs = Number.POSITIVE_INFINITY

  const wanted = (): Runners => (lanes && wantsLanes() ? lanes.runners : usual)

  return {
    runners: () => runners,
    running: () => running,
    changeOver: () => {
      if (running === 0) runners = wanted()
    },
    loaded: () => running >= runners.count + runners.ahead && !runners.idle(),
    free: () => {
      const { count, ahead, idle, longestRunMs } = runners
      const isSoon = runMs <= shortRunMs && longestRunMs() <= shortRunMs
      const mayWait = isSoon && running < count + ahead && fullBatches(runners) > 0
      // While the other runners are wanted, the present ones get nothing more, so that the change can come.
      const stays = running === 0 || wanted() === runners
      return (running < count || idle() || mayWait) && stays
    },
    give: () => {
      const begins = running < runners.count || runners.idle()
      running += 1
      return begins
    },
    ended: (inferMs = Number.POSITIVE_INFINITY) => {
      running -= 1
      runMs = inferMs
    },
  }
}
