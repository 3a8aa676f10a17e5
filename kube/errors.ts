/** A refusal of the API server, with its HTTP status and machine-readable reason (`Forbidden`, `Invalid`, …). */
export class ApiError extends Error {
  readonly code: number
  readonly reason: string
  /** The Retry-After header, in milliseconds. */
  readonly retryAfterMs: number | undefined
  constructor(code: number, reason: string, message: string, retryAfterMs?: number) {
    super(message)
    this.name = 'ApiError'
    this.code = code
    this.reason = reason
    this.retryAfterMs = retryAfterMs
  }
}

/** The object was changed or deleted since it was read. */
export const isOutdated = (error: unknown): boolean =>
  error instanceof ApiError && (error.code === 409 || error.code === 404)

/** The object has a field that the API server's schema does not know, as where a CRD is older than the program. */
export const isUnknownField = (error: unknown): error is ApiError =>
  error instanceof ApiError && /field not declared in schema/.test(error.message)

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
