import { resolve } from 'node:path'
import { ImportError } from './failure.ts'

/** Where a model comes from. */
export type Source =
  | { readonly kind: 'local'; readonly path: string }
  | { readonly kind: 'http'; readonly url: URL }

/**
 * Reads a source: https://, http://, file:/// or a plain path.
 * @throws ImportError SourceUnsupported for other kinds, UnsafePath for a file:// path with `..`
 */
export const parseSource = (text: string): Source => {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase()
  if (scheme === undefined) return { kind: 'local', path: resolve(text) }
  if (scheme === 'file') return { kind: 'local', path: filePath(text.slice('file://'.length)) }
  const url = URL.parse(text)
  if (url && (scheme === 'https' || scheme === 'http')) return { kind: 'http', url }
  const problem = problems[scheme] ?? (url ? `${scheme}:// is not supported` : 'it is not an address')
  throw new ImportError(
    'SourceUnsupported',
    `the source ${withoutSecrets(text)} cannot be read: ${problem}; give https://, http:// or file:///`,
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
      `file://${path} names no path of this machine; write file:///PATH`,
    )
  if (path.split('/').includes('..'))
    throw new ImportError('UnsafePath', `file://${path} leaves its folder; write the path without ..`)
  return resolve(path)
}

/** Names of query parameters that carry a right to download. */
const secretParameter = /sig|token|secret|password|credential|key/i

/** A source as it may be shown and recorded: user, password and signatures taken out. */
export const withoutSecrets = (text: string): string => {
  const url = /^https?:/i.test(text) ? URL.parse(text) : null
  if (!url) return text
  url.username = ''
  url.password = ''
  for (const name of [...url.searchParams.keys()])
    if (secretParameter.test(name)) url.searchParams.set(name, 'hidden')
  return url.href
}
