import type { LogLevel } from '@gantry/contract/log.ts'
import { plainLines, plainText } from '@gantry/contract/plain-text.ts'
import { explain } from '@gantry/kube/errors.ts'
import type { Log, LogFields, Write } from '@gantry/kube/log.ts'
import { createLogger, format, transports } from 'winston'

const plain = (value: unknown): unknown => (value instanceof Error ? explain(value) : value)

/** Messages quote what others wrote. A stack keeps its lines. */
const visible = (name: string, value: unknown): unknown => {
  if (typeof value !== 'string') return value
  return name === 'stack' ? plainLines(value) : plainText(value)
}

/** One JSON object per line, with the keys of the inference server: `timestamp`, `level`, `message`, then the fields. */
const line = format.printf(({ level, message, fields }) => {
  const given = Object.entries((fields ?? {}) as LogFields).map(([name, value]) => [name, plain(value)])
  const entry = { timestamp: new Date().toISOString(), level, message, ...Object.fromEntries(given) }
  return JSON.stringify(entry, visible)
})

/** @param stream where the lines go, by default standard output */
export const createLog = (level: LogLevel, stream: NodeJS.WritableStream = process.stdout): Log => {
  const logger = createLogger({ level, format: line, transports: [new transports.Stream({ stream })] })
  const at =
    (name: LogLevel): Write =>
    (message, fields) =>
      void logger.log({ level: name, message, fields })
  return Object.freeze({ error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') })
}
