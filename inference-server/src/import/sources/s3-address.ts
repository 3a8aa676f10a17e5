/** Addresses of S3: `s3://BUCKET/KEY`, and where the bucket is. */
import { shownSource } from '@gantry/contract/source.ts'
import { ImportError } from '../../failures/import-error.ts'

export interface S3Address {
  readonly bucket: string
  /** Key of one object, or the beginning of the keys of a folder; '' for the whole bucket. */
  readonly key: string
}

/** Where the bucket is, as `spec.model.source.s3` and the command line say it. */
export interface S3Place {
  /** Endpoint of a store other than that of AWS. */
  readonly endpoint?: URL | undefined
  readonly region?: string | undefined
  /** Whether the bucket is in the path, and not in the host; undefined: where an endpoint is given. */
  readonly pathStyle?: boolean | undefined
}

/** Names of buckets as S3 has made them since 2018, aliases of access points among them. */
const bucketName = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/

const refuse = (text: string, problem: string): ImportError =>
  new ImportError('SourceUnsupported', `the source ${shownSource(text)} cannot be read: ${problem}`)

/**
 * Taken as it is written, without percent-decoding, as every program that reads `s3://` takes it.
 * @throws ImportError SourceUnsupported for what names no bucket, UnsafePath for a key that no address over HTTP can have
 */
export const parseS3 = (text: string): S3Address => {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]*)\/?(.*)$/is.exec(text) ?? []
  if (!bucketName.test(bucket))
    throw refuse(
      text,
      'it names no bucket; write s3://BUCKET/KEY, and credentials in a Secret or the environment',
    )
  if (hasDots(key))
    throw new ImportError(
      'UnsafePath',
      `${shownSource(text)} has a part . or .. in its key; rename the objects`,
    )
  return { bucket, key }
}

/** A part `.` or `..` is resolved by every client and proxy of HTTP on the way, so that another object would be asked for. */
export const hasDots = (key: string): boolean => key.split('/').some((part) => part === '.' || part === '..')
