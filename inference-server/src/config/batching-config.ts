import { type RowMode, rowModes } from '@gantry/contract/server.ts'
import type { BatcherLimits } from '../batching/limits.ts'
import { defaults } from './defaults.ts'
import type { Flags } from './serve-options.ts'
import { type Settings, sectionOf, source } from './settings-file.ts'

export const limitsOf = (settings: Settings, { numberOf }: ReturnType<typeof source>): BatcherLimits => {
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

export const rowsOf = (flags: Flags, settings: Settings): RowMode => {
  const { rows } = sectionOf(settings, 'batching')
  return source(flags, { rows }).choiceOf('rows', rowModes) ?? defaults.rows
}

export const maxTokensOf = (
  settings: Settings,
  { textOf, numberOf }: ReturnType<typeof source>,
): number | undefined => {
  const { maxTokens } = sectionOf(settings, 'batching')
  if (textOf('max-tokens') === undefined && maxTokens === undefined) return undefined
  return numberOf('max-tokens', maxTokens, { least: 1, most: 2 ** 31 - 1, fallback: 1 })
}
