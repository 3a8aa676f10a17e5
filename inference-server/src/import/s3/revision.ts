/** What a source of S3 was when it was read, in one line. */
import { createHash } from 'node:crypto'
import type { Bucket, FoundObject } from './bucket.ts'
import type { S3Object } from './listing.ts'

/** Longest revision that a version's record takes, in characters. */
const longest = 512

/** Versions are asked for one by one; beyond this the digest of the listing has to do. */
const mostAsked = 100
const atATime = 8

export const objectRevision = ({ versionId, etag }: FoundObject): string | undefined =>
  versionId === undefined ? etag && `etag ${etag.replaceAll('"', '')}` : `version ${versionId}`

/** The version that such a revision names. */
export const versionIn = (revision: string | undefined): string | undefined =>
  /^version (\S+)$/.exec(revision ?? '')?.[1]

/**
 * Digest of all keys, sizes and ETags; where the bucket keeps versions, their ids follow in the order of the keys, as far as they fit.
 * No name of an object is in it: who may read it need not be allowed to list the bucket.
 */
export const folderRevision = async (bucket: Bucket, objects: readonly S3Object[]): Promise<string> => {
  const hash = createHash('sha256')
  for (const { key, sizeBytes, etag } of objects) hash.update(JSON.stringify([key, sizeBytes, etag ?? null]))
  const listing = `listing ${hash.digest('hex')}`
  const text = `${listing} versions ${(await versionsOf(bucket, objects)).join(',')}`
  return text.length > longest || text.endsWith(' ') ? listing : text
}

/** @returns none where one has no id */
const versionsOf = async (bucket: Bucket, objects: readonly S3Object[]): Promise<readonly string[]> => {
  const ids: string[] = []
  if (objects.length > mostAsked) return ids
  // The first alone: most buckets keep no versions.
  for (let at = 0; at < objects.length; at += at === 0 ? 1 : atATime) {
    const some = objects.slice(at, at === 0 ? 1 : at + atATime)
    const heads = await Promise.all(some.map(({ key }) => bucket.head(key)))
    for (const head of heads) {
      if (head.kind !== 'object' || head.versionId === undefined) return []
      ids.push(head.versionId)
    }
  }
  return ids
}
