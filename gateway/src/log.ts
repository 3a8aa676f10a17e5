/** The gateway's own log: winston's JSON on standard error, as the inference server has it. */
import { type LogLevel, logLevels } from '@gantry/contract/log.ts'
import { plainText } from '@gantry/contract/plain-text.ts'
import type { Log, Write } from '@gantry/kube/log.ts'
import { createLogger, format, transports } from 'winston'

export const createLog = (level: LogLevel): Log => {
  const logger = createLogger({
    level,
    format: format.combine(format.timestamp(), format.json()),
    transports: [new transports.Console({ stderrLevels: [...logLevels] })],
  })
  const at =
    (name: LogLevel): Write =>
    (message, fields) =>
      void logger.log(name, plainText(message), fields)
  return { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') }
}
