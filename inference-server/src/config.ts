import { readFileSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { basename, dirname, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { quoted } from '@gantry/contract/plain-text.ts'
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
import type { BatcherLimits } from './batching/batcher.ts'
import type { CertificateFiles } from './certificate.ts'
import { StartError } from './errors.ts'
import { isObject, parseJsonText } from './json-object.ts'
import { type LogLevel, logLevels } from './log.ts'
import { memoryBytes } from './memory.ts'
import { type RepositoryConfig, repositoryOf } from './repository-config.ts'

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
  /** Of each port. */
  readonly maxConnections: number
  /** Of all requests that are being received or answered. */
  readonly maxInFlightBytes: number
  /** Of an answer as JSON. */
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

export const usage = `usage: serve --model DIR [options]
       serve --repository DIR [options]

  --model DIR            folder of the model, or a .onnx file in it
  --file PATH            the .onnx file in the folder that is the model, such as onnx/model_quantized.onnx
                         (default: model.onnx, onnx/model.onnx, or the only one there)
  --repository DIR       instead of --model: folder with one such folder for each version, as imports write it
  --versions WHICH       which of them to load at the start: all | latest | A,B (default: latest)
  --default-version V    what answers where no version is asked for (default: the newest that is ready)
  --load-unload          requests may load and unload versions (default: they may not)
  --name NAME            name of the model in URLs (default: the folder's name)
  --task TASK            ${tasks.join(' | ')} (default: what config.json says, else tensor)
  --strict               refuse a folder that leaves open what its task needs, such as preprocessor_config.json, instead of
                         taking the usual for it
  --port N               port of HTTP, 0 for any free one (default: ${httpPort})
  --grpc-port N          port of gRPC, 0 for any free one, off for none (default: ${grpcPort})
  --host ADDRESS         address to listen on, or all (default: 127.0.0.1, this machine only; all in the images)
  --allowed-hosts A,B    names that requests may call the server by, beside localhost, and hosts of web pages that may ask it;
                         * for any (default: none on 127.0.0.1, any elsewhere)
  --settings FILE        settings as JSON; options on the command line win over it
  --device DEVICE        ${devices.join(' | ')} (default: auto)
  --threads N            threads of one inference (default: the CPUs there are, shared among the workers)
  --workers N            inferences at a time, each with a copy of the model (default: 1)
  --lanes auto|off       inferences side by side, each with a share of the threads and a copy of a small model, while
                         many wait and more gets done so (default: auto)
  --inline-ms N          longest run of a full batch that the thread of HTTP makes itself, 0 for none (default: 0.2)
  --rows WHICH           auto | independent | alone: requests share runs where the graph proves that their rows cannot meet;
                         also where it does not, on your word; never (default: auto)
  --max-rows N           most rows of different requests in one batch, 1 for no batching (default: 32)
  --max-tokens N         most tokens in one batch of texts (default: 256 for each thread on a CPU, any number on a GPU),
                         or of all texts that one worker writes at a time (default: what fits in an eighth of the memory)
  --max-delay-ms N       longest wait for a batch to fill (default: 0, what queued while the workers were busy)
  --max-queue N          most requests that wait; beyond it callers get 429 (default: 256)
  --timeout-seconds N    deadline of one request (default: 30)
  --max-body-mib N       largest request body (default: 64)
  --max-connections N    most connections at a time, HTTP and gRPC each; then those that wait for no answer give way (default: 4096)
  --max-in-flight-mib N  most bytes of all requests that are being received or answered; beyond it callers get 503
                         (default: a quarter of the memory, at least twice --max-body-mib)
  --max-answer-mib N     largest answer as JSON (default: 256, or a quarter of the memory where that is less)
  --drain-seconds N      how long everyone is still answered after SIGTERM, before the ports close (default: 5)
  --log-level LEVEL      ${logLevels.join(' | ')} (default: info)
  --api-keys DIR         folder with the keys of those who may ask, one file each (default: everybody may)
  --tls-cert FILE        certificate (PEM) for HTTPS and for gRPC over TLS; read again when it changes
  --tls-key FILE         its private key (PEM)
  --request-log MODE     ${requestLogModes.join(' | ')} (default: off)
  --request-log-file F   file or named pipe that its lines go to (default: standard output)
  --request-log-keys DIR folder with the keys of hashed and encrypted, one file each; the last name is used
  --request-log-sample-rate N  share of the requests that are logged, up to 1 (default: 1)
  --sensitive-fields A,B what hashed and encrypted hide (default: everything)
  --help                 this text
`

const mib = 2 ** 20
const text = { type: 'string' } as const
const options = {
  model: text,
  file: text,
  repository: text,
  versions: text,
  'default-version': text,
  'load-unload': { type: 'boolean' },
  name: text,
  task: text,
  strict: { type: 'boolean' },
  port: text,
  'grpc-port': text,
  host: text,
  'allowed-hosts': text,
  settings: text,
  device: text,
  threads: text,
  workers: text,
  lanes: text,
  'inline-ms': text,
  rows: text,
  'max-rows': text,
  'max-delay-ms': text,
  'max-tokens': text,
  'max-queue': text,
  'timeout-seconds': text,
  'max-body-mib': text,
  'max-connections': text,
  'max-in-flight-mib': text,
  'max-answer-mib': text,
  'drain-seconds': text,
  'log-level': text,
  'request-log': text,
  'request-log-file': text,
  'request-log-keys': text,
  'api-keys': text,
  'tls-cert': text,
  'tls-key': text,
  'request-log-sample-rate': text,
  'sensitive-fields': text,
  help: { type: 'boolean' },
} as const
type Switch = 'help' | 'load-unload' | 'strict'
type Flag = Exclude<keyof typeof options, Switch>
type Flags = Readonly<Partial<Record<Flag, string> & Record<Switch, boolean>>>

/** A value that somebody gave, cut: a settings file may hold a megabyte where a name is meant. */
const shown = (value: unknown): string => quoted(JSON.stringify(value))

const wrong = (message: string): StartError => new StartError(message, 2)

/** @throws StartError with exit code 2 */
const parseFlags = (args: readonly string[]): Flags | 'help' => {
  try {
    const { values } = parseArgs({ args: [...args], options, allowPositionals: false, strict: true })
    return values.help ? 'help' : values
  } catch (error) {
    const [sentence] = (error as Error).message.split(/\.\s/)
    throw wrong(`${sentence?.replace(/\.$/, '')}; see serve --help`)
  }
}

type Settings = Readonly<Record<string, unknown>>

const readSettings = (path: string | undefined): Settings => {
  if (path === undefined) return {}
  let content: string
  try {
    content = readFileSync(path, 'utf8')
  } catch (error) {
    throw wrong(`the settings file ${path} cannot be read: ${(error as Error).message}`)
  }
  try {
    const settings: unknown = parseJsonText(content)
    if (isObject(settings)) return settings
  } catch (error) {
    throw wrong(`the settings file ${path} is not JSON: ${(error as Error).message}`)
  }
  throw wrong(`the settings file ${path} must hold a JSON object`)
}

/** @throws StartError where the member is there and no object */
const sectionOf = (settings: Settings, member: string): Settings => {
  const section = settings[member] ?? {}
  if (isObject(section)) return section
  throw wrong(`${member} in the settings file must be an object, not ${shown(section)}`)
}

const versionOf = ({ version }: Settings): string | undefined => {
  if (version === undefined || typeof version === 'string') return version
  if (typeof version === 'number') return String(version)
  throw wrong(`version in the settings file must be a text, not ${shown(version)}`)
}

interface Range {
  readonly least: number
  readonly most: number
  readonly fallback: number
}

/** One value that the command line or the settings file may give; the command line wins. */
const source = (flags: Flags, settings: Settings) => {
  const textOf = (flag: Flag, member = flag): string | undefined => {
    const value = flags[flag] ?? settings[member]
    if (value === undefined) return undefined
    if (typeof value !== 'string' || value === '')
      throw wrong(`--${flag} must be a text, not ${shown(value)}`)
    return value
  }
  const numberOf = (flag: Flag, member: unknown, { least, most, fallback }: Range, whole = true): number => {
    const given = flags[flag] ?? member
    if (given === undefined) return fallback
    const value = typeof given === 'string' && given.trim() !== '' ? Number(given) : given
    const fits =
      typeof value === 'number' && value >= least && value <= most && (!whole || Number.isInteger(value))
    if (!fits) {
      const kind = whole ? 'a whole number' : 'a number'
      throw wrong(`--${flag} must be ${kind} from ${least} to ${most}, not ${shown(given)}`)
    }
    return value
  }
  const choiceOf = <Choice extends string>(flag: Flag, choices: readonly Choice[]): Choice | undefined => {
    const value = textOf(flag)
    if (value === undefined || choices.includes(value as Choice)) return value as Choice | undefined
    throw wrong(`--${flag} must be one of ${choices.join(', ')}, not ${shown(value)}`)
  }
  return { textOf, numberOf, choiceOf }
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
  const mode = choiceOf('request-log', requestLogModes) ?? 'off'
  const keys = textOf('request-log-keys')
  if ((mode === 'hashed' || mode === 'encrypted') && keys === undefined)
    throw wrong(`--request-log ${mode} needs keys; name their folder with --request-log-keys DIR`)
  const sensitiveFields = sensitiveFieldsOf(flags['sensitive-fields'], settings['sensitiveFields'])
  if (mode === 'full' && sensitiveFields.length > 0)
    throw wrong('--request-log full hides nothing; use hashed or encrypted, or leave out --sensitive-fields')
  if ((mode === 'off' || mode === 'metadata') && flags['sensitive-fields'] !== undefined)
    throw wrong(`--sensitive-fields has no effect with --request-log ${mode}; use hashed or encrypted`)
  const share = { least: 0.000_001, most: 1, fallback: 1 }
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
  const host = given ?? (env[hostVariable] || '127.0.0.1')
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
const usualAnswerMib = (): number => Math.max(1, Math.min(256, Math.floor(memoryBytes() / 4 / mib)))

const port: Omit<Range, 'fallback'> = { least: 0, most: 65_535 }

const deadlines = (settings: Settings, { numberOf }: ReturnType<typeof source>): BatcherLimits => {
  const batching = sectionOf(settings, 'batching')
  const seconds = { least: 0.001, most: 86_400, fallback: 30 }
  return {
    maxRows: numberOf('max-rows', batching['maxRows'], { least: 1, most: 65_536, fallback: 32 }),
    maxDelayMs: numberOf(
      'max-delay-ms',
      batching['maxDelayMs'],
      { least: 0, most: 60_000, fallback: 0 },
      false,
    ),
    maxQueue: numberOf('max-queue', batching['maxQueue'], { least: 1, most: 1_000_000, fallback: 256 }),
    timeoutMs: numberOf('timeout-seconds', settings['timeoutSeconds'], seconds, false) * 1000,
  }
}

const rowsOf = (flags: Flags, settings: Settings): RowMode => {
  const { rows } = sectionOf(settings, 'batching')
  return source(flags, { rows }).choiceOf('rows', rowModes) ?? 'auto'
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

/** Of the memory that the process may have: the rest is for the model, for what requests become, and for answers. */
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
  const workers = numberOf('workers', undefined, { least: 1, most: 256, fallback: 1 })
  const threads = Math.max(1, Math.floor(cpus / workers))
  const maxBodyMib = numberOf('max-body-mib', undefined, { least: 1, most: 2048, fallback: 64 })
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
    device: choiceOf('device', devices) ?? 'auto',
    limits: deadlines(settings, from),
    rows: rowsOf(flags, settings),
    maxTokens: maxTokensOf(settings, from),
    threads: numberOf('threads', settings['threads'], { least: 1, most: 1024, fallback: threads }),
    workers,
    lanes: (choiceOf('lanes', ['auto', 'off'] as const) ?? 'auto') === 'auto',
    inlineMs: numberOf('inline-ms', undefined, { least: 0, most: 10, fallback: 0.2 }, false),
    host: hostOf(textOf('host'), env),
    allowedHosts: allowedHostsOf(textOf('allowed-hosts')),
    port: numberOf('port', undefined, { ...port, fallback: httpPort }),
    grpcPort:
      flags['grpc-port'] === 'off'
        ? undefined
        : numberOf('grpc-port', undefined, { ...port, fallback: grpcPort }),
    maxConnections: numberOf('max-connections', undefined, { least: 1, most: 1_000_000, fallback: 4096 }),
    maxBodyBytes: maxBodyMib * mib,
    maxInFlightBytes: numberOf('max-in-flight-mib', undefined, inFlightRange(maxBodyMib)) * mib,
    maxAnswerBytes:
      numberOf('max-answer-mib', undefined, { least: 1, most: 4096, fallback: usualAnswerMib() }) * mib,
    drainMs: numberOf('drain-seconds', undefined, { least: 0, most: 3600, fallback: 5 }, false) * 1000,
    logLevel: choiceOf('log-level', logLevels) ?? 'info',
    requestLog: requestLogOf(flags, settings),
    tracing: tracingOf(env),
    apiKeys: source(flags, { 'api-keys': settings['apiKeys'] }).textOf('api-keys'),
    tls: tlsOf(flags, settings),
  })
}
