/** One version of a model: its folder, its workers, its task, its queue. */
import { createBatcher } from '../batching/batcher.ts'
import type { ServerConfig } from '../config/config.ts'
import { StartError } from '../failures/errors.ts'
import { createCallers } from '../inference/callers.ts'
import type { Served } from '../inference/served.ts'
import type { ModelFiles } from '../models/model-files.ts'
import { systemClock } from '../process/clock.ts'
import type { Log } from '../process/log.ts'
import type { Declared } from '../requests/declared-names.ts'
import type { Lanes } from '../sessions/lanes.ts'
import {
  findLanes,
  findTrees,
  openPool,
  openQuick,
  type RunnerParts,
  runnersOf,
  type StartWorker,
} from '../sessions/model-runners.ts'
import type { Pool } from '../sessions/pool.ts'
import type { QuickRuns } from '../sessions/quick-runs.ts'
import type { LoadedSession } from '../sessions/session-messages.ts'
import { mayMoveScale } from '../sharing/shared-scale.ts'
import type { LoadedTask } from '../tasks/task.ts'
import { loadAdvice } from './load-advice.ts'
import { readModel } from './model.ts'
import type { VersionFolder } from './version-folders.ts'

export interface ModelVersion {
  /** Settles once it has answered its warm-up. @throws StartError; its workers have ended by then */
  readonly ready: Promise<Served>
  /** Requests that wait. */
  readonly queueLength: () => number
  /** How long the longest of the present runs has been going; 0 when idle. */
  readonly longestRunMs: () => number
  /** Whether a request of this version is being computed. */
  readonly isInUse: () => boolean
  /** Waits for the requests that use the version, then ends its workers. No request may begin to use it after that. */
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

interface Parts extends RunnerParts, Pick<ModelVersionOptions, 'log' | 'onBatch' | 'onToken'> {
  /** Ends what the task keeps running. */
  readonly signal: AbortSignal
  readonly session: Promise<LoadedSession>
}

/** Names of the classes: those that the task reads, or the graph's own where there is no task. */
const labelsOf = async (files: ModelFiles): Promise<readonly string[] | undefined> => {
  if (files.task !== 'tensor') return (await import('../tasks/labels.ts')).readLabels(files)
  return [...(files.classes?.values() ?? [])].flat().map(String)
}

/** What the request log may show goes by it; a sensitive name that means nothing is said, and hides everything. */
const declared = async (
  { files, config, log }: Pick<Parts, 'files' | 'config' | 'log'>,
  loaded: LoadedSession,
  task: LoadedTask | undefined,
): Promise<Declared | undefined> => {
  const { mode, sensitiveFields } = config.requestLog
  if (sensitiveFields.length === 0 || mode === 'off' || mode === 'metadata') return undefined
  const { declaredOf, unknownNames } = await import('../request-log/declared.ts')
  const names = declaredOf(loaded, task, await labelsOf(files))
  const unknown = unknownNames(sensitiveFields, names)
  if (unknown.length > 0)
    log.warn(
      'sensitiveFields names what the model does not have, so the request log hides whole contents; correct the names',
      { unknown, model: files.name, version: files.version },
    )
  return names
}

/** Everything between the sessions and the HTTP and gRPC endpoints. */
const assemble = async (parts: Parts) => {
  const { config, files, pool, session, log, onBatch, onToken, signal } = parts
  const [{ createPredictor }, { deviceOf }, sharing, { loadTask }] = await Promise.all([
    import('../inference/predict.ts'),
    import('../inference/served.ts'),
    import('../sharing/row-sharing.ts'),
    import('../tasks/index.ts'),
  ])
  const trees = await findTrees(files, config)
  const permitted = await sharing.sharingAllowed({ files, config, trees })
  const [loaded, task, chatScript] = await Promise.all([
    session,
    loadTask(
      files.task,
      { ...files, signal, notice: (message, reason) => log.warn(message, { reason }) },
      session,
      {
        // Texts that are written side by side share runs, step by step.
        limits: permitted.batching.batched ? config.limits : { ...config.limits, maxRows: 1 },
        write: pool.write,
        runners: config.workers,
        clock: systemClock,
        onBatch,
        onToken,
      },
    ),
    files.task === 'text-classification'
      ? import('../tasks/chat.ts').then(({ readChatScript }) => readChatScript(files))
      : undefined,
  ])
  let batching = task?.generator
    ? permitted.batching
    : await sharing.triedSharing(permitted, {
        operators: files.graph?.operators ?? new Set(),
        signature: loaded,
        run: pool.run,
        maxRows: config.limits.maxRows,
        log,
      })
  sharing.logSharing(batching, log)
  if (task) {
    const { outputs } = await pool.run(await task.warmup())
    task.checkWarmup?.(outputs)
  }
  const isWriting = task?.generator !== undefined
  const isBatched = batching.batched && !isWriting
  const { longestLaneMs, ...runners } = await runnersOf(parts, loaded, { isBatched, isWriting, trees })
  const batcher = createBatcher({
    ...runners,
    batchable: isBatched,
    clock: systemClock,
    soon: setImmediate,
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
    model: { ...files, inputs, outputs, declared: await declared(parts, loaded, task) },
    get device() {
      return deviceOf(config.device, pool.runsOn() ?? loaded)
    },
    task,
    chatScript,
    get batching() {
      return batching
    },
    predictor: createPredictor({
      batcher,
      isBatched: () => batching.batched,
      signature: { inputs, outputs },
      maxAnswerBytes: config.maxAnswerBytes,
      timeoutMs: config.limits.timeoutMs,
      runsAlone: batching.rows === 'scaled' && config.rows === 'auto' ? mayMoveScale : undefined,
      nowMs: systemClock.nowMs,
    }),
    serving: pool.serving,
    callers: createCallers(),
  }
  const queueLength = (): number => batcher.queueLength() + (task?.generator?.queueLength() ?? 0)
  return { served, queueLength, longestLaneMs }
}

/** @throws StartError where --strict allows none */
const withAssumptions = async (
  files: ModelFiles,
  { config, log }: Pick<ModelVersionOptions, 'config' | 'log'>,
): Promise<ModelFiles> => {
  if (files.task === 'tensor') return files
  const { assumptionsOf, strictRefusal } = await import('../tasks/assumptions.ts')
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
  let quickRuns: Promise<QuickRuns | undefined> | undefined
  let lanes: Promise<Lanes | undefined> | undefined
  const ending = new AbortController()
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
      // Quick runs open at the same time as the workers, which take longer; errors of the model come from the workers.
      quickRuns = openQuick({ config, files, pool }).catch(() => undefined)
      state = await assemble({ ...options, files, pool, session, quickRuns, lanes, signal: ending.signal })
      return state.served
    } catch (error) {
      ending.abort()
      await (await quickRuns)?.close()
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
    isInUse: () => (state?.served.callers.count() ?? 0) > 0,
    close: async () => {
      const served = await ready.catch(() => undefined)
      await served?.callers.gone()
      ending.abort()
      if (!served) return
      await (await quickRuns)?.close()
      await (await lanes)?.close()
      await pool?.close()
    },
  }
}
