/** One version of a model: its folder, its workers, its task, its queue. */
import { SHARE_ENV, Worker } from 'node:worker_threads'
import { createBatcher } from './batcher.ts'
import { createCallers } from './callers.ts'
import { systemClock } from './clock.ts'
import type { ServerConfig } from './config.ts'
import { StartError } from './errors.ts'
import type { Lanes } from './lanes.ts'
import { loadAdvice } from './load-advice.ts'
import type { Log } from './log.ts'
import { type ModelFiles, readModel } from './model.ts'
import type { TreeBatching } from './onnx/tree-ensembles.ts'
import { createPool, type Pool, type WorkerThread } from './pool.ts'
import type { QuickRuns } from './quick-runs.ts'
import type { RunBatch } from './runners.ts'
import type { Served } from './served.ts'
import type { LoadedSession, SessionOptions } from './session-messages.ts'
import type { VersionFolder } from './version-folders.ts'

export interface ModelVersion {
  /** Settles once it has answered its warm-up. @throws StartError; its workers have ended by then */
  readonly ready: Promise<Served>
  /** Requests that wait. */
  readonly queueLength: () => number
  /** How long the longest of the present runs has been going; 0 when idle. */
  readonly longestRunMs: () => number
  /** Lets those finish who have it in use, then ends its workers. Nobody may begin to use it after that. */
  readonly close: () => Promise<void>
}

export interface ModelVersionOptions {
  readonly folder: VersionFolder
  readonly config: ServerConfig
  readonly log: Log
  readonly onBatch: (rows: number) => void
  readonly onToken: (sinceMs: number, isFirst: boolean) => void
  /** Starts a worker. */
  readonly start: StartWorker
}

export type StartWorker = (options: SessionOptions) => WorkerThread

/** The environment is shared, or setting a variable in the worker would not reach the native library. */
export const startWorker: StartWorker = (workerData) =>
  new Worker(new URL('./worker.ts', import.meta.url), { workerData, env: SHARE_ENV }) as WorkerThread

interface PoolParts extends Pick<ModelVersionOptions, 'config' | 'log' | 'start'> {
  readonly onnxPath: string
  readonly encoderPath: string | undefined
  readonly size: number
  /** Of one run. */
  readonly threads: number
}

