/** Composition root of `serve`: workers and HTTP start side by side, the model warms up, then the server is ready. */
import type { Server } from 'node:http'
import type { AddressInfo, Server as NetServer } from 'node:net'
import { SHARE_ENV, Worker } from 'node:worker_threads'
import { type ApiKeys, createApiKeys } from './api-keys.ts'
import { createBatcher } from './batcher.ts'
import type { Certificate } from './certificate.ts'
import { systemClock } from './clock.ts'
import type { ServerConfig } from './config.ts'
import { drain } from './drain.ts'
import { StartError } from './errors.ts'
import type { GrpcListener } from './grpc/listener.ts'
import { createHealth } from './health.ts'
import type { Log } from './log.ts'
import { findEncoder, findOnnx, type ModelFiles, readModel } from './model.ts'
import { createPool, type Pool, type WorkerThread } from './pool.ts'
import { createRegistry } from './registry.ts'
import type { RequestLog } from './request-log/request-log.ts'
import type { Served } from './served.ts'
import type { LoadedSession, SessionOptions } from './session-messages.ts'
import type { Batching } from './warm-up.ts'

export interface Serving {
  readonly served: Served
  /** Where HTTP really listens, which port 0 leaves to the system. */
  readonly port: number
  /** Where gRPC really listens. */
  readonly grpcPort: number | undefined
  /** How long the longest of the present runs has been going; 0 when idle. */
  readonly longestRunMs: () => number
  /** Requests that wait. */
  readonly queueLength: () => number
  /**
   * Stops taking requests, finishes those there are, ends the workers.
   * @param lingerMs how long callers on open connections are still answered
   */
  readonly stop: (lingerMs: number) => Promise<void>
}

const { nowMs } = systemClock
const wallClock = (): Date => new Date()

/** How long the last lines of the request log may take when the server stops. */
const lastLinesMs = 2000

/** A run that takes this many deadlines is stuck: its callers have long been told. */
const stuckAfterDeadlines = 2

/** The environment is shared, or setting a variable in the worker would not reach the native library. */
const startWorker = (workerData: SessionOptions): WorkerThread =>
  new Worker(new URL('./worker.ts', import.meta.url), { workerData, env: SHARE_ENV }) as WorkerThread

interface PoolParts {
  readonly config: ServerConfig
  readonly onnxPath: string
  readonly encoderPath: string | undefined
  readonly log: Log
  readonly start: typeof startWorker
}

const openPool = ({ config, onnxPath, encoderPath, log, start }: PoolParts): Pool => {
  const options: SessionOptions = {
    onnxPath,
    ...(encoderPath !== undefined && { encoderPath }),
    device: config.device,
    threads: config.threads,
  }
  return createPool({
    size: config.workers,
    spawn: () => start(options),
    clock: systemClock,
    onCrash: (cause) => log.error('a worker ended and is being replaced', { cause }),
    onShortage: (what, cause) => log.warn(what, { cause }),
  })
}

/** @throws StartError where the port is taken */
const listen = (server: NetServer, port: number, host: string | undefined, flag: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reasons: Readonly<Record<string, string>> = {
        EADDRINUSE: `port ${port} is in use; choose another one with --${flag}, 0 for any free one${flag === 'grpc-port' ? ', off for none' : ''}`,
        EACCES: `port ${port} is not allowed here; choose one above 1023 with --${flag}`,
        EADDRNOTAVAIL: `${host} is no address of this machine; choose another one with --host`,
      }
      reject(
        new StartError(reasons[error.code ?? ''] ?? `port ${port} cannot be opened: ${error.message}`, 1),
      )
    })
    server.listen({ port, ...(host !== undefined && { host }) }, () =>
      resolve((server.address() as AddressInfo).port),
    )
  })

const loadedSession = async (pool: Pool, onnxPath: string): Promise<LoadedSession> => {
  try {
    return await pool.loaded
  } catch (error) {
    const { message } = error as Error
    throw new StartError(`${onnxPath} cannot be loaded as an ONNX model: ${message}`, 1, { cause: error })
  }
}

interface Parts {
  readonly config: ServerConfig
  readonly files: ModelFiles
  readonly pool: Pool
  readonly session: Promise<LoadedSession>
  readonly log: Log
  readonly onBatch: (rows: number) => void
}

/** Rows that are written token by token share steps instead of batches. */
const written: Batching = { kind: 'alone', reason: 'texts are written side by side, step by step' }

