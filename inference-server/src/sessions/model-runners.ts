/** The runners of a model's batches: its workers, lanes beside them, or the thread of HTTP. */
import { SHARE_ENV, Worker } from 'node:worker_threads'
import type { BatcherOptions } from '../batching/batcher.ts'
import type { RunBatch } from '../batching/runners.ts'
import { defaults } from '../config/defaults.ts'
import type { ServerConfig } from '../config/server-config.ts'
import type { ModelFiles } from '../models/model-files.ts'
import type { TreeBatching } from '../onnx/tree-ensembles.ts'
import { systemClock } from '../process/clock.ts'
import type { Log } from '../process/log.ts'
import { sentFolder } from '../sealing/sealed-folders.ts'
import { commonRows } from '../tensors/tensor.ts'
import type { Lanes } from './lanes.ts'
import type { WorkerThread } from './member.ts'
import { createPool, type Pool } from './pool.ts'
import type { QuickRuns } from './quick-runs.ts'
import type { LoadedSession, SessionOptions } from './session-messages.ts'

export type StartWorker = (options: SessionOptions) => WorkerThread

/** The environment is shared, or setting a variable in the worker would not reach the native library. */
export const startWorker: StartWorker = (workerData) =>
  new Worker(new URL('../worker.ts', import.meta.url), { workerData, env: SHARE_ENV }) as WorkerThread

interface PoolParts {
  readonly config: ServerConfig
  readonly log: Log
  readonly start: StartWorker
  readonly onnxPath: string
  readonly encoderPath: string | undefined
  readonly size: number
  /** Intra-op threads of one run. */
  readonly threads: number
}

export const openPool = ({ config, onnxPath, encoderPath, size, threads, log, start }: PoolParts): Pool => {
  const options: SessionOptions = {
    onnxPath,
    ...(encoderPath !== undefined && { encoderPath }),
    sealed: sentFolder(onnxPath),
    device: config.device,
    threads,
    ...(config.maxTokens !== undefined && { maxTokens: config.maxTokens }),
  }
  return createPool({
    size,
    spawn: () => start(options),
    clock: systemClock,
    onCrash: (cause) => log.error('a worker ended and is being replaced', { cause }),
    onShortage: (what, cause) => log.warn(what, { cause }),
  })
}

/** Nothing that computes beside a GPU is opened for a model that has to run there. */
const asksForGpu = ({ device }: ServerConfig): boolean => device === 'gpu'

/** Most tokens in a batch unless told. A GPU gains from every one of them. */
const usualTokens = ({ active }: Pick<LoadedSession, 'active'>, threads: number): number =>
  active === 'cpu' ? defaults.tokensPerThread * threads : Number.POSITIVE_INFINITY

/**
 * What may run on this thread; not where versions come and go, since only the end of a thread is known to give a session back
 * whole.
 */
export const openQuick = async ({
  config,
  files,
  pool,
}: {
  readonly config: ServerConfig
  readonly files: ModelFiles
  readonly pool: Pool
}): Promise<QuickRuns | undefined> => {
  if (config.repository || asksForGpu(config)) return undefined
  const { openQuickRuns } = await import('./quick-runs.ts')
  return openQuickRuns({
    onnxPath: files.onnxPath,
    rows: config.limits.maxRows,
    mostMs: config.inlineMs,
    runElsewhere: pool.run,
    nowMs: systemClock.nowMs,
  })
}

/** Several workers already divide the processors among runs, as lanes would. */
export const findLanes = async ({
  config,
  onnxPath,
  log,
  start,
  session,
}: Pick<PoolParts, 'config' | 'onnxPath' | 'log' | 'start'> & {
  readonly session: Promise<LoadedSession>
}): Promise<Lanes | undefined> => {
  if (!config.lanes || config.workers > 1 || config.threads === 1 || asksForGpu(config)) return undefined
  const { createLanes, laneCount, weightBytes } = await import('./lanes.ts')
  const weights = await weightBytes(onnxPath)
  const count = laneCount(config.threads, weights)
  if (count === 1) return undefined
  const threads = config.threads / count
  // CUDA is not tried for lanes where it failed at the start.
  const onCpu = { ...config, device: 'cpu' } as const
  const parts = { config: onCpu, onnxPath, encoderPath: undefined, size: count, threads, log, start }
  return createLanes({
    count,
    weightBytes: weights,
    maxTokens: Math.min(config.maxTokens ?? Number.POSITIVE_INFINITY, defaults.tokensPerThread * threads),
    open: () => openPool(parts),
    warmUp: async ({ run }) => {
      const { warmUp } = await import('../sharing/row-probe.ts')
      const signature = await session
      return Promise.all(Array.from({ length: count }, () => warmUp(signature, run)))
    },
    freeBytes: () => process.availableMemory(),
    clock: systemClock,
    log,
  })
}

/** How requests may share batches, where the model has trees. */
export const findTrees = async (
  { graph, onnxPath }: ModelFiles,
  { threads, limits }: ServerConfig,
): Promise<TreeBatching | undefined> => {
  const { hasTrees, readTreeEnsembles, treeBatching } = await import('../onnx/tree-ensembles.ts')
  if (threads === 1 || !graph || !hasTrees(graph.operators)) return undefined
  return treeBatching(readTreeEnsembles(onnxPath), threads, limits.maxRows)
}

/** The session on this thread has one thread: trees that several would share in a run alone are the workers'. */
const quickRun =
  (quick: QuickRuns, pool: Pool, trees: TreeBatching | undefined): RunBatch =>
  (inputs, rows) => {
    const count = commonRows(inputs)
    const isShared = trees && (count === undefined || trees.runsAlone(count))
    return (isShared ? pool : quick).run(inputs, rows)
  }

const processorMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** What there is of a model to run batches with. */
export interface RunnerParts {
  readonly config: ServerConfig
  readonly files: ModelFiles
  readonly pool: Pool
  readonly quickRuns: Promise<QuickRuns | undefined>
  readonly lanes: Promise<Lanes | undefined>
}

interface Use {
  /** Whether requests share runs. */
  readonly isBatched: boolean
  /** Whether the workers write texts, which makes lanes of no use. */
  readonly isWriting: boolean
  readonly trees: TreeBatching | undefined
}

/** @param loaded of the first worker */
export const runnersOf = async (
  { config, pool, quickRuns, lanes }: RunnerParts,
  loaded: LoadedSession,
  { isBatched, isWriting, trees }: Use,
): Promise<
  Pick<BatcherOptions, 'limits' | 'usual' | 'lanes' | 'beside' | 'runsAlone' | 'processorMs'> & {
    readonly longestLaneMs: () => number
  }
> => {
  const isOnCpu = loaded.active === 'cpu'
  // A run on this thread would not wait for a GPU, nor for the request before it where none shares a run.
  const quick = isBatched && isOnCpu ? await quickRuns : undefined
  const laneRunners = isWriting || quick || trees || !isOnCpu ? undefined : await lanes
  return {
    limits: { ...config.limits, ...(trees && { maxRows: trees.maxRows }) },
    usual: {
      run: quick ? quickRun(quick, pool, trees) : pool.run,
      count: config.workers,
      maxTokens: () => config.maxTokens ?? usualTokens(pool.runsOn() ?? loaded, config.threads),
    },
    lanes: laneRunners,
    // The thread of HTTP answers predictions meanwhile.
    beside: pool.run,
    runsAlone: trees?.runsAlone,
    processorMs: isOnCpu ? processorMs : undefined,
    longestLaneMs: () => laneRunners?.longestRunMs() ?? 0,
  }
}
