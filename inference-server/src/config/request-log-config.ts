import { requestLogModes } from '@gantry/contract/server.ts'
import { defaults } from './defaults.ts'
import { type Flags, wrong } from './serve-options.ts'
import type { RequestLogConfig } from './server-config.ts'
import { type Settings, sectionOf, source } from './settings-file.ts'

const sensitiveFieldsOf = (flag: string | undefined, member: unknown): readonly string[] => {
  const given = flag === undefined ? (member ?? []) : flag.split(',')
  if (Array.isArray(given) && given.every((name) => typeof name === 'string' && name !== '')) return given
  throw wrong('--sensitive-fields must be names of inputs or members, separated by commas')
}

export const requestLogOf = (flags: Flags, settings: Settings): RequestLogConfig => {
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
