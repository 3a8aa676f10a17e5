import { createHash } from 'node:crypto'

/** What a version is made from. */
export interface Origin {
  readonly uri: string
  /** Endpoint of the store: buckets of two stores may have one name. */
  readonly endpoint?: string | undefined
  readonly file?: string | undefined
  readonly files?: readonly { readonly path: string; readonly sha256?: string | undefined }[] | undefined
  readonly sha256?: string | undefined
  readonly label?: string | undefined
  /** PEM of the key that the source has to be signed with. */
  readonly publicKey?: string | undefined
  /** Whether it is an input of exports. */
  readonly export?: boolean | undefined
}

/**
 * The revision that the operator would give: 16 hexadecimal digits over the canonical JSON of source, file, digest, label, key and
 * export (members by name, those without a value left out).
 */
export const revisionOf = ({
  endpoint,
  export: isExported,
  file,
  files,
  label,
  publicKey,
  sha256,
  uri,
}: Origin): string =>
  createHash('sha256')
    .update(
      JSON.stringify({
        endpoint,
        export: isExported || undefined,
        file,
        files,
        label,
        publicKey,
        sha256,
        uri,
      }),
    )
    .digest('hex')
    .slice(0, 16)
