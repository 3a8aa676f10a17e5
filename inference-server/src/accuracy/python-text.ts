/** How Python cuts texts: the libraries whose metrics these are do. */

/** Separators of information, which are white space for Python and not for JavaScript, and the next line. */
const separators = String.fromCharCode(0x1c, 0x1d, 0x1e, 0x1f, 0x85)
/** White space of Python's `str.split`; U+FEFF is none. */
const whiteSpace = new RegExp(`[\\t-\\r\\p{Z}${separators}]+`, 'u')
const outer = new RegExp(`^${whiteSpace.source}|${whiteSpace.source}$`, 'gu')

/** Words between white space. */
export const pythonWords = (text: string): readonly string[] =>
  text.split(whiteSpace).filter((word) => word !== '')

/** The text without white space at its ends. */
export const stripped = (text: string): string => text.replace(outer, '')
