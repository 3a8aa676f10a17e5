/** A source of S3: an object, which may be an archive, or all objects whose keys begin as a folder's. */
import type { Access, RemoteFile, RemoteFolder } from '../sources/remote.ts'
import type { S3Address } from '../sources/s3-address.ts'
import { type Bucket, openBucket } from './bucket.ts'
import { notFound } from './failures.ts'
import { listObjects, type S3Object } from './listing.ts'
import { folderRevision, objectRevision } from './revision.ts'

/**
 * Asks the bucket what is there. A key without `/` at its end is first of all one object's, and that of a folder where there is no such object or an
 * empty one.
 * @throws Passing for what time may mend, ImportError for what it will not
 */
export const s3Folder = async (address: S3Address, access: Access): Promise<RemoteFolder> => {
  const bucket = await openBucket(address, access)
  const { key } = address
  const isFolder = key === '' || key.endsWith('/')
  const head = isFolder ? undefined : await bucket.head(key)
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

const fileOf = (bucket: Bucket, object: S3Object, path: string): RemoteFile => ({
  path,
  form: 'file',
  sizeBytes: object.sizeBytes,
  open: (resume) => bucket.open(object, resume),
})
