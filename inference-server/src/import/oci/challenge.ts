/** What a registry answers to a request without the right: how its client may get one. */

export type Challenge =
  | { readonly kind: 'basic' }
  | {
      readonly kind: 'bearer'
      readonly realm: string
      readonly service: string | undefined
      readonly scope: string | undefined
    }

/** `name="text"` or `name=token`; a text has `\"` and `\\` for quote and backslash. */
const parameters = /([A-Za-z0-9!#$%&'*+.^_`|~-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g

/** Begin of a challenge: a scheme, at the start or after a comma, that no `=` follows. */
const schemes = /(?:^|,)\s*(Basic|Bearer)(?=\s+[A-Za-z]|\s*(?:,|$))/gi

/** Longest header that is read; a challenge has a few hundred characters. */
const maxChars = 8192

const read = (scheme: string, text: string): readonly Challenge[] => {
  if (scheme.toLowerCase() === 'basic') return [{ kind: 'basic' }]
  const values = new Map<string, string>()
  for (const [, name = '', quoted, plain] of text.matchAll(parameters))
    values.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '')
  const realm = values.get('realm')
  if (!realm) return []
  return [{ kind: 'bearer', realm, service: values.get('service'), scope: values.get('scope') }]
}

/**
 * The challenges of a WWW-Authenticate header that this client can meet, as the server orders them.
 * @param header undefined where the answer has none
 */
export const challengesIn = (header: string | undefined): readonly Challenge[] => {
  if (header === undefined || header.length > maxChars) return []
  // Quoted texts may hold commas and words of schemes, so they are blanked before the header is cut.
  const blanked = header.replace(/"(?:[^"\\]|\\.)*"/g, (text) => `"${'_'.repeat(text.length - 2)}"`)
  const found = [...blanked.matchAll(schemes)]
  return found.flatMap((match, index) =>
    read(match[1] ?? '', header.slice(match.index + match[0].length, found[index + 1]?.index)),
  )
}
