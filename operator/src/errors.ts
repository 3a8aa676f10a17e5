/** What the controller does with a failure: nothing until the next event, or another pass after a growing wait. */
export type Retry = 'never' | 'backoff'

/** A pass that could not be finished. `reason` is CamelCase and is the label of the metric and the log. */
export class ReconcileError extends Error {
  readonly reason: string
  readonly retry: Retry
  constructor(reason: string, retry: Retry, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ReconcileError'
    this.reason = reason
    this.retry = retry
  }
}

const deepestCause = 5

/** The message of an error followed by those of its causes, which is where Node hides the address and the code. */
export const explain = (error: unknown): string => {
  const messages: string[] = []
  let current = error
  for (let depth = 0; current !== undefined && depth < deepestCause; depth += 1) {
    const text = current instanceof Error ? current.message || current.name : String(current)
    if (!messages.some((message) => message.includes(text))) messages.push(text)
    current = current instanceof Error ? current.cause : undefined
  }
  return messages.join(': ')
}

/** A mistake in the code rather than in the world: where it was thrown is worth a long line in the log. */
export const isMistake = (error: unknown): error is Error =>
  error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError
