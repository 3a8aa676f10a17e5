/** How sources of an evaluation are reached: as those of an import. */
import { datasetVariable, sourceVariable } from '@gantry/contract/source.ts'
import { readSecret } from '../import/sources/credentials.ts'
import { readProxies } from '../import/sources/proxy.ts'
import type { Log } from '../process/log.ts'
import type { Fetching } from './candidate-folder.ts'
import type { SourceOptions } from './source-options.ts'

/** As an import waits: together about a minute. */
const retryDelaysMs = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000]
const timeouts = { connectMs: 10_000, idleMs: 30_000 }

export interface BothFetchings {
  readonly fetching: Fetching
  readonly datasetFetching: Fetching
}

export const fetchings = (
  { allowHttpCredentials, allowLoopback, allowPrivate, maxBytes, caFile }: SourceOptions,
  env: NodeJS.ProcessEnv,
  log: Log,
  signal: AbortSignal,
): BothFetchings => {
  const common = {
    ...{ allowHttpCredentials, timeouts, retryDelaysMs, caFile, maxBytes, log, signal },
    addresses: { allowLoopback, allowPrivate },
    proxies: readProxies(env),
  }
  return {
    fetching: { ...common, secret: readSecret(env, sourceVariable) },
    datasetFetching: { ...common, secret: readSecret(env, datasetVariable) },
  }
}