/** Everything between the sessions and HTTP. */
const assemble = async ({ config, files, pool, session, log, onBatch }: Parts) => {
  const [{ createPredictor }, { deviceOf }, { warmUp }, { loadTask }] = await Promise.all([
    import('./predict.ts'),
    import('./served.ts'),
    import('./warm-up.ts'),
    import('./tasks/index.ts'),
  ])
  const [loaded, task, chatScript] = await Promise.all([
    session,
    loadTask(files.task, files, session, {
      limits: config.limits,
      write: pool.write,
      runners: config.workers,
      clock: systemClock,
      onBatch,
    }),
    files.task === 'text-classification'
      ? import('./tasks/chat.ts').then(({ readChatScript }) => readChatScript(files))
      : undefined,
  ])
  const batching = task?.generator ? written : await warmUp(loaded, pool.run)
  if (batching.kind === 'alone' && !task?.generator)
    log.info('requests run one by one', { reason: batching.reason })
  if (task) await pool.run(await task.warmup())
  const batcher = createBatcher({
    limits: config.limits,
    run: pool.run,
    runners: config.workers,
    batchable: batching.kind === 'batchable' && config.limits.maxRows > 1,
    clock: systemClock,
    soon: setImmediate,
    onBatch,
  })
  const { inputs, outputs } = loaded
  const served: Served = {
    model: { ...files, inputs, outputs },
    get device() {
      return deviceOf(config.device, pool.runsOn() ?? loaded)
    },
    task,
    chatScript,
    batching,
    predictor: createPredictor({ batcher, stackable: batching.kind === 'batchable', nowMs }),
  }
  const queueLength = (): number => batcher.queueLength() + (task?.generator?.queueLength() ?? 0)
  return { served, queueLength }
}

/**
 * Serves the model of `config` until `stop`.
 * @param start starts a worker; tests inject faults here
 * @throws StartError in one sentence; what had been started has ended by then
 */
export const serve = async (
  config: ServerConfig,
  log: Log,
  packageVersion: string,
  start = startWorker,
): Promise<Serving> => {
  const onnxPath = await findOnnx(config.dir)
  const pool = openPool({ config, onnxPath, encoderPath: await findEncoder(onnxPath), log, start })
  const session = loadedSession(pool, onnxPath)
  session.catch(() => {})
  const health = createHealth({
    serving: pool.serving,
    longestRunMs: pool.longestRunMs,
    stuckAfterMs: config.limits.timeoutMs * stuckAfterDeadlines,
  })
  let state: Awaited<ReturnType<typeof assemble>> | undefined
  const doors: { http?: Server; grpc?: GrpcListener } = {}
  const aside: {
    requestLog?: RequestLog | undefined
    apiKeys?: ApiKeys | undefined
    certificate?: Certificate | undefined
  } = {}
  const stop = async (lingerMs: number): Promise<void> => {
    await drain({ health, ...doors, clock: systemClock, lingerMs })
    await pool.close()
    aside.apiKeys?.close()
    aside.certificate?.close()
    await aside.requestLog?.close(lastLinesMs)
  }
  try {
    const files = await readModel({ ...config, onnxPath })
    if (config.apiKeys !== undefined)
      aside.apiKeys = createApiKeys({ dir: config.apiKeys, clock: systemClock, log })
    if (config.tls) {
      const { createCertificate } = await import('./certificate.ts')
      aside.certificate = createCertificate({ ...config.tls, clock: systemClock, log, wallClock })
    }
    if (config.requestLog.mode !== 'off') {
      const { openRequestLog } = await import('./request-log/open.ts')
      aside.requestLog = openRequestLog(config.requestLog, files, log)
    }
    const [{ createListener }, { createMetrics }, { createGrpcListener }] = await Promise.all([
      import('./http/listener.ts'),
      import('./metrics.ts'),
      import('./grpc/listener.ts'),
    ])
    const metrics = createMetrics({
      queueLength: () => state?.queueLength() ?? 0,
      modelInfo: () => state && modelInfo(state.served),
      requestLog: aside.requestLog,
    })
    const shared = {
      version: packageVersion,
      name: files.name,
      health,
      metrics,
      log,
      registry: createRegistry({ name: files.name, health, served: () => state?.served }),
      apiKeys: aside.apiKeys,
      requestLog: aside.requestLog,
      certificate: aside.certificate,
      maxBodyBytes: config.maxBodyBytes,
      nowMs,
      wallClock,
    }
    doors.http = createListener(shared)
    const port = await listen(doors.http, config.port, config.host, 'port')
    let grpcPort: number | undefined
    if (config.grpcPort !== undefined) {
      doors.grpc = createGrpcListener(shared)
      grpcPort = await listen(doors.grpc.server, config.grpcPort, config.host, 'grpc-port')
    }
    state = await assemble({ config, files, pool, session, log, onBatch: metrics.batch })
    health.enter('ready')
    const { served, queueLength } = state
    return { served, port, grpcPort, longestRunMs: pool.longestRunMs, queueLength, stop }
  } catch (error) {
    await stop(0)
    throw error
  }
}

const modelInfo = ({ model, device }: Served): Readonly<Record<string, string>> => ({
  model: model.name,
  version: model.version,
  task: model.task,
  device: device.active,
})
