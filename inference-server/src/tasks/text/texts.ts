import { Failure } from '../../failures/errors.ts'
import { checkMarks } from './combining-marks.ts'

/** Longest text that is read, in bytes of UTF-8; models cut at 512 tokens, far below. */
const maxTextBytes = 100_000

// U+FEFF at the start is kept, as it is in JSON: a tokenizer may know it.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * A text out of a request: a JSON value, or an element of a BYTES tensor.
 * @param field its name, for the error
 * @throws Failure when it is missing, no string, not UTF-8 or UTF-16, blank, too long, or grows when it is normalised
 */
export const readText = (value: unknown, field: string): string => {
  if (value === undefined || value === null) throw new Failure('invalid', `${field} is missing`, { field })
  const text = value instanceof Uint8Array ? decoded(value, field) : value
  if (typeof text !== 'string')
    throw new Failure('invalid', `${field} has to be a string, not ${kindOf(value)}`, { field })
  if (!text.isWellFormed())
    throw new Failure(
      'invalid',
      `${field} holds half of a surrogate pair, which is no character; send both halves, or U+FFFD instead`,
      { field },
    )
  if (text.trim() === '') throw new Failure('invalid', `${field} is empty`, { field })
  const bytes = Buffer.byteLength(text)
  if (bytes > maxTextBytes)
    throw new Failure(
      'too-large',
      `${field} has ${bytes} bytes, but at most ${maxTextBytes} are read; send a shorter text`,
      { field },
    )
  checkMarks(text, field)
  return text
}

/**
 * An encoded picture out of a request: base64 in JSON, or its bytes.
 * @throws Failure when it is missing or no base64
 */
export const readImage = (value: unknown, field: string): Uint8Array => {
  if (value === undefined || value === null) throw new Failure('invalid', `${field} is missing`, { field })
  if (value instanceof Uint8Array) return value
  if (typeof value !== 'string' || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(value))
    throw new Failure('invalid', `${field} has to be a picture in base64`, { field })
  return Buffer.from(value, 'base64')
}

/** The kind of a value, for an error message: `a list`, `an object`, `a number`. */
export const kindOf = (value: unknown): string => {
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

const decoded = (bytes: Uint8Array, field: string): string => {
  try {
    return utf8.decode(bytes)
  } catch (cause) {
    throw new Failure('invalid', `${field} is not UTF-8`, { field, cause })
  }
}
