/** Makes untrusted names and texts safe for a log or a terminal. */

/** Longest piece of an untrusted text in a message, in characters. */
const longestText = 200

/** Controls, which a terminal obeys, and marks that cannot be seen: of direction, of line ends, of no width. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

const escaped = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('')

/** The text in quotes, cut, with everything that cannot be seen written out. */
export const quotedText = (text: string): string =>
  JSON.stringify(text.slice(0, longestText)).replace(unseen, escaped)

/**
 * @param limit most names that are listed
 * @returns `"a", "b" and 3 more`
 */
export const quotedList = (names: readonly string[], limit = 8): string => {
  const more = names.length > limit ? ` and ${names.length - limit} more` : ''
  return names.slice(0, limit).map(quotedText).join(', ') + more
}
