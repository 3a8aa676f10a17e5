/** A source of S3: an object, which may be an archive, or all objects whose keys begin as a folder's. */
import type { RemoteFile, RemoteFolder } from '../sources/remote.ts'
import type { S3Address } from '../sources/s3-address.ts'
import { type Bucket, type BucketAccess, type Head, openBucket } from './bucket.ts'
import { notFound, regionSaidBy } from './failures.ts'
import { listObjects, type S3Object } from './listing.ts'
import { folderRevision, objectRevision, versionIn } from './revision.ts'

/**
 * Asks the bucket what is there, in the region that its server says where nothing else names one.
 * @throws Passing for what time may mend, ImportError for what it will not
 */
export const s3Folder = async (address: S3Address, access: BucketAccess): Promise<RemoteFolder> => {
  try {
    return await folderAt(address, access)
  } catch (error) {
    const region = access.s3?.region === undefined ? regionSaidBy(error) : undefined
    if (region === undefined) throw error
    return folderAt(address, { ...access, s3: { ...access.s3, region } })
  }
}

/** A key without `/` at its end is first of all one object's, and that of a folder where there is no such object or an empty one. */
const folderAt = async (address: S3Address, access: BucketAccess): Promise<RemoteFolder> => {
  const bucket = await openBucket(address, access)
  const { key } = address
  const isFolder = key === '' || key.endsWith('/')
  const head = isFolder ? undefined : await headOf(bucket, key, versionIn(access.pinnedDigest))
  if (head?.kind === 'object' && head.sizeBytes > 0)
    return {
      revision: objectRevision(head),
      form: 'file',
      files: [{ ...fileOf(bucket, head, key), form: 'payload' }],
    }
  const prefix = isFolder ? key : `${key}/`
  const objects = await listObjects((token) => bucket.page(prefix, token), prefix)
  if (objects.length === 0) throw head?.kind === 'refused' ? head.error : notFound(bucket.asked)
  const files = objects.map((object) => fileOf(bucket, object, object.key.slice(prefix.length)))
  return { revision: await folderRevision(bucket, objects), form: 'folder', files }
}

/** An earlier import has found this version; the current one is taken where it is the same. */
const headOf = async (bucket: Bucket, key: string, pinned: string | undefined): Promise<Head> => {
  const head = await bucket.head(key)
  const isPinned = pinned === undefined || (head.kind === 'object' && head.versionId === pinned)
  return isPinned ? head : bucket.head(key, pinned)
}

const fileOf = (bucket: Bucket, object: S3Object, path: string): RemoteFile => ({
  path,
  form: 'file',
  sizeBytes: object.sizeBytes,
  open: (resume) => bucket.open(object, resume),
})
