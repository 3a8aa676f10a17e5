/** The objects of a folder of S3, page by page. */
import type { ListObjectsV2CommandOutput } from '@aws-sdk/client-s3'
import { ImportError } from '../../failures/import-error.ts'
import { quotedText } from '../../failures/shown-text.ts'
import { mostFiles } from '../sources/remote.ts'
import { hasDots } from '../sources/s3-address.ts'

export interface S3Object {
  readonly key: string
  readonly sizeBytes: number
  /** ETag with its quotes; undefined where the store has none. */
  readonly etag: string | undefined
  /** Id of the version that is asked for; undefined: the current one, for which fewer rights are needed. */
  readonly version?: string | undefined
}

type Page = Pick<
  ListObjectsV2CommandOutput,
  'Contents' | 'EncodingType' | 'IsTruncated' | 'NextContinuationToken'
>

/** A page has 1,000 keys, or fewer where a store likes that better. */
const mostPages = 1_000

/**
 * @param askPage one page after the token
 * @param prefix that the keys begin with
 * @returns objects that are files, without the marks of folders
 * @throws ImportError for more files than a version may have, and keys that cannot be files
 */
export const listObjects = async (
  askPage: (token: string | undefined) => Promise<Page>,
  prefix: string,
): Promise<readonly S3Object[]> => {
  const objects: S3Object[] = []
  let token: string | undefined
  for (let pages = 0; pages < mostPages; pages++) {
    const page = await askPage(token)
    if (page.IsTruncated === undefined) throw noListing()
    objects.push(...objectsOf(page, prefix).filter(({ key, sizeBytes }) => !isMark(key, sizeBytes)))
    if (objects.length > mostFiles)
      throw new ImportError(
        'SourceUnsupported',
        `the folder has more than ${mostFiles} objects, which no model has; give the model's own folder, or an archive`,
      )
    if (!page.IsTruncated) return objects
    if (!page.NextContinuationToken || page.NextContinuationToken === token) break
    token = page.NextContinuationToken
  }
  throw new ImportError(
    'SourceUnsupported',
    'the listing of the bucket does not end; check spec.model.source.s3.endpoint',
  )
}

/** The refusal of an answer that is no listing, such as a web page. */
const noListing = (): ImportError =>
  new ImportError(
    'SourceUnsupported',
    'the host of the bucket does not speak S3; check spec.model.source.s3.endpoint',
  )

/** An empty object that stands for a folder: programs show it as one, and it holds nothing. */
const isMark = (key: string, sizeBytes: number): boolean =>
  sizeBytes === 0 && (key.endsWith('/') || key.endsWith('_$folder$'))

const objectsOf = ({ Contents = [], EncodingType }: Page, prefix: string): readonly S3Object[] =>
  Contents.map(({ Key = '', Size = 0, ETag }) => {
    const key = EncodingType === 'url' ? decoded(Key) : Key
    if (!key.startsWith(prefix)) throw unusable('does not begin with what was asked for', key)
    if (key.endsWith('/') && Size > 0) throw unusable('ends with / and has bytes, so it is no file', key)
    if (key.includes('\u{fffd}')) throw unusable('is no UTF-8', key)
    // The rest is checked where the path is, before anything is written.
    if (hasDots(key)) throw unusable('has a part . or ..', key)
    if (!Number.isSafeInteger(Size) || Size < 0) throw unusable('has a size that is none', key)
    return { key, sizeBytes: Size, etag: ETag }
  })

const unusable = (problem: string, key: string): ImportError =>
  new ImportError(
    'UnsafePath',
    `the key of an object ${problem}; rename it, or give a folder without it`,
    'never',
    {
      detail: `its key is ${quotedText(key)}`,
    },
  )

/** Keys are asked for in percent-encoding: XML cannot carry every letter that a key may have. */
const decoded = (key: string): string => {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '))
  } catch (error) {
    throw new ImportError(
      'UnsafePath',
      'the key of an object is no UTF-8; rename it, or give a folder without it',
      'never',
      {
        cause: error,
        detail: `its key is ${quotedText(key)}`,
      },
    )
  }
}
