/** What a server has open beside its model: API keys, certificate, request log, tracing. */
import type { ServerConfig } from '../config/server-config.ts'
import { systemClock } from '../process/clock.ts'
import type { Log } from '../process/log.ts'
import type { RequestLog } from '../request-log/request-log.ts'
import { type ApiKeys, createApiKeys } from '../security/api-keys.ts'
import type { Certificate } from '../security/certificate.ts'
import type { Tracing } from '../tracing/tracing.ts'

/** Each where the configuration asks for it. */
export interface Resources {
  apiKeys?: ApiKeys
  certificate?: Certificate
  requestLog?: RequestLog
  tracing?: Tracing
}

export interface ResourcesOptions {
  readonly config: ServerConfig
  readonly log: Log
  readonly wallClock: () => Date
  readonly packageVersion: string
  /** Version of the model, where only one is served. */
  readonly version: string | undefined
}

/** How long the last lines of the request log, and the last spans, may take when the server stops. */
const lastLinesMs = 2000
const lastSpansMs = 2000

/** @param into filled one by one, so that those before a failure can be closed @throws StartError */
export const openResources = async (
  into: Resources,
  { config, log, wallClock, packageVersion, version }: ResourcesOptions,
): Promise<void> => {
  const { name, tls, requestLog, tracing } = config
  if (config.apiKeys !== undefined)
    into.apiKeys = createApiKeys({ dir: config.apiKeys, clock: systemClock, log })
  if (tls) {
    const { createCertificate } = await import('../security/certificate.ts')
    into.certificate = createCertificate({ ...tls, clock: systemClock, log, wallClock })
  }
  if (requestLog.mode !== 'off') {
    const { openRequestLog } = await import('../request-log/open.ts')
    into.requestLog = openRequestLog(requestLog, { name, version }, log)
  }
  if (tracing) {
    const { openTracing } = await import('../tracing/tracing.ts')
    into.tracing = openTracing({ name, version: packageVersion, env: tracing, clock: systemClock, log })
  }
}

export const closeResources = async (resources: Resources): Promise<void> => {
  const { apiKeys, certificate, requestLog, tracing } = resources
  apiKeys?.close()
  certificate?.close()
  await Promise.all([requestLog?.close(lastLinesMs), tracing?.close(lastSpansMs)])
}
