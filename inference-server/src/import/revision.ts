import { createHash } from 'node:crypto'

/** What a version is made from. */
export interface Origin {
  readonly uri: string
  readonly file?: string | undefined
  readonly sha256?: string | undefined
  readonly label?: string | undefined
}

/**
 * The revision that the operator would give: 16 hexadecimal digits over the canonical JSON of source, file, digest and label
 * (members by name, those without a value left out).
 */
export const revisionOf = ({ file, label, sha256, uri }: Origin): string =>
  createHash('sha256').update(JSON.stringify({ file, label, sha256, uri })).digest('hex').slice(0, 16)
