/** Composition root of `serve`: workers and listeners start side by side, the model warms up, then the server is ready. */
import type { ServerConfig } from '../config/server-config.ts'
import type { Served } from '../inference/served.ts'
import { createHealth, type Health } from '../observability/health.ts'
import type { Metrics } from '../observability/metrics.ts'
import { systemClock } from '../process/clock.ts'
import type { Log } from '../process/log.ts'
import { createBodies } from '../requests/bodies.ts'
import type { Listener } from '../requests/port.ts'
import { startWorker } from '../sessions/model-runners.ts'
import { openModelVersion } from '../versions/model-version.ts'
import { createRegistry } from '../versions/registry.ts'
import { createRepository, type Repository } from '../versions/repository.ts'
import { createRepositoryControl } from '../versions/repository-control.ts'
import { type VersionFolder, versionFolders, wantedFolders } from '../versions/version-folders.ts'
import { drain } from './drain.ts'
import { listen } from './listening.ts'
import { closeResources, openResources, type Resources } from './resources.ts'

export interface Serving {
  /** What answered first where no version is asked for. */
  readonly served: Served
  /** Port of HTTP, chosen by the system for port 0. */
  readonly port: number
  /** Port of gRPC, chosen by the system for port 0. */
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

/** How long answers may take to leave once the deadline of the last request has passed. */
const lastAnswersMs = 2000
/** How many of the largest answers are sent at a time. */
const answersAtATime = 2

/** A run that takes this many deadlines is stuck: its callers have long been told. */
const stuckAfterDeadlines = 2

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

const modelInfo = ({ model, device, batching }: Served): Readonly<Record<string, string>> => ({
  model: model.name,
  version: model.version,
  task: model.task,
  device: device.active,
  rows: batching.rows,
  batched: String(batching.batched),
})

/** What the parts of a server have in common. */
interface Parts {
  readonly config: ServerConfig
  readonly log: Log
  readonly packageVersion: string
  /** Looks for the folders that there are now. */
  readonly folders: () => Promise<readonly VersionFolder[]>
  readonly repository: Repository
  readonly health: Health
  readonly resources: Resources
}

/** Modules that load while the workers start. */
const loadModules = async () => {
  const [{ createListener }, { createAnswersInFlight }, { createMetrics }, { createGrpcListener }] =
    await Promise.all([
      import('../http/listener.ts'),
      import('../requests/answers-in-flight.ts'),
      import('../observability/metrics.ts'),
      import('../grpc/listener.ts'),
    ])
  return { createListener, createAnswersInFlight, createMetrics, createGrpcListener }
}
type Modules = Awaited<ReturnType<typeof loadModules>>

const openMetrics = (
  { config, repository, resources }: Parts,
  { createMetrics }: Pick<Modules, 'createMetrics'>,
): Metrics =>
  createMetrics({
    byVersion: config.repository !== undefined,
    versions: () =>
      repository.ready().map(({ served, queueLength }) => ({
        version: served.model.version,
        info: modelInfo(served),
        drift: served.drift,
        queueLength,
        inFlight: () => served.callers.count() - served.explanations.count(),
      })),
    requestLog: resources.requestLog,
    tracing: resources.tracing,
  })

/** What both listeners are given. */
const listenerOptions = (
  parts: Parts,
  metrics: Metrics,
  { createAnswersInFlight }: Pick<Modules, 'createAnswersInFlight'>,
) => {
  const { config, log, packageVersion, folders, repository, health, resources } = parts
  const { name, maxAnswerBytes } = config
  return {
    version: packageVersion,
    health,
    metrics,
    log,
    registry: createRegistry({ name, health, repository }),
    control: createRepositoryControl({
      name,
      repository,
      folders,
      wanted: (there) => wantedFolders(there, config),
      allowed: config.repository?.loadUnload === true,
      log,
    }),
    apiKeys: resources.apiKeys,
    requestLog: resources.requestLog,
    tracing: resources.tracing,
    certificate: resources.certificate,
    maxConnections: config.maxConnections,
    host: config.host,
    allowedHosts: config.allowedHosts,
    isComputing: repository.isComputing,
    bodies: createBodies(config.maxBodyBytes, config.maxInFlightBytes),
    clock: systemClock,
    explain: config.explain,
    maxAnswerBytes,
    answers: createAnswersInFlight(maxAnswerBytes * answersAtATime),
    nowMs,
    wallClock,
  }
}

interface Listeners {
  http?: Listener
  grpc?: Listener
}

/** Opens the ports. @param into filled one by one, so that the first can be closed where the second fails */
const openListeners = async (
  into: Listeners,
  { port, grpcPort, host }: ServerConfig,
  options: ReturnType<typeof listenerOptions>,
  { createListener, createGrpcListener }: Modules,
): Promise<Pick<Serving, 'port' | 'grpcPort'>> => {
  into.http = createListener(options)
  const listens = await listen(into.http.server, port, host, 'port')
  if (grpcPort === undefined) return { port: listens, grpcPort }
  into.grpc = createGrpcListener(options)
  return { port: listens, grpcPort: await listen(into.grpc.server, grpcPort, host, 'grpc-port') }
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
  const { serving, longestRunMs, queueLength } = repository
  const { timeoutMs } = config.limits
  const health = createHealth({ serving, longestRunMs, stuckAfterMs: timeoutMs * stuckAfterDeadlines })
  const listeners: Listeners = {}
  const resources: Resources = {}
  const stop = async (lingerMs: number): Promise<void> => {
    const mostMs = timeoutMs + lastAnswersMs
    await drain({ health, ...listeners, clock: systemClock, lingerMs, mostMs })
    await repository.close()
    await closeResources(resources)
  }
  try {
    const version = config.repository ? undefined : wanted[0]?.version
    await openResources(resources, { config, log, wallClock, packageVersion, version })
    const parts = { config, log, packageVersion, folders, repository, health, resources }
    const modules = await loadModules()
    metrics = openMetrics(parts, modules)
    const ports = await openListeners(listeners, config, listenerOptions(parts, metrics, modules), modules)
    const served = await loading
    health.enter('ready')
    return { served, ...ports, longestRunMs, queueLength, stop }
  } catch (error) {
    await stop(0)
    throw error
  }
}
