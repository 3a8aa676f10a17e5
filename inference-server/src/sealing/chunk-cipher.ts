/** Seals and opens single chunks of a file. */
import { createCipheriv, createDecipheriv } from 'node:crypto'
import { cipherName, nonceOf, tagBytes } from './sealed-format.ts'

/** @returns the sealed chunk in pieces: its bytes, then its tag */
export const sealChunk = (
  fileKey: Uint8Array,
  content: Uint8Array,
  chunk: number,
  isLast: boolean,
): readonly Buffer[] => {
  const cipher = createCipheriv(cipherName, fileKey, nonceOf(chunk, isLast), { authTagLength: tagBytes })
  const sealed = cipher.update(content)
  cipher.final()
  return [sealed, cipher.getAuthTag()]
}

/** @returns undefined where the chunk is not the one that was sealed as this one */
export const openChunk = (
  fileKey: Uint8Array,
  sealed: Uint8Array,
  chunk: number,
  isLast: boolean,
): Buffer | undefined => {
  const end = sealed.length - tagBytes
  if (end < 0) return undefined
  const decipher = createDecipheriv(cipherName, fileKey, nonceOf(chunk, isLast), { authTagLength: tagBytes })
  decipher.setAuthTag(sealed.subarray(end))
  const content = decipher.update(sealed.subarray(0, end))
  try {
    decipher.final()
  } catch {
    return undefined
  }
  return content
}
