/** The requests that an import makes of a bucket. */
import type { ListObjectsV2CommandOutput } from '@aws-sdk/client-s3'
import { ImportError } from '../../failures/import-error.ts'
import { encodingOf } from '../sources/http.ts'
import { Passing, SourceChanged } from '../sources/passing.ts'
import type { Access, Download, Resume } from '../sources/remote.ts'
import type { S3Address } from '../sources/s3-address.ts'
import { type Connected, connect } from './client.ts'
import { type Asked, failureOf, isClockCorrected, statusOf } from './failures.ts'
import type { S3Object } from './listing.ts'
import { keysOf } from './secret.ts'

export interface FoundObject extends S3Object {
  readonly kind: 'object'
  /** Undefined where the bucket keeps no versions. */
  readonly versionId: string | undefined
}

export interface BucketAccess extends Access {
  /** Whether spec names a Secret. */
  readonly hasSecret?: boolean | undefined
  /** The revision that an earlier import has found. */
  readonly pinnedDigest?: string | undefined
}

/** `refused`: by a number alone, whose reason only a listing tells. */
export type Head =
  | FoundObject
  | { readonly kind: 'absent' }
  | { readonly kind: 'refused'; readonly error: Error }

export interface Bucket {
  readonly asked: Asked
  /** @param version undefined: the current one */
  readonly head: (key: string, version?: string) => Promise<Head>
  /** The page of the listing after the token. */
  readonly page: (prefix: string, token: string | undefined) => Promise<ListObjectsV2CommandOutput>
  readonly open: (object: S3Object, resume: Resume | undefined) => Promise<Download>
}

/** @throws ImportError where credentials cannot be used or had */
export const openBucket = async (
  { bucket: Bucket, key }: S3Address,
  access: BucketAccess,
): Promise<Bucket> => {
  const place = access.s3 ?? {}
  // A Secret without any of the keys that an import reads is no reason to ask without credentials.
  const keys = access.secret || access.hasSecret ? keysOf(access.secret?.aws ?? {}) : undefined
  const hosts = access.secret?.hosts ?? []
  const connected = await connect({ place, bucket: Bucket, keys, hosts, connecting: access })
  const { sdk, client, region, isAnonymous } = connected
  const host = place.endpoint?.host ?? (await hostOf(connected))
  const asked: Asked = { host, bucket: Bucket, shown: `s3://${Bucket}/${key}`, region, isAnonymous }
  const ask = <T>(request: () => Promise<T>): Promise<T> => withClock(request, asked)

  const head: Bucket['head'] = async (Key, VersionId) => {
    try {
      const command = new sdk.HeadObjectCommand({ Bucket, Key, VersionId })
      return { ...foundObject(Key, await ask(() => client.send(command))), version: VersionId }
    } catch (error) {
      if (statusOf((error as ImportError).cause) === 404) return { kind: 'absent' }
      if (error instanceof ImportError && error.reason !== 'SourceNotAllowed' && !(error instanceof Passing))
        return { kind: 'refused', error }
      throw error
    }
  }
  const page: Bucket['page'] = (Prefix, ContinuationToken) =>
    ask(() =>
      client.send(new sdk.ListObjectsV2Command({ Bucket, Prefix, ContinuationToken, EncodingType: 'url' })),
    )
  const open: Bucket['open'] = async (object, resume) => {
    const { key: Key, etag, version: VersionId } = object
    const IfMatch = resume?.validator ?? etag
    const Range = resume && `bytes=${resume.offset}-`
    try {
      const command = new sdk.GetObjectCommand({ Bucket, Key, VersionId, IfMatch, Range })
      return downloadOf(await ask(() => client.send(command)), resume)
    } catch (error) {
      throw isOther(error) ? changed(error) : error
    }
  }
  return { asked, head, page, open }
}

/** Host of AWS in the region, for messages. */
const hostOf = async ({ client, region }: Connected): Promise<string> => {
  const endpoint = await client.config.endpoint?.().catch(() => undefined)
  return endpoint?.hostname ?? `s3.${region}.amazonaws.com`
}

/** The SDK notices by a refusal that the clocks differ by minutes, and signs the next request with the time of the server. */
const withClock = async <T>(request: () => Promise<T>, asked: Asked): Promise<T> => {
  try {
    return await request()
  } catch (error) {
    if (!isClockCorrected(error)) throw failureOf(error, asked)
  }
  return request().catch((error: unknown) => {
    throw failureOf(error, asked)
  })
}

interface HeadOutput {
  readonly ContentLength?: number | undefined
  readonly ETag?: string | undefined
  readonly VersionId?: string | undefined
}

/** A bucket whose versions were switched off again calls each of them `null`. */
const foundObject = (key: string, { ContentLength = 0, ETag, VersionId }: HeadOutput): FoundObject => {
  const versionId = VersionId === undefined || VersionId === 'null' ? undefined : VersionId
  return { kind: 'object', key, sizeBytes: ContentLength, etag: ETag, versionId }
}

interface GetOutput extends HeadOutput {
  readonly Body?: unknown
  readonly ContentRange?: string | undefined
  readonly ContentEncoding?: string | undefined
}

const downloadOf = (
  { Body, ContentRange, ContentLength, ContentEncoding, ETag }: GetOutput,
  resume: Resume | undefined,
): Download => {
  const [, first = '0', total] = /^bytes (\d{1,15})-\d{1,15}\/(\d{1,15})$/i.exec(ContentRange ?? '') ?? []
  return {
    chunks: Body as AsyncIterable<Uint8Array>,
    offset: Number(first),
    sizeBytes: total === undefined ? ContentLength : Number(total),
    validator: ETag ?? (resume && first !== '0' ? resume.validator : undefined),
    encoding: encodingOf(ContentEncoding),
  }
}

/** What was listed is gone, or another object has its key. */
const isOther = (error: unknown): boolean =>
  !(error instanceof Passing) && [404, 412, 416].includes(statusOf((error as ImportError).cause) ?? 0)

const changed = (cause: unknown): SourceChanged =>
  new SourceChanged('the source was changed while it was read', { cause })
