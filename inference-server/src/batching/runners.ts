/**
 * Chooses the runners of the next batch, and tells whether they may be given one more.
 *
 * The `usual` runners do, or the `lanes` while those are wanted (batch-plan.ts). They change over only while nothing runs, since
 * they share the processors.
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
  /** Most tokens in one batch; asked anew for each, since the device may change. */
  readonly maxTokens: () => number
}

/** Runners for a crowd of requests; they are opened and closed while the model is served. */
export interface CrowdRunners {
  readonly runners: Runners
  /** Whether all of them can take a run. */
  readonly ready: () => boolean
  /** Begins to open the lanes, unless they are open or cannot be opened. */
  readonly open: () => void
}

export interface ShiftOptions {
  readonly usual: Runners
  readonly lanes: CrowdRunners | undefined
  /** Whether the lanes are to run what comes next. */
  readonly wantsLanes: () => boolean
}

export interface Shift {
  /** The runners that get the next batch. */
  readonly runners: () => Runners
  /** Batches that run. */
  readonly running: () => number
  /** Changes between lanes and the usual runners where that is wanted and nothing runs. */
  readonly changeOver: () => void
  /** Whether all runners are busy. Cheap, since it is asked for every request. */
  readonly loaded: () => boolean
  /** Whether one more batch may be given to them. */
  readonly free: () => boolean
  /** Notes a batch that is given to the runners. */
  readonly give: () => void
  /** Notes the end of a batch. */
  readonly ended: () => void
}

export const createShift = ({ usual, lanes, wantsLanes }: ShiftOptions): Shift => {
  let runners = usual
  let running = 0

  const wanted = (): Runners => (lanes && wantsLanes() ? lanes.runners : usual)

  return {
    runners: () => runners,
    running: () => running,
    changeOver: () => {
      if (running === 0) runners = wanted()
    },
    loaded: () => running >= runners.count,
    // While the other runners are wanted, the present ones get nothing more, so that the change can come.
    free: () => running < runners.count && (running === 0 || wanted() === runners),
    give: () => {
      running += 1
    },
    ended: () => {
      running -= 1
    },
  }
}
