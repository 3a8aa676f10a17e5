export type JsonObject = Readonly<Record<string, unknown>>

/** Whether a value, as JSON has them, has members: neither null nor a list. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Its members without those that are null: clients built on pydantic write null for what is not there. */
export const withoutNulls = (object: JsonObject): JsonObject => {
  // Most objects have no such member, and are returned as they are.
  for (const name in object)
    if (object[name] === null)
      return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null))
  return object
}

/** U+FEFF at the start, as Windows writes it: no part of the JSON, and readers may pass over it (RFC 8259, 8.1). */
const byteOrderMark = '\uFEFF'

/** @throws SyntaxError */
export const parseJsonText = (text: string): unknown =>
  JSON.parse(text.startsWith(byteOrderMark) ? text.slice(byteOrderMark.length) : text)
