/**
 * Sessions that run side by side, each with a share of the threads, for when many wait and that gets more done (batching/contest.ts).
 *
 * A run on several threads waits at every node of the graph for the slowest of them, and other work of a busy machine, HTTP
 * above all, makes one of them slow. Runs on a single thread wait for no other (decision 25). But a lone request takes longer there,
 * and each lane has a copy of the weights: so lanes open when they are first of use, only for models of which some copies are
 * little, and close when they were not used for a while.
 */
import { join } from 'node:path'
import type { CrowdRunners, Runners } from '../batching/runners.ts'
import { readOnnx } from '../onnx/onnx-file.ts'
import type { Clock } from '../process/clock.ts'
import type { Log } from '../process/log.ts'
import { modelFileSize } from '../sealing/model-file.ts'
import type { Pool } from './pool.ts'

/** Most bytes of the weights of all lanes together. With more, the lanes would wait for the memory that their weights come from: two of 86 MiB gained nothing. */
const mostWeightBytes = 64 * 2 ** 20

/** What a session may need for a moment while it loads: the file, its tensors, and those as the kernels want them. */
const copiesWhileLoading = 3

/** A thread with Node in it, and room for what lies between the nodes of a graph; measured 40 to 50 MB. */
const threadBytes = 48 * 2 ** 20

/** The lanes give their memory back after so long without a crowd. */
const idleMs = 60_000

/** Weights of a model, in its file and in those beside it. */
export const weightBytes = async (onnxPath: string): Promise<number> => {
  const size = (await modelFileSize(onnxPath)) ?? 0
  if (size > mostWeightBytes) return size
  const names = new Set(readOnnx(onnxPath).external.map(({ location }) => location))
  const sizes = [...names].map(async (name) => (await modelFileSize(join(onnxPath, '..', name))) ?? 0)
  return (await Promise.all(sizes)).reduce((sum, bytes) => sum + bytes, size)
}

/**
 * How many lanes share the threads evenly: as many as their copies of the weights allow.
 * @returns 1 where there is nothing to share
 */
export const laneCount = (threads: number, weights: number): number => {
  for (let count = threads; count > 1; count--) {
    if (threads % count === 0 && count * weights <= mostWeightBytes) return count
  }
  return 1
}

export interface LanesOptions {
  readonly count: number
  readonly weightBytes: number
  /** Most tokens in one batch of a lane. */
  readonly maxTokens: number
  /** Starts sessions, one for each lane. */
  readonly open: () => Pool
  /** The first run of a shape is slow, and a worker has to know what went well. */
  readonly warmUp: (pool: Pool) => Promise<unknown>
  /** What the process may still take. */
  readonly freeBytes: () => number
  readonly clock: Clock
  readonly log: Log
}

export interface Lanes extends CrowdRunners {
  /** How long the longest of the present runs has been going; 0 when idle. */
  readonly longestRunMs: () => number
  /** Ends the lanes for good, once no run is under way. */
  readonly close: () => Promise<void>
}

type LanesState = 'closed' | 'opening' | 'open' | 'useless'

/** The runners that the batcher sees: an open lane runs its batches. @param used called when a run begins */
const laneRunners = (
  { count, maxTokens }: Pick<LanesOptions, 'count' | 'maxTokens'>,
  lane: () => Pool | undefined,
  used: () => () => void,
): Runners => ({
  count,
  maxTokens: () => maxTokens,
  run: async (inputs, rows) => {
    const pool = lane()
    if (!pool) throw new Error('the lanes are closed')
    const ended = used()
    try {
      return await pool.run(inputs, rows)
    } finally {
      ended()
    }
  },
})

/** Creates the lanes, which open later. */
export const createLanes = (options: LanesOptions): Lanes => {
  const { count, weightBytes, open, warmUp, freeBytes, clock, log } = options
  /** `closed` -> `opening` -> `open` -> `closed` ...; `useless` is the end of it. */
  let state: LanesState = 'closed'
  let pool: Pool | undefined
  /** Pools of lanes, those that are ending included. */
  const pools = new Set<Pool>()
  let running = 0
  let cancelRest: (() => void) | undefined

  const giveUp = (cause: string): void => {
    state = 'useless'
    log.info('batches run one after the other', { cause })
  }

  const close = async (): Promise<void> => {
    cancelRest?.()
    const closing = pool
    pool = undefined
    if (state !== 'useless') state = 'closed'
    await closing?.close()
    if (closing) pools.delete(closing)
  }

  const rest = (): void => {
    cancelRest?.()
    cancelRest = clock.after(idleMs, () => {
      if (running > 0) return rest()
      log.info('lanes closed', { cause: 'they were not needed for a minute' })
      void close()
    })
  }

  const ended = (): void => {
    running -= 1
  }
  const used = (): (() => void) => {
    running += 1
    rest()
    return ended
  }

  const start = (): void => {
    if (count * (weightBytes * copiesWhileLoading + threadBytes) > freeBytes()) {
      giveUp('there is not enough memory for a copy of the model in each lane')
      return
    }
    state = 'opening'
    const opening = open()
    pool = opening
    pools.add(opening)
    opening.loaded
      .then(() => warmUp(opening))
      .then(
        () => {
          if (pool !== opening) return
          state = 'open'
          log.info('lanes opened', { lanes: count })
          rest()
        },
        ({ message }: Error) => giveUp(message),
      )
  }

  const longestRunMs = (): number => Math.max(0, ...[...pools].map((each) => each.longestRunMs()))

  return {
    runners: laneRunners(options, () => pool, used),
    ready: () => state === 'open' && pool?.serving() === count,
    open: () => {
      if (state === 'closed') start()
    },
    longestRunMs,
    close: () => {
      // When a run ends after its callers have left, lanes may still be asked for. They would never be closed.
      state = 'useless'
      return close()
    },
  }
}