const openPool = ({ config, onnxPath, encoderPath, size, threads, log, start }: PoolParts): Pool => {
  const options: SessionOptions = {
    onnxPath,
    ...(encoderPath !== undefined && { encoderPath }),
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

const loadedSession = async (pool: Pool, onnxPath: string): Promise<LoadedSession> => {
  try {
    return await pool.loaded
  } catch (error) {
    const { message } = error as Error
    const reason = message.replace(/[.\s]+$/, '')
    throw new StartError(
      `${onnxPath} cannot be loaded as an ONNX model: ${reason}; ${loadAdvice(reason)}`,
      1,
      { cause: error },
    )
  }
}

/** Beyond it a transformer on a CPU hardly gains speed, and beyond 1024 it loses some: measured, see decision 21. */
const tokensPerThread = 256

/** Most tokens in a batch unless told. A GPU gains from every one of them. */
const usualTokens = ({ active }: Pick<LoadedSession, 'active'>, threads: number): number =>
  active === 'cpu' ? tokensPerThread * threads : Number.POSITIVE_INFINITY

interface Parts extends Pick<ModelVersionOptions, 'config' | 'log' | 'onBatch' | 'onToken'> {
  readonly files: ModelFiles
  readonly pool: Pool
  readonly session: Promise<LoadedSession>
  readonly near: Promise<QuickRuns | undefined>
  readonly lanes: Promise<Lanes | undefined>
}

/**
 * What may run on this thread; not where versions come and go, since only the end of a thread is known to give a session back
 * whole.
 */
const openQuick = async ({
  config,
  files,
  pool,
}: Pick<Parts, 'config' | 'files' | 'pool'>): Promise<QuickRuns | undefined> => {
  if (config.repository || config.device === 'gpu') return undefined
  const { openQuickRuns } = await import('./quick-runs.ts')
  return openQuickRuns({
    onnxPath: files.onnxPath,
    rows: config.limits.maxRows,
    mostMs: config.inlineMs,
    runElsewhere: pool.run,
    nowMs: systemClock.nowMs,
  })
}

/** Whoever divides the processors among workers needs no lanes. */
const findLanes = async ({
  config,
  onnxPath,
  log,
  start,
  session,
}: Pick<PoolParts, 'config' | 'onnxPath' | 'log' | 'start'> & Pick<Parts, 'session'>): Promise<
  Lanes | undefined
> => {
  if (!config.lanes || config.workers > 1 || config.threads === 1 || config.device === 'gpu') return undefined
  const { createLanes, laneCount, weightBytes } = await import('./lanes.ts')
  const weights = await weightBytes(onnxPath)
  const count = laneCount(config.threads, weights)
  if (count === 1) return undefined
  const threads = config.threads / count
  // Where CUDA failed at the start, it is not tried for them.
  const onCpu = { ...config, device: 'cpu' } as const
  const parts = { config: onCpu, onnxPath, encoderPath: undefined, size: count, threads, log, start }
  return createLanes({
    count,
    weightBytes: weights,
    maxTokens: Math.min(config.maxTokens ?? Number.POSITIVE_INFINITY, tokensPerThread * threads),
    open: () => openPool(parts),
    warmUp: async ({ run }) => {
      const { warmUp } = await import('./row-probe.ts')
      const signature = await session
      return Promise.all(Array.from({ length: count }, () => warmUp(signature, run)))
    },
    freeBytes: () => process.availableMemory(),
    clock: systemClock,
    log,
  })
}

/** How requests may share batches, where the model has trees. */
const findTrees = async (
  { graph, onnxPath }: ModelFiles,
  { threads, limits }: ServerConfig,
): Promise<TreeBatching | undefined> => {
  const { hasTrees, readTreeEnsembles, treeBatching } = await import('./onnx/tree-ensembles.ts')
  if (threads === 1 || !graph || !hasTrees(graph.operators)) return undefined
  return treeBatching(readTreeEnsembles(onnxPath), threads, limits.maxRows)
}

/** The session on this thread has one thread: trees that several would share in a run alone are the workers'. */
const quickRun =
  (quick: QuickRuns, pool: Pool, trees: TreeBatching | undefined): RunBatch =>
  (inputs, rows) =>
    (trees && rows === undefined ? pool : quick).run(inputs, rows)

const processorMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** Everything between the sessions and the doors. */
const assemble = async (parts: Parts) => {
  const { config, files, pool, session, near, lanes, log, onBatch, onToken } = parts
  const [{ createPredictor }, { deviceOf }, sharing, { loadTask }] = await Promise.all([
    import('./predict.ts'),
    import('./served.ts'),
    import('./row-sharing.ts'),
    import('./tasks/index.ts'),
  ])
  const permitted = await sharing.sharingAllowed({ files, config })
  const [loaded, task, chatScript] = await Promise.all([
    session,
    loadTask(files.task, files, session, {
      // Texts that are written side by side share runs, step by step.
      limits: permitted.batching.batched ? config.limits : { ...config.limits, maxRows: 1 },
      write: pool.write,
      runners: config.workers,
      clock: systemClock,
      onBatch,
      onToken,
    }),
    files.task === 'text-classification'
      ? import('./tasks/chat.ts').then(({ readChatScript }) => readChatScript(files))
      : undefined,
  ])
  let batching = task?.generator
    ? permitted.batching
    : await sharing.triedSharing(permitted, {
        operators: files.graph?.operators ?? new Set(),
        signature: loaded,
        run: pool.run,
        log,
      })
  sharing.logSharing(batching, log)
  if (task) {
    const { outputs } = await pool.run(await task.warmup())
    task.checkWarmup?.(outputs)
  }
  const isBatched = batching.batched && !task?.generator
  const trees = await findTrees(files, config)
  // Beside a GPU, or where rows depend on each other, it waits for nothing.
  const quick = isBatched && loaded.active === 'cpu' ? await near : undefined
  const side = task?.generator || quick || trees || loaded.active !== 'cpu' ? undefined : await lanes
  const batcher = createBatcher({
    limits: { ...config.limits, ...(trees && { maxRows: trees.maxRows }) },
    usual: {
      run: quick ? quickRun(quick, pool, trees) : pool.run,
      count: config.workers,
      // A run on this thread begins when it is given.
      ahead: quick ? 0 : config.workers,
      maxTokens: () => config.maxTokens ?? usualTokens(pool.runsOn() ?? loaded, config.threads),
      idle: quick ? () => false : pool.idle,
      longestRunMs: pool.longestRunMs,
    },
    lanes: side,
    batchable: isBatched,
    runsAlone: trees?.runsAlone,
    clock: systemClock,
    soon: setImmediate,
    processorMs: loaded.active === 'cpu' ? processorMs : undefined,
    onBatch,
    onRowsMet: (reason) => {
      batching = { rows: 'coupled', batched: false, reason }
      log.error('a batch came back with other rows than went in; requests run one by one from now on', {
        reason,
      })
    },
  })
  const { inputs, outputs } = loaded
  const served: Served = {
    model: { ...files, inputs, outputs },
    get device() {
      return deviceOf(config.device, pool.runsOn() ?? loaded)
    },
    task,
    chatScript,
    get batching() {
      return batching
    },
    predictor: createPredictor({ batcher, isBatched: () => batching.batched, nowMs: systemClock.nowMs }),
    serving: pool.serving,
    callers: createCallers(),
  }
  const queueLength = (): number => batcher.queueLength() + (task?.generator?.queueLength() ?? 0)
  return { served, queueLength, longestLaneMs: () => side?.longestRunMs() ?? 0 }
}

/** @throws StartError where --strict allows none */
const withAssumptions = async (
  files: ModelFiles,
  { config, log }: Pick<ModelVersionOptions, 'config' | 'log'>,
): Promise<ModelFiles> => {
  if (files.task === 'tensor') return files
  const { assumptionsOf, strictRefusal } = await import('./tasks/assumptions.ts')
  const assumptions = await assumptionsOf(files.task, files)
  if (assumptions.length === 0) return files
  if (config.strict) throw new StartError(strictRefusal(assumptions))
  log.warn('the folder leaves open what the task needs', { assumptions })
  return { ...files, assumptions }
}

/** Begins to load at once. */
export const openModelVersion = (options: ModelVersionOptions): ModelVersion => {
  const { folder, config, log, start } = options
  let pool: Pool | undefined
  let near: Promise<QuickRuns | undefined> | undefined
  let lanes: Promise<Lanes | undefined> | undefined
  let state: Awaited<ReturnType<typeof assemble>> | undefined

  const load = async (): Promise<Served> => {
    const { version, dir } = folder
    const files = await withAssumptions(await readModel({ ...config, dir, version }), { config, log })
    if (files.taskHint !== undefined) log.warn(files.taskHint)
    const { onnxPath, encoderPath } = files
    const { workers: size, threads } = config
    const opened = openPool({ config, onnxPath, encoderPath, size, threads, log, start })
    pool = opened
    const session = loadedSession(opened, onnxPath)
    session.catch(() => {})
    lanes = findLanes({ config, onnxPath, log, start, session }).catch(() => undefined)
    try {
      // Beside the workers, which take longer to load; they say what is wrong with a model.
      near = openQuick({ config, files, pool }).catch(() => undefined)
      state = await assemble({ ...options, files, pool, session, near, lanes })
      return state.served
    } catch (error) {
      await (await near)?.close()
      await opened.close()
      throw error
    }
  }
  const ready = load()
  ready.catch(() => {})

  return {
    ready,
    queueLength: () => state?.queueLength() ?? 0,
    longestRunMs: () => Math.max(pool?.longestRunMs() ?? 0, state?.longestLaneMs() ?? 0),
    close: async () => {
      const served = await ready.catch(() => undefined)
      await served?.callers.gone()
      if (!served) return
      await (await near)?.close()
      await (await lanes)?.close()
      await pool?.close()
    },
  }
}
