/** Composition root of `serve`: workers and listeners start side by side, the model warms up, then the server is ready. */
import type { AddressInfo, Server as NetServer } from 'node:net'
import type { ServerConfig } from '../config/config.ts'
import { StartError } from '../failures/errors.ts'
import type { Served } from '../inference/served.ts'
import { createHealth } from '../observability/health.ts'
import type { Metrics } from '../observability/metrics.ts'
import { systemClock } from '../process/clock.ts'
import type { Log } from '../process/log.ts'
import type { RequestLog } from '../request-log/request-log.ts'
import { createBodies } from '../requests/bodies.ts'
import type { Listener } from '../requests/port.ts'
import { type ApiKeys, createApiKeys } from '../security/api-keys.ts'
import type { Certificate } from '../security/certificate.ts'
import { startWorker } from '../sessions/model-runners.ts'
import type { Tracing } from '../tracing/tracing.ts'
import { openModelVersion } from '../versions/model-version.ts'
import { createRegistry } from '../versions/registry.ts'
import { createRepository, type Repository } from '../versions/repository.ts'
import { createRepositoryControl } from '../versions/repository-control.ts'
import { type VersionFolder, versionFolders, wantedFolders } from '../versions/version-folders.ts'
import { drain } from './drain.ts'

export interface Serving {
  /** What answered first where no version is asked for. */
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
   * @param lingerMs how long everyone is still answered before the ports close
   */
  readonly stop: (lingerMs: number) => Promise<void>
}

const { nowMs } = systemClock
const wallClock = (): Date => new Date()

/** How long the last lines of the request log, and the last spans, may take when the server stops. */
const lastLinesMs = 2000
const lastSpansMs = 2000

/** How long answers may take to leave once the deadline of the last request has passed. */
const lastAnswersMs = 2000
/** How many of the largest answers are sent at a time. */
const answersAtATime = 2

/** A run that takes this many deadlines is stuck: its callers have long been told. */
const stuckAfterDeadlines = 2

/** @throws StartError where the port is taken */
const listen = (server: NetServer, port: number, host: string | undefined, flag: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const noAddress = `${host} is no address of this machine; choose another one with --host, or all`
      const reasons: Readonly<Record<string, string>> = {
        EADDRINUSE: `port ${port} is in use; choose another one with --${flag}, 0 for any free one${flag === 'grpc-port' ? ', off for none' : ''}`,
        EACCES: `port ${port} is not allowed here; choose one above 1023 with --${flag}`,
        EADDRNOTAVAIL: noAddress,
        ENOTFOUND: noAddress,
        EAI_AGAIN: noAddress,
      }
      reject(
        new StartError(reasons[error.code ?? ''] ?? `port ${port} cannot be opened: ${error.message}`, 1),
      )
    })
    server.listen({ port, ...(host !== undefined && { host }) }, () =>
      resolve((server.address() as AddressInfo).port),
    )
  })

/**
 * A version that cannot be loaded does not keep the others from answering.
 * @throws StartError where nothing would answer
 */
