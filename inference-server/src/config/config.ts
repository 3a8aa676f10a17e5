import { statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { basename, dirname, resolve } from 'node:path'
import { type LogLevel, logLevels } from '@gantry/contract/log.ts'
import {
  type Device,
  devices,
  grpcPort,
  httpPort,
  type RequestLogMode,
  type RowMode,
  requestLogModes,
  rowModes,
  type Task,
  tasks,
} from '@gantry/contract/server.ts'
import { shownSource } from '@gantry/contract/source.ts'
import type { BatcherLimits } from '../batching/limits.ts'
import { isObject } from '../json/json-object.ts'
import { memoryBytes } from '../process/memory.ts'
import type { CertificateFiles } from '../security/certificate.ts'
import { defaults } from './defaults.ts'
import { type RepositoryConfig, repositoryOf } from './repository-config.ts'
import { type Flags, parseFlags, shown, wrong } from './serve-options.ts'
import { type Range, readSettings, type Settings, sectionOf, source } from './settings-file.ts'

export interface RequestLogConfig {
  readonly mode: RequestLogMode
  /** Above 0, at most 1. */
  readonly sampleRate: number
  /** Folder with the keys that modes hashed and encrypted need. */
  readonly keys: string | undefined
  /** Names of what these modes hide; empty: everything. */
  readonly sensitiveFields: readonly string[]
  /** undefined: standard output. */
  readonly path: string | undefined
}

export interface ServerConfig {
  /** Absolute folder of the model, or of its versions. */
  readonly dir: string
  /** The graph in the model's folder; undefined: what the folder says. */
  readonly file: string | undefined
  /** undefined: one version is served. */
  readonly repository: RepositoryConfig | undefined
  readonly name: string
  /** undefined: what the folder says, else tensor. */
  readonly task: Task | undefined
  /** Whether a folder that leaves open what its task needs is refused. */
  readonly strict: boolean
  readonly version: string | undefined
  readonly labels: readonly string[] | undefined
  readonly responses: Readonly<Record<string, string>> | undefined
  readonly device: Device
  readonly limits: BatcherLimits
  /** Whose rows may share a run. */
  readonly rows: RowMode
  /** Most tokens in one batch, or in the caches of the texts that a worker writes; undefined: what suits the device. */
  readonly maxTokens: number | undefined
  /** Intra-op threads of one run. */
  readonly threads: number
  /** Sessions, each in a thread of its own. */
  readonly workers: number
  /** Whether further sessions may open while more waits than a run can hold. */
  readonly lanes: boolean
  /** Longest run of a full batch that needs no worker; 0: all do. */
  readonly inlineMs: number
  /** undefined: every address of the machine. */
  readonly host: string | undefined
  /** Names that requests may call the server by, beside those that mean this machine anyway; '*': any. Off loopback, none: any. */
  readonly allowedHosts: readonly string[]
  readonly port: number
  /** undefined: no gRPC. */
  readonly grpcPort: number | undefined
  readonly maxBodyBytes: number
  /** Most connections on each port. */
  readonly maxConnections: number
  /** Most bytes of all requests that are being received or answered. */
  readonly maxInFlightBytes: number
  /** Most bytes of an answer as JSON. */
  readonly maxAnswerBytes: number
  /** How long everyone is still answered after SIGTERM. */
  readonly drainMs: number
  readonly logLevel: LogLevel
  readonly requestLog: RequestLogConfig
  /** The environment, where it names a collector for traces. */
  readonly tracing: NodeJS.ProcessEnv | undefined
  /** Folder with the keys of those who may ask; undefined: everybody may. */
  readonly apiKeys: string | undefined
  /** undefined: neither door speaks TLS. */
  readonly tls: CertificateFiles | undefined
}

const mib = 2 ** 20

const versionOf = ({ version }: Settings): string | undefined => {
  if (version === undefined || typeof version === 'string') return version
  if (typeof version === 'number') return String(version)
  throw wrong(`version in the settings file must be a text, not ${shown(version)}`)
}

const labelsOf = (value: unknown): readonly string[] | undefined => {
  if (value === undefined) return undefined
  if (Array.isArray(value) && value.every((label) => typeof label === 'string')) return value
  throw wrong('labels in the settings file must be a list of names')
}

const responsesOf = (value: unknown): Readonly<Record<string, string>> | undefined => {
  if (value === undefined) return undefined
  if (isObject(value) && Object.values(value).every((reply) => typeof reply === 'string'))
    return value as Record<string, string>
  throw wrong('responses in the settings file must be an object from category to reply')
}

const sensitiveFieldsOf = (flag: string | undefined, member: unknown): readonly string[] => {
  const given = flag === undefined ? (member ?? []) : flag.split(',')
  if (Array.isArray(given) && given.every((name) => typeof name === 'string' && name !== '')) return given
  throw wrong('--sensitive-fields must be names of inputs or members, separated by commas')
}

const requestLogOf = (flags: Flags, settings: Settings): RequestLogConfig => {
  const member = sectionOf(settings, 'requestLog')
  const { textOf, choiceOf, numberOf } = source(flags, {
    'request-log': member['mode'],
    'request-log-keys': member['keys'],
  })
  const mode = choiceOf('request-log', requestLogModes) ?? defaults.requestLog
  const keys = textOf('request-log-keys')
  if ((mode === 'hashed' || mode === 'encrypted') && keys === undefined)
    throw wrong(`--request-log ${mode} needs keys; name their folder with --request-log-keys DIR`)
  const sensitiveFields = sensitiveFieldsOf(flags['sensitive-fields'], settings['sensitiveFields'])
  if (mode === 'full' && sensitiveFields.length > 0)
    throw wrong('--request-log full hides nothing; use hashed or encrypted, or leave out --sensitive-fields')
  if ((mode === 'off' || mode === 'metadata') && flags['sensitive-fields'] !== undefined)
    throw wrong(`--sensitive-fields has no effect with --request-log ${mode}; use hashed or encrypted`)
  const share = { least: 0.000_001, most: 1, fallback: defaults.sampleRate }
  return {
    mode,
    keys,
    path: flags['request-log-file'],
    sampleRate: numberOf('request-log-sample-rate', member['sampleRate'], share, false),
    sensitiveFields,
  }
}

/** Both or neither: half a pair would serve in the clear what was meant to be secret. */
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

/** A .onnx file stands for its folder and the choice of it. */
const modelOf = (given: string, file: string | undefined): Pick<ServerConfig, 'dir' | 'file'> => {
  if (/^https?:/i.test(given))
    throw wrong(`--model ${shownSource(given)} is an address; npm run import brings it into a folder`)
  const path = resolve(given)
  if (!path.endsWith('.onnx') || !statSync(path, { throwIfNoEntry: false })?.isFile())
    return { dir: path, file }
  if (file === undefined) return { dir: dirname(path), file: basename(path) }
  throw wrong(`--model ${path} is a file already; give its folder with --model, or leave out --file`)
}

const foldersOf = (
  flags: Flags,
  settings: Settings,
  { textOf }: ReturnType<typeof source>,
): Pick<ServerConfig, 'dir' | 'file' | 'repository'> => {
  const file = textOf('file')
  if (file !== undefined && !file.endsWith('.onnx'))
    throw wrong(`--file must be the path of a .onnx file in the model's folder, not ${shown(file)}`)
  const repository = repositoryOf({
    repository: textOf('repository'),
    versions: textOf('versions'),
    defaultVersion: textOf('default-version'),
    loadUnload: flags['load-unload'] === true,
  })
  if (!repository) {
    const model = textOf('model')
    if (model !== undefined) return { ...modelOf(model, file), repository }
    throw wrong('give the folder of the model with --model DIR; see serve --help')
  }
  if (textOf('model') !== undefined)
    throw wrong('--model and --repository exclude each other; give one of them')
  if (file !== undefined) throw wrong('--file has no effect with --repository; give one folder with --model')
  if (settings['version'] !== undefined)
    throw wrong('version in the settings file has no effect with --repository; use --default-version')
  return { dir: resolve(textOf('repository') ?? ''), file, repository }
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

/** What an address carries as it is, and a label of a metric. */
const namePattern = /^[A-Za-z0-9._-]+$/

const nameOf = (given: string | undefined, usual: string): string => {
  if (given === undefined || namePattern.test(given)) return given ?? usual
  throw wrong(
    `--name may have letters, digits, dots, underscores and hyphens, as it stands in addresses, not ${shown(given)}`,
  )
}

/** OpenTelemetry's own variables: what names a collector switches traces on. */
const tracingOf = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv | undefined => {
  const names = ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT']
  const name = names.find((one) => env[one]?.trim())
  const isOff = env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true' || env['OTEL_TRACES_EXPORTER'] === 'none'
  if (name === undefined || isOff) return undefined
  const endpoint = env[name] as string
  if (/^https?:/.test(endpoint) && URL.canParse(endpoint)) return env
  throw wrong(`${name} is "${endpoint}", but has to be an address such as http://collector:4318`)
}

const cpus = availableParallelism()

/** MiB. A caller chooses how much comes back, and the text of numbers takes five times their memory. */
const usualAnswerMib = (): number =>
  Math.max(1, Math.min(defaults.maxAnswerMib, Math.floor(memoryBytes() / 4 / mib)))

const port: Omit<Range, 'fallback'> = { least: 0, most: 65_535 }

const deadlines = (settings: Settings, { numberOf }: ReturnType<typeof source>): BatcherLimits => {
  const batching = sectionOf(settings, 'batching')
  const seconds = { least: 0.001, most: 86_400, fallback: defaults.timeoutSeconds }
  return {
    maxRows: numberOf('max-rows', batching['maxRows'], {
      least: 1,
      most: 65_536,
      fallback: defaults.maxRows,
    }),
    maxDelayMs: numberOf(
      'max-delay-ms',
      batching['maxDelayMs'],
      { least: 0, most: 60_000, fallback: defaults.maxDelayMs },
      false,
    ),
    maxQueue: numberOf('max-queue', batching['maxQueue'], {
      least: 1,
      most: 1_000_000,
      fallback: defaults.maxQueue,
    }),
    timeoutMs: numberOf('timeout-seconds', settings['timeoutSeconds'], seconds, false) * 1000,
  }
}

const rowsOf = (flags: Flags, settings: Settings): RowMode => {
  const { rows } = sectionOf(settings, 'batching')
  return source(flags, { rows }).choiceOf('rows', rowModes) ?? defaults.rows
}

const strictOf = (flags: Flags, { strict }: Settings): boolean => {
  if (strict === undefined || typeof strict === 'boolean') return flags.strict ?? strict ?? false
  throw wrong(`strict in the settings file must be true or false, not ${shown(strict)}`)
}

const maxTokensOf = (
  settings: Settings,
  { textOf, numberOf }: ReturnType<typeof source>,
): number | undefined => {
  const { maxTokens } = sectionOf(settings, 'batching')
  if (textOf('max-tokens') === undefined && maxTokens === undefined) return undefined
  return numberOf('max-tokens', maxTokens, { least: 1, most: 2 ** 31 - 1, fallback: 1 })
}

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

/**
 * The command line, the settings file it names and OpenTelemetry's variables as one configuration.
 * @throws StartError with exit code 2, naming what is wrong
 */
export const loadConfig = (args: readonly string[], env: NodeJS.ProcessEnv = {}): ServerConfig | 'help' => {
  const flags = parseFlags(args)
  if (flags === 'help') return flags
  const settings = readSettings(flags.settings)
  const from = source(flags, settings)
  const { textOf, numberOf, choiceOf } = from
  const { dir, file, repository } = foldersOf(flags, settings, from)
  const workers = numberOf('workers', undefined, { least: 1, most: 256, fallback: defaults.workers })
  const threads = Math.max(1, Math.floor(cpus / workers))
  const maxBodyMib = numberOf('max-body-mib', undefined, {
    least: 1,
    most: 2048,
    fallback: defaults.maxBodyMib,
  })
  return Object.freeze({
    dir,
    file,
    repository,
    name: nameOf(textOf('name'), basename(resolve(textOf('model') ?? dir), '.onnx')),
    task: choiceOf('task', tasks),
    strict: strictOf(flags, settings),
    version: versionOf(settings),
    labels: labelsOf(settings['labels']),
    responses: responsesOf(settings['responses']),
    device: choiceOf('device', devices) ?? defaults.device,
    limits: deadlines(settings, from),
    rows: rowsOf(flags, settings),
    maxTokens: maxTokensOf(settings, from),
    threads: numberOf('threads', settings['threads'], { least: 1, most: 1024, fallback: threads }),
    workers,
    lanes: (choiceOf('lanes', ['auto', 'off'] as const) ?? defaults.lanes) === 'auto',
    inlineMs: numberOf('inline-ms', undefined, { least: 0, most: 10, fallback: defaults.inlineMs }, false),
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
    maxAnswerBytes:
      numberOf('max-answer-mib', undefined, { least: 1, most: 4096, fallback: usualAnswerMib() }) * mib,
    drainMs:
      numberOf('drain-seconds', undefined, { least: 0, most: 3600, fallback: defaults.drainSeconds }, false) *
      1000,
    logLevel: choiceOf('log-level', logLevels) ?? defaults.logLevel,
    requestLog: requestLogOf(flags, settings),
    tracing: tracingOf(env),
    apiKeys: source(flags, { 'api-keys': settings['apiKeys'] }).textOf('api-keys'),
    tls: tlsOf(flags, settings),
  })
}
