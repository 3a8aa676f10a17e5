/** Addresses of models on a hub of Hugging Face: hf://ORGANISATION/NAME[@REVISION][/PATH]. */
import { shownSource } from '@gantry/contract/source.ts'
import { ImportError } from '../../failures/import-error.ts'

export interface HubAddress {
  /** ORGANISATION/NAME. */
  readonly repository: string
  /** A branch, a tag, a commit or refs/pr/N; undefined: the hub's default branch, main. */
  readonly revision: string | undefined
  /** Folder or file in the repository; '' for all of it. */
  readonly path: string
}

/** Repositories of other kinds, by the first part of their addresses. */
const others = ['datasets', 'spaces', 'buckets', 'kernels', 'collections', 'papers']

const form = 'write hf://ORGANISATION/NAME, with @REVISION and /PATH where you need them'

const refused = (text: string, problem: string): ImportError =>
  new ImportError('SourceUnsupported', `the source ${shownSource(text)} cannot be read: ${problem}`)

/** Names of organisations and repositories on the hub. */
const name = /^[A-Za-z0-9](?:[\w.-]{0,94}\w)?$/

/** A revision ends at the next slash, but for those of pull requests; a slash in a branch is written %2F. */
const revisionPattern = /^(refs\/(?:pr|convert)\/[^/]+|[^/]+)(?:\/(.*))?$/s

const decoded = (text: string, whole: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    throw refused(whole, 'its revision has a % that begins no percent-encoding; write %25 for it')
  }
}

/** Git takes no such names; they would be other paths of the hub's API. */
const isRevision = (text: string): boolean =>
  /^[^\p{Cc}\s~^:?*[\\]{1,250}$/u.test(text) && !text.includes('..') && !/^\/|\/$|\/\//.test(text)

/** @throws ImportError SourceUnsupported, UnsafePath for a path with `..` */
export const parseHubAddress = (text: string): HubAddress => {
  const body = text.replace(/^hf:\/\//i, '').replace(/^models\//, '')
  const [, organisation = '', rest = ''] = /^([^/]*)\/(.*)$/s.exec(body) ?? []
  if (others.includes(organisation))
    throw refused(text, `it is no model, but one of the hub's ${organisation}; ${form}`)
  const [, repository = '', mark, tail = ''] = /^([^@/]*)(?:([@/])(.*))?$/s.exec(rest) ?? []
  if (!name.test(organisation) || !name.test(repository) || /--|\.\./.test(repository))
    throw refused(text, `it names no repository; ${form}`)
  const at = mark === '@' ? revisionPattern.exec(tail) : [undefined, undefined, tail]
  const revision = at?.[1] === undefined ? undefined : decoded(at[1], text)
  if (!at || (revision !== undefined && !isRevision(revision)))
    throw refused(text, 'what follows the @ is no branch, tag or commit')
  const path = (at[2] ?? '').replace(/\/+$/, '')
  return { repository: `${organisation}/${repository}`, revision, path: checkedPath(path, text) }
}

const checkedPath = (path: string, whole: string): string => {
  const parts = path.split('/')
  if (parts.includes('..'))
    throw new ImportError(
      'UnsafePath',
      `${shownSource(whole)} leaves its repository; write the path without ..`,
    )
  return parts.filter((part) => part !== '' && part !== '.').join('/')
}
