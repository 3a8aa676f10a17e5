/** A source over https or http: one file, which may be an archive, or the files of a folder that the user lists. */
import type { IncomingHttpHeaders } from 'node:http'
import { credentialsFor } from './credentials.ts'
import { type Answer, ask, withoutUser } from './http-request.ts'
import { SourceChanged } from './passing.ts'
import type { Access, Download, RemoteFile, RemoteFolder, Resume } from './remote.ts'

/** @throws ImportError SourceForbidden for credentials that may not be sent */
export const httpFolder = (url: URL, access: Access): RemoteFolder => {
  const { files } = access
  if (!files)
    return {
      revision: undefined,
      form: 'file',
      files: [{ ...httpFile(url, url.pathname, access), form: 'payload' }],
    }
  return {
    revision: undefined,
    form: 'folder',
    files: files.map(({ path, sha256 }, index) => ({
      ...httpFile(beneath(url, path), path, access),
      form: 'file',
      digest:
        sha256 === undefined
          ? undefined
          : { algorithm: 'sha256', hex: sha256, namedBy: `spec.model.source.files[${index}].sha256` },
    })),
  }
}

/** The query of the folder's address goes along: it may be what gives the right to its files. */
const beneath = (folder: URL, path: string): URL => {
  const url = new URL(folder.href)
  const inside = path.split('/').map(encodeURIComponent).join('/')
  url.pathname = `${folder.pathname.replace(/\/*$/, '')}/${inside}`
  return url
}

const httpFile = (url: URL, path: string, access: Access): Omit<RemoteFile, 'form'> => {
  const credentials = credentialsFor(url, access.secret, access.allowHttpCredentials)
  return {
    path,
    open: async (resume) => {
      const headers = resume ? rangeOf(resume) : {}
      return download(await ask({ url: withoutUser(url), headers, credentials }, access), resume)
    },
  }
}

/** If-Range makes the server send the whole file where it is another one by now. */
export const rangeOf = ({ offset, validator }: Resume): Record<string, string> => ({
  range: `bytes=${offset}-`,
  'if-range': validator,
})

/**
 * The answer to a GET as a download, whether the server goes on at the asked byte or begins anew.
 * @throws SourceChanged where it says that the asked bytes are not there
 */
export const download = (answer: Answer, resume: Resume | undefined): Download => {
  const { status, headers, chunks } = answer
  const encoding = encodingOf(headers['content-encoding'])
  if (status === 200)
    return { chunks, offset: 0, sizeBytes: lengthOf(headers), validator: validatorOf(headers), encoding }
  if (resume && status === 206) {
    const range = contentRange(headers['content-range'])
    // A part may come without a validator, since its request has named one.
    if (range) return { chunks, ...range, validator: validatorOf(headers) ?? resume.validator, encoding }
  }
  const refusal = answer.refusal()
  if (resume && [206, 412, 416].includes(status))
    throw new SourceChanged('the source was changed while it was read', { cause: refusal })
  throw refusal
}

/** @returns undefined for none */
export const encodingOf = (header: string | undefined): string | undefined =>
  header === undefined || /^(identity)?$/i.test(header.trim()) ? undefined : header

const lengthOf = (headers: IncomingHttpHeaders): number | undefined => {
  const length = Number(headers['content-length'])
  return Number.isSafeInteger(length) ? length : undefined
}

const contentRange = (
  header: string | undefined,
): { readonly offset: number; readonly sizeBytes: number | undefined } | undefined => {
  const [, first, total] = /^bytes (\d{1,15})-\d{1,15}\/(\d{1,15}|\*)$/i.exec(header ?? '') ?? []
  if (first === undefined) return undefined
  return { offset: Number(first), sizeBytes: total === '*' ? undefined : Number(total) }
}

/**
 * What If-Range takes: a strong ETag, or else a Last-Modified that is older than the answer by a minute at least (RFC 9110, 8.8.2.2): a file may
 * change twice in a second.
 */
const validatorOf = ({ etag, date, 'last-modified': modified }: IncomingHttpHeaders): string | undefined => {
  if (etag !== undefined) return /^"[^"]*"$/.test(etag) ? etag : undefined
  const age = Date.parse(date ?? '') - Date.parse(modified ?? '')
  return age >= 60_000 ? modified : undefined
}
