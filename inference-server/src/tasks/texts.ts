import { Failure } from '../errors.ts'
import type { TaskInput } from './task.ts'

/** Longest text that is read, in bytes of UTF-8; models cut at 512 tokens, far below. */
const maxTextBytes = 100_000

/**
 * A text out of a JSON body.
 * @param field its name, for the error
 * @throws Failure when it is missing, no string, blank, or too long
 */
export const textInput = (value: unknown, field: string): TaskInput & { kind: 'text' } => {
  if (value === undefined || value === null) throw new Failure('invalid', `${field} is missing`, { field })
  if (typeof value !== 'string')
    throw new Failure('invalid', `${field} has to be a string, not ${nameOf(value)}`, { field })
  if (value.trim() === '') throw new Failure('invalid', `${field} is empty`, { field })
  const bytes = Buffer.byteLength(value)
  if (bytes > maxTextBytes)
    throw new Failure(
      'too-large',
      `${field} has ${bytes} bytes, but at most ${maxTextBytes} are read; send a shorter text`,
      { field },
    )
  return { kind: 'text', text: value }
}

const nameOf = (value: unknown): string => {
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
