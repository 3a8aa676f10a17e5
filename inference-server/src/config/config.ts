import { availableParallelism } from 'node:os'
import { basename, resolve } from 'node:path'
import { driftModes } from '@gantry/contract/drift.ts'
import { logLevels } from '@gantry/contract/log.ts'
import { devices, tasks } from '@gantry/contract/server.ts'
import { limitsOf, maxTokensOf, rowsOf } from './batching-config.ts'
import { defaults } from './defaults.ts'
import { explainLimitsOf } from './explain-config.ts'
import { foldersOf, fromImport, labelsOf, nameOf, responsesOf, strictOf, versionOf } from './model-config.ts'
import { networkOf } from './network-config.ts'
import { requestLogOf } from './request-log-config.ts'
import { parseFlags, wrong } from './serve-options.ts'
import type { ServerConfig } from './server-config.ts'
import { readSettings, source } from './settings-file.ts'

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
  const limits = limitsOf(settings, from)
  return Object.freeze({
    dir,
    file,
    repository,
    name: nameOf(textOf('name'), basename(resolve(textOf('model') ?? dir), '.onnx')),
    task: choiceOf('task', tasks),
    strict: strictOf(flags, settings),
    version: versionOf(settings),
    ...fromImport(flags, settings),
    labels: labelsOf(settings['labels']),
    responses: responsesOf(settings['responses']),
    device: choiceOf('device', devices) ?? defaults.device,
    limits,
    explain: explainLimitsOf(from, limits.timeoutMs),
    drift: choiceOf('drift', driftModes) ?? defaults.drift,
    rows: rowsOf(flags, settings),
    maxTokens: maxTokensOf(settings, from),
    threads: numberOf('threads', settings['threads'], { least: 1, most: 1024, fallback: threads }),
    workers,
    lanes: (choiceOf('lanes', ['auto', 'off'] as const) ?? defaults.lanes) === 'auto',
    inlineMs: numberOf('inline-ms', undefined, { least: 0, most: 10, fallback: defaults.inlineMs }, false),
    ...networkOf(flags, settings, env),
    drainMs:
      numberOf('drain-seconds', undefined, { least: 0, most: 3600, fallback: defaults.drainSeconds }, false) *
      1000,
    logLevel: choiceOf('log-level', logLevels) ?? defaults.logLevel,
    requestLog: requestLogOf(flags, settings),
    tracing: tracingOf(env),
  })
}
