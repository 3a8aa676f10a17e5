/** What the gateway reads and answers: its file without a cluster, the counts of rollouts, its ports and headers. */
import type * as documents from './documents.gen.ts'
import type { Frozen } from './documents.ts'
import { shadowHeader } from './shadow.ts'
import * as validators from './validators.gen.ts'

export { type Track, tracks } from './documents.gen.ts'

export type GatewayFile = Frozen<documents.GatewayFile>
export type Demand = Frozen<documents.Demand>
export type ModelDemand = Frozen<documents.ModelDemand>
export type ModelActivity = Frozen<documents.ModelActivity>
export type GatewayTls = Frozen<documents.GatewayTls>
export type GatewayPorts = Frozen<documents.GatewayPorts>

/** One thing that is wrong with a document. */
export interface SchemaProblem {
  /** JSON pointer of the value, such as /models/0/name. */
  readonly instancePath: string
  /** Keyword of JSON Schema that the value does not satisfy. */
  readonly keyword: string
  readonly params: Readonly<Record<string, unknown>>
}

/** @returns what is wrong with a file of the gateway, by its schema; the first problem only */
export const gatewayFileProblems = (value: unknown): readonly SchemaProblem[] => {
  const validate = validators.isGatewayFile as ((value: unknown) => boolean) & {
    readonly errors?: readonly SchemaProblem[] | null
  }
  return validate(value) ? [] : (validate.errors ?? [])
}

/** Ports of the gateway: requests, and probes with metrics and counts. */
export const gatewayPorts = { requests: 8000, probes: 8001 } as const

/** Ports that lead to one model each, `status.gatewayPort`; both ends belong to them. */
export const modelPorts = { first: 20_000, last: 29_999 } as const

/** Paths of the port of probes. */
export const gatewayPaths = {
  live: '/healthz',
  ready: '/readyz',
  metrics: '/metrics',
  demand: '/demand',
  ports: '/ports',
} as const

/** Query of the path of counts: models that may sleep alone, and no counts of rollouts. */
export const activityOnly = 'only=activity'

/** @param names DNS names of a certificate, in lower case @param name of a host; a wildcard stands for its first label (RFC 6125, 6.4.3) */
export const coversName = (names: readonly string[], name: string): boolean => {
  const wanted = name.toLowerCase()
  const dot = wanted.indexOf('.')
  return names.includes(wanted) || (dot > 0 && names.includes(`*${wanted.slice(dot)}`))
}

/** The name by which a model is called, and that certificates have to have. */
export const serviceName = ({
  namespace,
  name,
}: {
  readonly namespace: string
  readonly name: string
}): string => `${name}.${namespace}.svc`

/** Headers by which callers steer the gateway, and by which it says what it did. */
export const gatewayHeaders = {
  balance: 'x-gantry-balance',
  /** The gateway's own credential; it never reaches a server. */
  authorization: 'x-gantry-authorization',
  endpoint: 'x-gantry-endpoint',
  track: 'x-gantry-track',
  shadow: shadowHeader,
} as const
