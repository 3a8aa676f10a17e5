import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { isObject } from '../json/json-object.ts'
import type { StagedFile } from './staged-file.ts'

/** Larger reads are no faster, and smaller ones cost a turn of the thread pool each. */
const readBytes = 1024 * 1024

/**
 * Digest of a version: sha256 over one line `<sha256 of the file>  <path>` per file, sorted by path, as `sha256sum` prints them.
 * @returns `sha256:<hex>`
 */
export const digestOf = (files: readonly StagedFile[]): string => {
  const lines = files.toSorted(byPath).map(({ sha256, path }) => `${sha256}  ${path}\n`)
  return `sha256:${createHash('sha256').update(lines.join('')).digest('hex')}`
}

/** Members of a proof, in the order in which they are hashed. */
const proofMembers = ['proofVersion', 'verdict', 'reason', 'node', 'operator'] as const

/**
 * Digest of what metadata.json says beside its files that decides about answers.
 * @param metadata what was read, of any form
 * @returns `sha256:<hex>`
 */
export const recordDigestOf = ({
  task,
  file,
  rows,
}: {
  readonly task: unknown
  readonly file?: unknown
  readonly rows?: unknown
}): string => {
  const proofs = Object.entries(isObject(rows) ? rows : {})
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([path, proof]) => [
      path,
      ...proofMembers.map((name) => (isObject(proof) ? (proof[name] ?? null) : null)),
    ])
  const text = JSON.stringify([task ?? null, file ?? null, proofs])
  return `sha256:${createHash('sha256').update(text).digest('hex')}`
}

/** Sorts by code points, so that the order does not depend on the machine's locale. */
export const byPath = (a: StagedFile, b: StagedFile): number => (a.path < b.path ? -1 : 1)

/** Passes bytes on and hashes them on the way. */
export const hashed = async function* (
  chunks: AsyncIterable<Uint8Array>,
  hash: Hash,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    hash.update(chunk)
    yield chunk
  }
}

/** sha256 of a file in constant memory, as hexadecimal digits. @param path absolute */
export const fileDigest = async (path: string): Promise<string> => {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: readBytes })) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
