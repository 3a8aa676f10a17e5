/** The composition root: ports, counts and logs of one gateway, and its end. */
import { setTimeout as pause } from 'node:timers/promises'
import { systemClock } from '@gantry/kube/clock.ts'
import type { Log } from '@gantry/kube/log.ts'
import { createSessionRoom } from './balancing/session-book.ts'
import type { GatewayOptions } from './config/options.ts'
import { createHandle } from './gateway.ts'
import { createGrpcServer } from './grpc/server.ts'
import { createHolding, type Holding } from './holding/holding.ts'
import { createAdmission } from './http/admission.ts'
import { type Listener, listen } from './http/listener.ts'
import { defaultPatience, type Patience } from './http/patience.ts'
import type { Accounts } from './identity/accounts.ts'
import { type ApiKeys, createApiKeys } from './identity/api-keys.ts'
import { type AddressRule, createCallers } from './identity/caller.ts'
import { createRateLimit, type RateLimit } from './identity/rate-limit.ts'
import { createDirectory, type Directory } from './models/directory.ts'
import { type AccessLog, createAccessLog } from './observability/access-log.ts'
import { demandOf } from './observability/demand.ts'
import { createMetrics } from './observability/metrics.ts'
import { openProbes, type Probes, type ProbesOptions } from './observability/probes.ts'
import { createRecords } from './observability/records.ts'
import type { Series } from './observability/series.ts'
import { createModelPorts, type ModelPorts, portsAnswer, withPorts } from './ports/model-ports.ts'
import { openPort } from './ports/open-port.ts'
import { createBodyMemory } from './proxy/body-memory.ts'
import { modelOfHost } from './routing/route.ts'
import { createComparer } from './shadow/comparer.ts'
import { createExampleRate, exampleOf } from './shadow/examples.ts'
import { createShadow, type Shadow, type ShadowRecords } from './shadow/shadow.ts'
import { createShadowSeries, type ShadowSeries } from './shadow/shadow-series.ts'
import type { Certificate } from './tls/certificate.ts'
import { createProofs, type Proofs, tlsAnswer } from './tls/proofs.ts'

export interface Gateway {
  readonly directory: Directory
  /** Counts of clients go on. @param options undefined: no limit */
  readonly limitRate: RateLimit['set']
  /** Port of requests. */
  readonly port: number
  readonly probePort: number | undefined
  /**
   * Ends without losing a request: readiness goes first, while all requests are still answered, each as the last one of its
   * connection; then the port closes, and what has come is answered.
   */
  readonly stop: (lingerMs: number) => Promise<void>
}

export interface World {
  readonly log: Log
  readonly nowMs: () => number
  /** Which gateway this is among several. */
  readonly instance: string
  /** RFC 3339, UTC. */
  readonly startedAt: string
  /** Series that are counted elsewhere. */
  readonly further?: readonly Series[]
  /** Why it may not get requests yet; undefined: it may. */
  readonly unready?: () => string | undefined
  /** What callers may by their address; undefined: it says nothing. */
  readonly addresses?: AddressRule
  /** What callers may by their tokens; undefined: no tokens are read. */
  readonly accounts?: Accounts
  /** undefined: the gateway speaks no TLS. */
  readonly certificate?: Certificate | undefined
}

export interface ServeOptions
  extends Omit<GatewayOptions, 'config' | 'namespace' | 'manager' | 'logLevel' | 'drainMs' | 'tls'> {
  /** Bodies that wait in memory, of all requests together; default 256 MiB. */
  readonly heldBytes?: number | undefined
  /** undefined: as long as by default. */
  readonly patience?: Patience | undefined
}

/** Bodies that are read whole or kept to be sent again, and answers of batches, of all requests together. */
const mostHeldBytes = 256 * 2 ** 20

const stdout = 1
/** What is left beyond the longest deadline of a model has no caller who waits. */
const graceMs = 2000

const longestTimeoutMs = (directory: Directory): number =>
  Math.max(0, ...directory.all().map(({ model }) => model().timeoutMs))

interface Parts {
  readonly directory: Directory
  readonly listener: Listener
  readonly ports: ModelPorts
  readonly shadow: Shadow
  readonly probes: Probes | undefined
  readonly accessLog: AccessLog | undefined
  readonly keys: ApiKeys | undefined
  readonly setUnready: (reason: string) => void
  readonly holding: Holding
  readonly proofs: Proofs
  readonly certificate: Certificate | undefined
}

const stopper =
  ({
    directory,
    listener,
    ports,
    shadow,
    probes,
    accessLog,
    keys,
    setUnready,
    holding,
    proofs,
    certificate,
  }: Parts): Gateway['stop'] =>
  async (lingerMs) => {
    setUnready('the gateway is draining')
    listener.leave()
    await pause(lingerMs)
    // A model may wake as long as the slowest request may take; what waits then is told to come again.
    const late = setTimeout(holding.end, longestTimeoutMs(directory))
    await ports.close()
    await listener.close(longestTimeoutMs(directory) + graceMs)
    await shadow.close()
    clearTimeout(late)
    directory.apply([])
    await accessLog?.flush()
    probes?.close()
    keys?.close()
    proofs.close()
    certificate?.close()
  }

