/** The command line of the gateway. */
import { parseArgs } from 'node:util'
import { gatewayPorts } from '@gantry/contract/gateway.ts'
import { type LogLevel, logLevels } from '@gantry/contract/log.ts'
import { StartError } from '../failure.ts'
import type { HoldingLimits } from '../holding/capacity.ts'
import { defaultPatience, type Patience } from '../http/patience.ts'
import { type RateLimitOptions, rateLimitOptions } from '../identity/rate-limit.ts'

export const usage = `usage: npm run gateway -- [--config FILE] [options]

  --config FILE              models and their endpoints, YAML or JSON (docs/gateway.md); without it they are those of the cluster of the
                             kubeconfig, or of the pod that the gateway runs in
  --namespace NAMESPACE      the only namespace of a cluster whose models and pods are read; default all
  --manager NAMESPACE/RELEASE  the release whose models get ports of their own (status.gatewayPort); default none
  --port N                   port of requests, HTTP/1.1 and gRPC; default ${gatewayPorts.requests}, 0 takes a free one
  --probe-port N             port of /healthz, /readyz, /metrics and /demand; default ${gatewayPorts.probes}, "off" for none
  --host ADDRESS             address to listen on; default 127.0.0.1, "all" for every address
  --allowed-hosts NAME,…     further names by which web pages and proxies may reach a gateway on 127.0.0.1; "*" for any
  --max-body-mib N           largest body of a request; default 64
  --max-connections N        most connections at a time; default 4096
  --headers-seconds N        longest time for the headers of a request to arrive; default 20
  --request-seconds N        longest time for a whole request to arrive; default 120
  --idle-seconds N           longest time of a connection between two requests; default 75
  --unread-seconds N         longest time in which a caller takes nothing of its answer; default 30
  --hold-requests N          most requests that wait for models to wake; default 1000, half of them for one model
  --hold-mib N               most memory of their bodies; default 64, half of it for one model
  --hold-seconds N           longest wait for a model to wake; default 100
  --drain-seconds N          time after SIGTERM in which everything is still answered; default 5
  --api-keys DIR             API keys of the gateway: a folder with a file for each client, such as a mounted Secret; default none
  --token-audience AUDIENCE  audience for which tokens of ServiceAccounts are taken, on a cluster; default none
  --tls DIR                  certificate of the gateway: a folder with tls.crt, tls.key and ca.crt (the authorities of models with
                             spec.serve.tls), such as a mounted Secret; each port then speaks TLS as well; default none
  --rate-limit N             requests a second of one client, on average; default none
  --rate-burst N             requests that a client may send at once after a pause; default twice --rate-limit
  --access-log on|off        a JSON line for each request on standard output; default off
  --help                     this text
  --log-level LEVEL          ${logLevels.join(', ')}; default info
`

export interface GatewayOptions {
  /** undefined: the models are those of a cluster. */
  readonly config: string | undefined
  /** undefined: all namespaces. */
  readonly namespace: string | undefined
  /** The release whose models get ports of their own, as NAMESPACE/RELEASE. */
  readonly manager: string | undefined
  readonly port: number
  /** undefined: no port of probes. */
  readonly probePort: number | undefined
  readonly host: string
  readonly allowedHosts: readonly string[]
  readonly maxBodyBytes: number
  readonly maxConnections: number
  readonly patience?: Patience | undefined
  readonly holding: HoldingLimits
  readonly drainMs: number
  /** Folder of API keys; undefined: there are none. */
  readonly apiKeys?: string | undefined
  /** undefined: no tokens are read. */
  readonly tokenAudience?: string | undefined
  /** Folder of the certificate; undefined: no TLS is spoken. */
  readonly tls?: string | undefined
  /** undefined: there is no limit. */
  readonly rateLimit?: RateLimitOptions | undefined
  readonly accessLog: boolean
  readonly logLevel: LogLevel
}

const flags = {
  config: { type: 'string' },
  namespace: { type: 'string' },
  manager: { type: 'string' },
  port: { type: 'string' },
  'probe-port': { type: 'string' },
  host: { type: 'string' },
  'allowed-hosts': { type: 'string' },
  'max-body-mib': { type: 'string' },
  'max-connections': { type: 'string' },
  'headers-seconds': { type: 'string' },
  'request-seconds': { type: 'string' },
  'idle-seconds': { type: 'string' },
  'unread-seconds': { type: 'string' },
  'hold-requests': { type: 'string' },
  'hold-mib': { type: 'string' },
  'hold-seconds': { type: 'string' },
  'drain-seconds': { type: 'string' },
  'api-keys': { type: 'string' },
  'token-audience': { type: 'string' },
  tls: { type: 'string' },
  'rate-limit': { type: 'string' },
  'rate-burst': { type: 'string' },
  'access-log': { type: 'string' },
  'log-level': { type: 'string' },
  help: { type: 'boolean' },
} as const
type Flag = keyof typeof flags

const wrong = (sentence: string): StartError => new StartError(`${sentence}\n\n${usage}`)

const parse = (args: readonly string[]): Partial<Record<Flag, string | boolean>> => {
  try {
    return parseArgs({ args: [...args], options: flags }).values
  } catch (error) {
    throw wrong((error as Error).message)
  }
}

