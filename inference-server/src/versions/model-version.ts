/** One version of a model: its folder, its workers, its task, its queue. */
import type { ServerConfig } from '../config/server-config.ts'
import { StartError } from '../failures/errors.ts'
import type { Served } from '../inference/served.ts'
import type { ModelFiles } from '../models/model-files.ts'
import type { Log } from '../process/log.ts'
import { isChangedFile } from '../sealing/seal-error.ts'
import type { Lanes } from '../sessions/lanes.ts'
import { findLanes, openPool, openQuick, type StartWorker } from '../sessions/model-runners.ts'
import type { Pool } from '../sessions/pool.ts'
import type { QuickRuns } from '../sessions/quick-runs.ts'
import type { LoadedSession } from '../sessions/session-messages.ts'
import { assemble } from './assembly.ts'
import { openCustody } from './custody.ts'
import { loadAdvice } from './load-advice.ts'
import { readModel } from './model.ts'
import { lockedFolder } from './sealed-folder.ts'
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
    if (isChangedFile(reason)) throw new StartError(reason, 1, { cause: error })
    throw new StartError(
      `${onnxPath} cannot be loaded as an ONNX model: ${reason}; ${loadAdvice(reason)}`,
      1,
      { cause: error },
    )
  }
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
  const { digest, recordDigest } = config
  const isEncrypted = config.encryptionKeys !== undefined
  const custody = openCustody({ folder, digest, recordDigest, isEncrypted, log })
  let state: Awaited<ReturnType<typeof assemble>> | undefined

  const load = async (): Promise<Served> => {
    const { version, dir } = folder
    const reading = readModel({ ...config, dir, version })
    reading.catch(() => {}) // That a file is damaged explains more than what it is read as.
    await lockedFolder(dir, config.encryptionKeys)
    await custody.checked
    const files = await withAssumptions(await reading, { config, log })
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
      const { signal } = ending
      const { damage } = custody
      state = await assemble({ ...options, files, pool, session, quickRuns, lanes, signal, damage })
      return state.served
    } catch (error) {
      ending.abort()
      await (await quickRuns)?.close()
      await opened.close()
      throw error
    }
  }
  const ready = load()
  ready.catch(custody.close)

  return {
    ready,
    queueLength: () => state?.queueLength() ?? 0,
    longestRunMs: () => Math.max(pool?.longestRunMs() ?? 0, state?.longestLaneMs() ?? 0),
    isInUse: () => (state?.served.callers.count() ?? 0) > 0,
    close: async () => {
      const served = await ready.catch(() => undefined)
      await served?.callers.gone()
      custody.close()
      ending.abort()
      if (!served) return
      await (await quickRuns)?.close()
      await (await lanes)?.close()
      await pool?.close()
    },
  }
}
