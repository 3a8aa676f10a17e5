/** The server's addresses, its TLS and API keys, and its limits. */
import { grpcPort, httpPort } from '@gantry/contract/server.ts'
import { memoryBytes } from '../process/memory.ts'
import type { CertificateFiles } from '../security/certificate.ts'
import { defaults } from './defaults.ts'
import { type Flags, wrong } from './serve-options.ts'
import type { ServerConfig } from './server-config.ts'
import { type Range, type Settings, sectionOf, source } from './settings-file.ts'

const mib = 2 ** 20

/** Certificate and key are given together: one alone would serve unencrypted what was meant to be encrypted. */
const tlsOf = (flags: Flags, settings: Settings): CertificateFiles | undefined => {
  const member = sectionOf(settings, 'tls')
  const { textOf } = source(flags, { 'tls-cert': member['cert'], 'tls-key': member['key'] })
  const cert = textOf('tls-cert')
  const key = textOf('tls-key')
  if (cert === undefined && key === undefined) return undefined
  if (cert === undefined || key === undefined)
    throw wrong('--tls-cert and --tls-key belong together; give both, or neither')
  return { cert, key }
}

/** The images set it: there a server is meant for others, and kubelets and published ports come from outside. */
const hostVariable = 'GANTRY_HOST'

const hostOf = (given: string | undefined, env: NodeJS.ProcessEnv): string | undefined => {
  const host = given ?? (env[hostVariable] || defaults.host)
  return host === 'all' ? undefined : host
}

const allowedHostsOf = (given: string | undefined): readonly string[] => {
  const hosts = given?.split(',').map((name) => name.trim().toLowerCase()) ?? []
  const odd = hosts.find((name) => name !== '*' && !/^([a-z0-9._-]+|\[[0-9a-f:.]+\])$/.test(name))
  if (odd === undefined) return hosts
  throw wrong(
    `--allowed-hosts must be names such as models.example.com, separated by commas and without ports, not ${JSON.stringify(odd)}`,
  )
}

/** MiB. A caller chooses how much comes back, and the text of numbers takes five times their memory. */
const usualAnswerMib = (): number =>
  Math.max(1, Math.min(defaults.maxAnswerMib, Math.floor(memoryBytes() / 4 / mib)))

const port: Omit<Range, 'fallback'> = { least: 0, most: 65_535 }

/** Share of the memory that the process may have: the rest is for the model, for what requests become, and for answers. */
const inFlightShare = 1 / 4

/** Two of the largest bodies have to fit: one that is answered, and one that arrives. */
const inFlightRange = (maxBodyMib: number): Range => {
  const least = 2 * maxBodyMib
  return {
    least,
    most: 2 ** 20,
    fallback: Math.max(least, Math.floor((memoryBytes() * inFlightShare) / mib)),
  }
}

type Network =
  | 'host'
  | 'allowedHosts'
  | 'port'
  | 'grpcPort'
  | 'maxConnections'
  | 'maxBodyBytes'
  | 'maxInFlightBytes'
  | 'maxAnswerBytes'
  | 'apiKeys'
  | 'tls'

export const networkOf = (
  flags: Flags,
  settings: Settings,
  env: NodeJS.ProcessEnv,
): Pick<ServerConfig, Network> => {
  const { textOf, numberOf } = source(flags, settings)
  const maxBodyMib = numberOf('max-body-mib', undefined, {
    least: 1,
    most: 2048,
    fallback: defaults.maxBodyMib,
  })
  const answerMib = { least: 1, most: 4096, fallback: usualAnswerMib() }
  return {
    host: hostOf(textOf('host'), env),
    allowedHosts: allowedHostsOf(textOf('allowed-hosts')),
    port: numberOf('port', undefined, { ...port, fallback: httpPort }),
    grpcPort:
      flags['grpc-port'] === 'off'
        ? undefined
        : numberOf('grpc-port', undefined, { ...port, fallback: grpcPort }),
    maxConnections: numberOf('max-connections', undefined, {
      least: 1,
      most: 1_000_000,
      fallback: defaults.maxConnections,
    }),
    maxBodyBytes: maxBodyMib * mib,
    maxInFlightBytes: numberOf('max-in-flight-mib', undefined, inFlightRange(maxBodyMib)) * mib,
    maxAnswerBytes: numberOf('max-answer-mib', undefined, answerMib) * mib,
    apiKeys: source(flags, { 'api-keys': settings['apiKeys'] }).textOf('api-keys'),
    tls: tlsOf(flags, settings),
  }
}