/** What only a gateway of a cluster has, and how it has to look. */
const clusterForms = {
  namespace: { form: /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, what: 'the name of a namespace' },
  manager: { form: /^[a-z0-9-]+\/[a-z0-9.-]+$/, what: 'NAMESPACE/RELEASE' },
  'token-audience': { form: /^[\x21-\x7e]{1,253}$/, what: 'a name without spaces' },
} as const

/** @throws StartError */
const clusterOptions = (
  text: (flag: Flag) => string | undefined,
  config: string | undefined,
): Pick<GatewayOptions, 'namespace' | 'manager' | 'tokenAudience'> => {
  const checked = (flag: keyof typeof clusterForms): string | undefined => {
    const value = text(flag)
    const { form, what } = clusterForms[flag]
    if (value === undefined) return undefined
    if (config !== undefined)
      throw wrong(`--${flag} is for models of a cluster, and --config names a file of models: leave one out`)
    if (!form.test(value)) throw wrong(`--${flag} must be ${what}, not "${value}"`)
    return value
  }
  return {
    ...{ namespace: checked('namespace'), manager: checked('manager') },
    tokenAudience: checked('token-audience'),
  }
}

type NumberOf = (flag: Flag, fallback: number, most: number, least?: number) => number

const mostPerSecond = 1_000_000

const rateLimitOf = (isGiven: (flag: Flag) => boolean, number: NumberOf): RateLimitOptions | undefined => {
  if (!isGiven('rate-limit')) {
    if (isGiven('rate-burst')) throw wrong('--rate-burst has no effect without --rate-limit')
    return undefined
  }
  const requestsPerSecond = number('rate-limit', 1, mostPerSecond, 0.001)
  const { burst } = rateLimitOptions(requestsPerSecond)
  return { requestsPerSecond, burst: number('rate-burst', burst, mostPerSecond, 1) }
}

const mostSeconds = 86_400

/** @throws StartError where a whole request would have less time than its headers */
const patienceOf = (number: NumberOf): Patience => {
  const ms = (flag: Flag, fallbackMs: number): number =>
    Math.round(1000 * number(flag, fallbackMs / 1000, mostSeconds, 0.05))
  const { headersMs, requestMs, idleMs, unreadMs } = defaultPatience
  const patience = {
    headersMs: ms('headers-seconds', headersMs),
    requestMs: ms('request-seconds', requestMs),
    idleMs: ms('idle-seconds', idleMs),
    unreadMs: ms('unread-seconds', unreadMs),
  }
  if (patience.headersMs <= patience.requestMs) return patience
  throw wrong(
    '--request-seconds must be at least --headers-seconds, since the headers are a part of the request',
  )
}

/** @returns 'help' where the usage was asked for @throws StartError */
export const parseOptions = (args: readonly string[]): GatewayOptions | 'help' => {
  const values = parse(args)
  if (values.help) return 'help'
  const text = (flag: Flag): string | undefined => values[flag] as string | undefined
  const number = (flag: Flag, fallback: number, most: number, least = 0): number => {
    const given = text(flag)
    if (given === undefined) return fallback
    const value = /^\d+(\.\d+)?$/.test(given) ? Number(given) : Number.NaN
    if (value >= least && value <= most) return value
    throw wrong(`--${flag} must be a number from ${least} to ${most}, not "${given}"`)
  }
  const choice = <Choice extends string>(
    flag: Flag,
    choices: readonly Choice[],
    fallback: Choice,
  ): Choice => {
    const found = choices.find((one) => one === (text(flag) ?? fallback))
    if (found === undefined)
      throw wrong(`--${flag} must be one of ${choices.join(', ')}, not "${text(flag)}"`)
    return found
  }
  const config = text('config')
  if (config === '') throw wrong('--config is empty: name the file of models, or leave it out on a cluster')
  const host = text('host') ?? '127.0.0.1'
  return {
    ...{ config, ...clusterOptions(text, config) },
    port: Math.floor(number('port', gatewayPorts.requests, 65_535)),
    probePort:
      text('probe-port') === 'off'
        ? undefined
        : Math.floor(number('probe-port', gatewayPorts.probes, 65_535)),
    host: host === 'all' ? '::' : host,
    allowedHosts: (text('allowed-hosts') ?? '')
      .split(',')
      .map((name) => name.trim().toLowerCase())
      .filter((name) => name !== ''),
    maxBodyBytes: number('max-body-mib', 64, 4096, 0.001) * 2 ** 20,
    maxConnections: Math.floor(number('max-connections', 4096, 1_000_000, 1)),
    patience: patienceOf(number),
    holding: {
      requests: Math.floor(number('hold-requests', 1000, 1_000_000)),
      bytes: number('hold-mib', 64, 4096) * 2 ** 20,
      ms: number('hold-seconds', 100, 3600) * 1000,
    },
    drainMs: number('drain-seconds', 5, 3600) * 1000,
    apiKeys: text('api-keys'),
    tls: text('tls'),
    rateLimit: rateLimitOf((flag) => text(flag) !== undefined, number),
    accessLog: choice('access-log', ['on', 'off'], 'off') === 'on',
    logLevel: choice('log-level', logLevels, 'info'),
  }
}
