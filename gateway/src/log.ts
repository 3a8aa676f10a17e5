/** The gateway's own log: winston's JSON on standard error, as the inference server has it. */
import { type LogLevel, logLevels } from '@gantry/contract/log.ts'
import { plainText } from '@gantry/contract/plain-text.ts'
import { explain } from '@gantry/kube/errors.ts'
import type { Log, LogFields, Write } from '@gantry/kube/log.ts'
import { createLogger, format, transports } from 'winston'

/** JSON has no form for errors: one is written with its causes. */
const written = (fields: LogFields = {}): LogFields =>
  fields['error'] instanceof Error ? { ...fields, error: plainText(explain(fields['error'])) } : fields

export const createLog = (level: LogLevel): Log => {
  const logger = createLogger({
    level,
    format: format.combine(format.timestamp(), format.json()),
    transports: [new transports.Console({ stderrLevels: [...logLevels] })],
  })
  const at =
    (name: LogLevel): Write =>
    (message, fields) =>
      void logger.log(name, plainText(message), written(fields))
  return { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') }
}
