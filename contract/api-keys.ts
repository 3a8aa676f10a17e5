/** What a usable API key is, at the inference server and at the gateway. */

/** Shorter keys can be guessed. */
const leastCharacters = 16

/** @returns why a key could never be sent, or could be guessed; undefined for a usable one */
export const apiKeyTrouble = (name: string, key: string): string | undefined => {
  if (!/^[\x21-\x7e]*$/.test(key))
    return `API key "${name}" holds a space, a line break or another sign that no header carries`
  return key.length < leastCharacters
    ? `API key "${name}" is shorter than ${leastCharacters} characters; make one with: openssl rand -hex 24`
    : undefined
}

/** @param header value of Authorization @returns what it bears */
export const bearerOf = (header: string | undefined): string | undefined =>
  /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1]
