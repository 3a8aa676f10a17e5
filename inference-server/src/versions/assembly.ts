/** Everything between the sessions of a version and the requests that ask it. */
import { type Batcher, createBatcher } from '../batching/batcher.ts'
import type { Drift } from '../drift/drift.ts'
import { createCallers } from '../inference/callers.ts'
import type { Served } from '../inference/served.ts'
import type { ModelFiles } from '../models/model-files.ts'
import { systemClock } from '../process/clock.ts'
import type { Log } from '../process/log.ts'
import type { Declared } from '../requests/declared-names.ts'
import { findTrees, type RunnerParts, runnersOf } from '../sessions/model-runners.ts'
import type { Pool } from '../sessions/pool.ts'
import type { LoadedSession } from '../sessions/session-messages.ts'
import type { Batching } from '../sharing/permission.ts'
import type { Permission } from '../sharing/row-sharing.ts'
import { mayMoveScale } from '../sharing/shared-scale.ts'
import type { LoadedTask } from '../tasks/task.ts'

export interface Parts extends RunnerParts {
  readonly log: Log
  readonly onBatch: (rows: number) => void
  readonly onToken: (sinceMs: number, isFirst: boolean) => void
  /** Ends what the task keeps running. */
  readonly signal: AbortSignal
  readonly session: Promise<LoadedSession>
  readonly damage: Served['damage']
}

/** Names of the classes: those that the task reads, or the graph's own where there is no task. */
const labelsOf = async (files: ModelFiles): Promise<readonly string[] | undefined> => {
  if (files.task !== 'tensor') return (await import('../tasks/labels.ts')).readLabels(files)
  return [...(files.classes?.values() ?? [])].flat().map(String)
}

/** Names that the request log may show; an unknown sensitive name is logged, and hides everything. */
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

/** The task of the model, and what it has to read for it. */
const loadedTask = async (parts: Parts, isBatched: boolean) => {
  const { config, files, pool, session, log, onBatch, onToken, signal } = parts
  const { loadTask } = await import('../tasks/index.ts')
  const notice = (message: string, reason: string): void => log.warn(message, { reason })
  return Promise.all([
    loadTask(files.task, { ...files, signal, notice }, session, {
      // Texts that are written side by side share runs, step by step.
      limits: isBatched ? config.limits : { ...config.limits, maxRows: 1 },
      write: pool.write,
      runners: config.workers,
      clock: systemClock,
      onBatch,
      onToken,
    }),
    files.task === 'text-classification'
      ? import('../tasks/chat.ts').then(({ readChatScript }) => readChatScript(files))
      : undefined,
  ])
}

/** What its outputs alone tell. @throws StartError where the folder does not fit them */
const warmUpTask = async (task: LoadedTask | undefined, pool: Pool): Promise<void> => {
  if (!task) return
  const { outputs } = await pool.run(await task.warmup())
  task.checkWarmup?.(outputs)
}

/** Whether requests share runs, now; that ends once a batch comes back with other rows than went in. */
const sharingOf = (found: Batching, log: Log) => {
  let batching = found
  return {
    now: (): Batching => batching,
    end: (reason: string): void => {
      batching = { rows: 'coupled', batched: false, reason }
      log.error('a batch came back with other rows than went in; requests run one by one from now on', {
        reason,
      })
    },
  }
}

/** Finds out whether requests share runs, and says so. */
const findSharing = async (
  { config, files, pool, log }: Parts,
  loaded: LoadedSession,
  task: LoadedTask | undefined,
  permitted: Permission,
) => {
  const { triedSharing, logSharing } = await import('../sharing/row-sharing.ts')
  const batching = task?.generator
    ? permitted.batching
    : await triedSharing(permitted, {
        operators: files.graph?.operators ?? new Set(),
        signature: loaded,
        run: pool.run,
        maxRows: config.limits.maxRows,
        log,
      })
  logSharing(batching, log)
  return sharingOf(batching, log)
}

/** The answers of a model's own batcher. */
const predictorOf = async (
  { config }: Parts,
  { inputs, outputs }: LoadedSession,
  batcher: Batcher,
  { sharing, drift }: { readonly sharing: ReturnType<typeof sharingOf>; readonly drift: Drift },
) => {
  const { createPredictor } = await import('../inference/predict.ts')
  const mayMove = sharing.now().rows === 'scaled' && config.rows === 'auto'
  return createPredictor({
    batcher,
    isBatched: () => sharing.now().batched,
    signature: { inputs, outputs },
    maxAnswerBytes: config.maxAnswerBytes,
    timeoutMs: config.limits.timeoutMs,
    runsAlone: mayMove ? mayMoveScale : undefined,
    nowMs: systemClock.nowMs,
    observer: drift.observer,
  })
}

/** Loaded only where drift is on. */
const driftOf = async (
  { config, files, log }: Parts,
  { inputs, outputs }: LoadedSession,
  task: LoadedTask | undefined,
): Promise<Drift> => {
  if (config.drift === 'off') return {}
  const { openDrift } = await import('../drift/drift.ts')
  const signature = { inputs, outputs }
  return openDrift({ mode: config.drift, dir: files.dir, signature, task, log, nowMs: systemClock.nowMs })
}

/** What is imported while the session loads. */
const modulesOf = () =>
  Promise.all([
    import('../inference/served.ts'),
    import('../sharing/row-sharing.ts'),
    import('../inference/predict.ts'),
    import('../tasks/index.ts'),
  ])

export const assemble = async (parts: Parts) => {
  const { config, files, pool, session, onBatch } = parts
  const [{ deviceOf }, { sharingAllowed }] = await modulesOf()
  const trees = await findTrees(files, config)
  const permitted = await sharingAllowed({ files, config, trees })
  const [loaded, [task, chatScript]] = await Promise.all([
    session,
    loadedTask(parts, permitted.batching.batched),
  ])
  const sharing = await findSharing(parts, loaded, task, permitted)
  await warmUpTask(task, pool)
  const isWriting = task?.generator !== undefined
  const isBatched = sharing.now().batched && !isWriting
  const { longestLaneMs, ...runners } = await runnersOf(parts, loaded, { isBatched, isWriting, trees })
  const batcher = createBatcher({
    ...{ ...runners, batchable: isBatched, clock: systemClock, soon: setImmediate },
    ...{ onBatch, onRowsMet: sharing.end },
  })
  const { inputs, outputs } = loaded
  const drift = await driftOf(parts, loaded, task)
  const served: Served = {
    model: { ...files, inputs, outputs, declared: await declared(parts, loaded, task) },
    get device() {
      return deviceOf(config.device, pool.runsOn() ?? loaded)
    },
    ...{ task, chatScript },
    get batching() {
      return sharing.now()
    },
    predictor: await predictorOf(parts, loaded, batcher, { sharing, drift }),
    drift,
    damage: parts.damage,
    ...{ spare: batcher.spare, serving: pool.serving },
    ...{ callers: createCallers(), explanations: createCallers() },
  }
  const queueLength = (): number => batcher.queueLength() + (task?.generator?.queueLength() ?? 0)
  return { served, queueLength, longestLaneMs }
}
