import { isAbsolute, relative, resolve } from 'node:path'
import { shownSource } from '@gantry/contract/source.ts'
import { ImportError } from '../../failures/import-error.ts'
import { type HubAddress, parseHubAddress } from './hub-address.ts'
import { parseS3, type S3Address } from './s3-address.ts'

/** Where a model comes from. */
export type Source =
  | { readonly kind: 'local'; readonly path: string }
  | { readonly kind: 'http'; readonly url: URL }
  | { readonly kind: 's3'; readonly address: S3Address }
  /** `reference` begins with oci:// and is not checked yet. */
  | { readonly kind: 'oci'; readonly reference: string }
  | { readonly kind: 'hub'; readonly address: HubAddress }

/** A source that is read over a network. */
export type RemoteSource = Exclude<Source, { kind: 'local' }>

/** Scheme of an address, in lower case; undefined for a plain path. `https:` is one of an address even where its slashes are missing. */
export const schemeOf = (text: string): string | undefined => {
  const [, scheme, web] = /^(?:([a-z][a-z0-9+.-]*):\/\/|(https?):)/i.exec(text) ?? []
  return (scheme ?? web)?.toLowerCase()
}

/**
 * Reads a source: https://, http://, s3://, hf://, oci://, file:/// or a plain path.
 * @throws ImportError SourceUnsupported for other kinds, UnsafePath for a file:// path or a key with `..`
 */
export const parseSource = (text: string): Source => {
  const scheme = schemeOf(text)
  if (scheme === undefined) return { kind: 'local', path: resolve(text) }
  if (scheme === 'file') return { kind: 'local', path: filePath(text.slice('file://'.length)) }
  if (scheme === 's3') return { kind: 's3', address: parseS3(text) }
  if (scheme === 'oci') return { kind: 'oci', reference: text }
  if (scheme === 'hf') return { kind: 'hub', address: parseHubAddress(text) }
  const url = /:\/\/[^/]/.test(text) ? URL.parse(text) : null
  if (url && (scheme === 'https' || scheme === 'http')) return { kind: 'http', url }
  const problem = problems[scheme] ?? (url ? `${scheme}:// is not supported` : 'it is not an address')
  throw new ImportError(
    'SourceUnsupported',
    `the source ${shownSource(text)} cannot be read: ${problem}; give https://, http://, s3://, hf://, oci:// or file:///`,
  )
}

const problems: Readonly<Record<string, string>> = {
  pvc: 'pvc:// is mounted by the operator only',
}

/** Taken as it is written, without percent-decoding: claims and folders may have any names. */
const filePath = (path: string): string => {
  if (!path.startsWith('/'))
    throw new ImportError(
      'SourceUnsupported',
      `${shownSource(`file://${path}`)} names no path of this machine; write file:///PATH`,
    )
  if (path.split('/').includes('..'))
    throw new ImportError('UnsafePath', `file://${path} leaves its folder; write the path without ..`)
  return resolve(path)
}

/** The mount that a source on it may not leave by links; undefined for sources elsewhere. */
export const boundaryOf = (uri: string, mount: string): string | undefined => {
  const path = relative(mount, uri.replace(/^file:\/\//, ''))
  return uri.startsWith('file:///') && !path.startsWith('..') && !isAbsolute(path) ? mount : undefined
}
