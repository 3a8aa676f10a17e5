/** Common fields are `key` (namespace/name), `reason`, `durationMs` and `error`; an Error is written with its causes. */
export type LogFields = Readonly<Record<string, unknown>>
export type Write = (message: string, fields?: LogFields) => void

export interface Log {
  readonly error: Write
  readonly warn: Write
  readonly info: Write
  readonly debug: Write
}
