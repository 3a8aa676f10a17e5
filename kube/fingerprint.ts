import { createHash } from 'node:crypto'

/** JSON with sorted keys and without undefined members: equal data, equal text. */
export const canonicalJson = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(',')}}`
}

/** First `digits` hexadecimal digits of the sha256 over the canonical JSON of `value`. */
export const fingerprint = (value: unknown, digits: number): string =>
  createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, digits)
