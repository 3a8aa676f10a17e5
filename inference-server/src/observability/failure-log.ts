import type { Failure } from '../failures/errors.ts'
import type { Fields, Log } from '../process/log.ts'

const causeText = ({ cause }: Failure): string | undefined => {
  if (cause === undefined) return undefined
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
}

/**
 * Faults of the server and the model at level error, with their cause; what callers did wrong, or asked for, at level debug.
 * A server that is starting, draining or replacing a worker has said so already.
 */
export const logFailure = (log: Log, failure: Failure, fields: Fields): void => {
  const { kind, message, status, asked } = failure
  if (status >= 500 && kind !== 'unavailable' && !asked) {
    log.error('request failed', { ...fields, kind, error: message, cause: causeText(failure) })
  } else log.debug('request refused', { ...fields, kind, error: message })
}