const loadAll = async (
  repository: Repository,
  folders: readonly VersionFolder[],
  log: Log,
): Promise<Served> => {
  const failures: (readonly [version: string, error: Error])[] = []
  for (const folder of folders)
    await repository.load(folder).catch((error: Error) => void failures.push([folder.version, error]))
  const current = repository.current()
  if (!current) throw failures[0]?.[1]
  for (const [version, { message }] of failures)
    log.error('a version could not be loaded', { version, error: message })
  return current
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
  const folders = versionFolders(config)
  const wanted = wantedFolders(await folders(), config)
  let metrics: Metrics | undefined
  const repository = createRepository({
    folders,
    open: (folder) =>
      openModelVersion({
        folder,
        config,
        log,
        start,
        onBatch: (rows) => metrics?.batch(rows, folder.version),
        onToken: (sinceMs, isFirst) => metrics?.token(sinceMs, isFirst, folder.version),
      }),
    defaultVersion: config.repository?.defaultVersion,
  })
  const loading = loadAll(repository, wanted, log)
  loading.catch(() => {})
  const health = createHealth({
    serving: repository.serving,
    longestRunMs: repository.longestRunMs,
    stuckAfterMs: config.limits.timeoutMs * stuckAfterDeadlines,
  })
  const listeners: { http?: Listener; grpc?: Listener } = {}
  const aside: {
    requestLog?: RequestLog | undefined
    tracing?: Tracing
    apiKeys?: ApiKeys | undefined
    certificate?: Certificate | undefined
  } = {}
  const stop = async (lingerMs: number): Promise<void> => {
    await drain({
      health,
      ...listeners,
      clock: systemClock,
      lingerMs,
      mostMs: config.limits.timeoutMs + lastAnswersMs,
    })
    await repository.close()
    aside.apiKeys?.close()
    aside.certificate?.close()
    await Promise.all([aside.requestLog?.close(lastLinesMs), aside.tracing?.close(lastSpansMs)])
  }
  try {
    if (config.apiKeys !== undefined)
      aside.apiKeys = createApiKeys({ dir: config.apiKeys, clock: systemClock, log })
    if (config.tls) {
      const { createCertificate } = await import('../security/certificate.ts')
      aside.certificate = createCertificate({ ...config.tls, clock: systemClock, log, wallClock })
    }
    if (config.requestLog.mode !== 'off') {
      const { openRequestLog } = await import('../request-log/open.ts')
      aside.requestLog = openRequestLog(
        config.requestLog,
        { name: config.name, version: config.repository ? undefined : wanted[0]?.version },
        log,
      )
    }
    if (config.tracing) {
      const { openTracing } = await import('../tracing/tracing.ts')
      const { name, tracing: env } = config
      aside.tracing = openTracing({ name, version: packageVersion, env, clock: systemClock, log })
    }
    const [{ createListener }, { createAnswersInFlight }, { createMetrics }, { createGrpcListener }] =
      await Promise.all([
        import('../http/listener.ts'),
        import('../requests/answers-in-flight.ts'),
        import('../observability/metrics.ts'),
        import('../grpc/listener.ts'),
      ])
    metrics = createMetrics({
      byVersion: config.repository !== undefined,
      versions: () =>
        repository.ready().map(({ served, queueLength }) => ({
          version: served.model.version,
          info: modelInfo(served),
          queueLength,
        })),
      requestLog: aside.requestLog,
      tracing: aside.tracing,
    })
    const shared = {
      version: packageVersion,
      health,
      metrics,
      log,
      registry: createRegistry({ name: config.name, health, repository }),
      control: createRepositoryControl({
        name: config.name,
        repository,
        folders,
        wanted: (there) => wantedFolders(there, config),
        allowed: config.repository?.loadUnload === true,
        log,
      }),
      apiKeys: aside.apiKeys,
      requestLog: aside.requestLog,
      tracing: aside.tracing,
      certificate: aside.certificate,
      maxConnections: config.maxConnections,
      host: config.host,
      allowedHosts: config.allowedHosts,
      isComputing: repository.isComputing,
      bodies: createBodies(config.maxBodyBytes, config.maxInFlightBytes),
      clock: systemClock,
      maxAnswerBytes: config.maxAnswerBytes,
      answers: createAnswersInFlight(config.maxAnswerBytes * answersAtATime),
      nowMs,
      wallClock,
    }
    listeners.http = createListener(shared)
    const port = await listen(listeners.http.server, config.port, config.host, 'port')
    let grpcPort: number | undefined
    if (config.grpcPort !== undefined) {
      listeners.grpc = createGrpcListener(shared)
      grpcPort = await listen(listeners.grpc.server, config.grpcPort, config.host, 'grpc-port')
    }
    const served = await loading
    health.enter('ready')
    const { longestRunMs, queueLength } = repository
    return { served, port, grpcPort, longestRunMs, queueLength, stop }
  } catch (error) {
    await stop(0)
    throw error
  }
}

const modelInfo = ({ model, device, batching }: Served): Readonly<Record<string, string>> => ({
  model: model.name,
  version: model.version,
  task: model.task,
  device: device.active,
  rows: batching.rows,
  batched: String(batching.batched),
})
