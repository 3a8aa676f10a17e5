import { hash } from 'node:crypto'

/** JSON with sorted keys and without undefined members: equal data, equal text. */
export const canonicalJson = (value: unknown): string => {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  // Every pass over a model writes all its objects down several times, so no lists of members are made for it.
  const members = value as Readonly<Record<string, unknown>>
  let text = ''
  for (const name of Object.keys(members).sort()) {
    const member = members[name]
    if (member === undefined) continue
    text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${canonicalJson(member)}`
  }
  return `{${text}}`
}

/** First `digits` hexadecimal digits of the sha256 over the canonical JSON of `value`. */
export const fingerprint = (value: unknown, digits: number): string =>
  hash('sha256', canonicalJson(value)).slice(0, digits)
