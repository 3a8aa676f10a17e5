import { type LogLevel, logLevels } from '@gantry/contract/log.ts'
import type { Logger } from 'winston'

export type Fields = Readonly<Record<string, unknown>>

export interface Log {
  readonly error: (message: string, fields?: Fields) => void
  readonly warn: (message: string, fields?: Fields) => void
  readonly info: (message: string, fields?: Fields) => void
  readonly debug: (message: string, fields?: Fields) => void
  /** Settles once everything so far has been written. */
  readonly flush: () => Promise<void>
}

export interface LogOptions {
  readonly level: LogLevel
  readonly nowMs: () => number
}

/** Lines per second; what is beyond is counted, so that a failing model cannot drown the server in its own log. */
const linesPerSecond = 100

const openLogger = async (level: LogLevel): Promise<Logger> => {
  const { createLogger, format, transports } = (await import('winston')).default
  return createLogger({
    level,
    format: format.combine(format.timestamp(), format.json()),
    transports: [new transports.Console({ stderrLevels: [...logLevels] })],
  })
}

/** winston JSON on stderr. winston loads with the first line, so that a start does not wait for it. */
export const createLog = ({ level, nowMs }: LogOptions): Log => {
  let logger: Promise<Logger> | undefined
  let written: Promise<unknown> = Promise.resolve()
  let windowStartMs = Number.NEGATIVE_INFINITY
  let lines = 0
  let dropped = 0

  const write = (severity: LogLevel, message: string, fields: Fields): void => {
    logger ??= openLogger(level)
    written = logger.then((ready) => ready.log(severity, message, fields))
  }

  const openWindow = (): void => {
    windowStartMs = nowMs()
    lines = 0
    if (dropped > 0)
      write('warn', 'log lines were dropped: too many in a second', { dropped, linesPerSecond })
    dropped = 0
  }

  const log = (severity: LogLevel, message: string, fields: Fields = {}): void => {
    if (logLevels.indexOf(severity) > logLevels.indexOf(level)) return
    if (nowMs() - windowStartMs >= 1000) openWindow()
    if (lines >= linesPerSecond) {
      dropped += 1
      return
    }
    lines += 1
    write(severity, message, fields)
  }

  return {
    error: (message, fields) => log('error', message, fields),
    warn: (message, fields) => log('warn', message, fields),
    info: (message, fields) => log('info', message, fields),
    debug: (message, fields) => log('debug', message, fields),
    flush: async () => {
      if (dropped > 0) openWindow()
      await written
    },
  }
}
