/**
 * Text of strangers on its way into status, Events and the log: answers and last words of pods, refusals of webhooks,
 * names and addresses out of a spec. Text of any origin is reduced to one line of visible characters.
 */

/** Most characters of a text: longer than any sentence of the operator, and far below the 32768 characters that the CRD allows. */
const mostCharacters = 4096
/** A quotation within a sentence that must still be read to its end. */
export const quotedCharacters = 500

/** Spaces and line breaks: a second line of a message could pass for a condition of its own. */
const spaces = /[ \t\n\v\f\r\u0085\u2028\u2029]+/g
/** What terminals obey, what turns text around or cannot be seen, and halves of characters. */
const unwanted =
  /[\p{Cc}\p{Cs}\p{Bidi_Control}\u00ad\u180e\u200b\u2060-\u2064\u206a-\u206f\ufeff\u{e0000}-\u{e007f}]/gu
const lineBreaks = /[\t\n\v\f\r\u0085\u2028\u2029]/g
const replacement = '\ufffd'
const ellipsis = '…'

/** @param most code points that are kept, the ellipsis of a text that was cut included */
export const plainText = (text: string, most = mostCharacters): string => {
  const head = text.slice(0, 2 * most + 2) // no code point is longer than two units
  const characters = [...head.replace(spaces, ' ').replace(unwanted, replacement)]
  if (characters.length <= most && head.length === text.length) return characters.join('')
  return characters.slice(0, most - 1).join('') + ellipsis
}

/** One line as it is, spaces too, but for what drives a terminal or cannot be seen. */
export const plainLine = (text: string): string =>
  text.replace(lineBreaks, ' ').replace(unwanted, replacement)

/** Quotes foreign text within a message of Gantry's. */
export const quoted = (text: string): string => plainText(text, quotedCharacters)

/** Several lines that are ours, such as a stack or a list of problems, with words of others in them. */
export const plainLines = (text: string): string =>
  text
    .split('\n')
    .map((line) => plainText(line))
    .join('\n')