const probesOf = async (
  { host, probePort }: ServeOptions,
  answers: Omit<ProbesOptions, 'host' | 'port'>,
): Promise<Probes | undefined> =>
  probePort === undefined ? undefined : openProbes({ host, port: probePort, ...answers })

const shadowRecords = (
  { count }: ShadowSeries,
  accessLog: AccessLog | undefined,
  nowMs: () => number,
): ShadowRecords => {
  const mayWrite = createExampleRate(nowMs)
  return {
    shadowed: count,
    disagreed: (job, result) => {
      const example = accessLog && exampleOf(job, result)
      if (example && mayWrite(job.call.served)) accessLog.disagreed(example)
    },
  }
}

/** @param unlisted why the models are not known yet */
const createReadiness = (unlisted: () => string | undefined) => {
  let ending: string | undefined
  return {
    unready: (): string | undefined => ending ?? unlisted(),
    setUnready: (reason: string): void => {
      ending = reason
    },
  }
}

/** Who calls, what they may, and how often. @throws StartError where keys are of no use */
const identityOf = (
  { apiKeys, tokenAudience, rateLimit }: ServeOptions,
  { log, nowMs, addresses, accounts }: World,
  models: Directory,
) => {
  const keys = apiKeys === undefined ? undefined : createApiKeys({ dir: apiKeys, clock: systemClock, log })
  const callerOf = createCallers({ models, addresses, accounts, keys, audience: tokenAudience })
  return { callerOf, limit: createRateLimit(rateLimit, nowMs), keys }
}

/** What is told of requests, and the copies of them. */
const observing = (
  { accessLog: isLogged }: ServeOptions,
  { log, nowMs, further = [] }: World,
  { directory, holding }: Pick<Parts, 'directory' | 'holding'>,
  portsNow: () => ReturnType<ModelPorts['all']>,
) => {
  const shadowSeries = createShadowSeries(directory)
  const metrics = createMetrics(directory, holding, portsNow, [shadowSeries.series, ...further])
  const accessLog = isLogged ? createAccessLog(stdout) : undefined
  const records = createRecords({ metrics, accessLog, log, nowMs })
  const shadow = createShadow({
    ...{ comparer: createComparer(), nowMs },
    records: shadowRecords(shadowSeries, accessLog, nowMs),
  })
  return { metrics, accessLog, records, shadow }
}

/** What the operator and Prometheus ask for. */
const answersOf = (
  { instance, startedAt, certificate }: World,
  { directory, holding, ports, proofs }: Pick<Parts, 'directory' | 'holding' | 'ports' | 'proofs'>,
): Pick<ProbesOptions, 'demand' | 'ports'> => ({
  demand: (isActivityOnly) =>
    demandOf(directory, holding, { instance, startedAt }, isActivityOnly, tlsAnswer(certificate, proofs)),
  ports: () => portsAnswer(ports.all(), instance, proofs.endpointsOf),
})

const admissionOf = ({ host, allowedHosts }: ServeOptions, directory: Directory) =>
  createAdmission({
    ...{ host, allowedHosts },
    isModelHost: (name) => modelOfHost(name, directory) !== undefined,
  })

/** @throws StartError where a port cannot be opened */
export const serve = async (options: ServeOptions, world: World): Promise<Gateway> => {
  const { log, nowMs, certificate } = world
  const { host, port, maxBodyBytes, heldBytes = mostHeldBytes } = options
  const { maxConnections, patience = defaultPatience } = options
  const directory = createDirectory(nowMs, createSessionRoom(), certificate)
  const proofs = createProofs(directory, systemClock)
  const holding = createHolding(options.holding, nowMs)
  const { metrics, accessLog, records, shadow } = observing(options, world, { directory, holding }, () =>
    ports.all(),
  )
  const { callerOf, limit, keys } = identityOf(options, world, directory)
  const memory = createBodyMemory(heldBytes)
  const handle = createHandle({
    ...{ callerOf, limit, records, shadow, holding, nowMs, maxBodyBytes, memory },
    admit: admissionOf(options, directory),
  })
  const http2 = createGrpcServer({ callerOf, limit }, { nowMs, records, shadow, holding, memory, patience })
  const listener = await listen({
    ...{ host, port, maxConnections, patience, nowMs, handle, http2, certificate },
  })
  const ports = createModelPorts({
    ...{ clock: systemClock, log },
    open: (at, key) => openPort({ host, listener, http2, nowMs }, at, key),
  })
  const { unready, setUnready } = createReadiness(world.unready ?? (() => undefined))
  const probes = await probesOf(options, {
    ...{ unready, metrics: metrics.text },
    ...answersOf(world, { directory, holding, ports, proofs }),
  })
  return {
    directory: withPorts(directory, ports, proofs),
    limitRate: limit.set,
    port: listener.port,
    probePort: probes?.port,
    stop: stopper({
      ...{ directory, listener, ports, shadow, probes, accessLog, keys, setUnready, holding },
      ...{ proofs, certificate },
    }),
  }
}
