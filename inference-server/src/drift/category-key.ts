/** Values of categories may be names of people, so a reference has their hashes only. */
import { hash } from 'node:crypto'

/** Hexadecimal digits that are kept: two of 64 values meet once in 10^16 references. */
const digits = 16
/** Characters that are hashed; a text that is longer is told from others by its beginning and its length. */
const mostHashed = 1000

/** @param salt of one reference, so that a list of names which were hashed once is of no use for another */
export const categoryKey =
  (salt: string) =>
  (value: string): string =>
    hash('sha256', `${salt} ${value.length} ${value.slice(0, mostHashed)}`, 'hex').slice(0, digits)
