/** What the answers of a registry mean, in sentences. Its own words are a stranger's and go to the log. */
import { ImportError } from '../../failures/import-error.ts'
import { quotedText } from '../../failures/shown-text.ts'
import { isObject, parseJsonText } from '../../json/json-object.ts'
import { type Answer, readBody } from '../sources/http-request.ts'
import { Passing } from '../sources/passing.ts'
import type { OciReference } from './reference.ts'

/** Longest error document that is read, in bytes. */
const maxErrorBytes = 64 * 1024

export interface Asked {
  readonly reference: OciReference
  /** What was asked for: the manifest of `1.0`, or a layer. */
  readonly what: 'manifest' | 'blob'
  /** Whether no credentials were given. */
  readonly isAnonymous: boolean
}

interface RegistryError {
  readonly code: string
  readonly message: string
}

/** The first of `{"errors": [{"code", "message"}]}`. */
const errorIn = async (answer: Answer): Promise<RegistryError> => {
  try {
    const value = parseJsonText((await readBody(answer, maxErrorBytes)).toString('utf8'))
    const [first] = isObject(value) && Array.isArray(value['errors']) ? value['errors'] : []
    const { code, message } = isObject(first) ? first : {}
    return { code: typeof code === 'string' ? code : '', message: typeof message === 'string' ? message : '' }
  } catch {
    return { code: '', message: '' }
  } finally {
    answer.discard()
  }
}

const detailOf = (status: number, { code, message }: RegistryError): string =>
  `it answered ${status}${code && ` ${quotedText(code)}`}${message && `: ${quotedText(message)}`}`

const notFound = ({ reference, what }: Asked, { code }: RegistryError): string => {
  const { registry, repository, tag, digest } = reference
  if (what === 'blob') return `${registry} has lost a layer of ${repository}; push the model again`
  if (code === 'NAME_UNKNOWN') return `${registry} has no repository ${repository}; check its name`
  return `${registry} has no ${digest ?? `tag ${tag}`} in ${repository}; check the tag or digest`
}

const forbidden = ({ reference: { registry, repository }, isAnonymous }: Asked): string =>
  isAnonymous
    ? `${registry} lets nobody pull ${repository} without credentials, or has no such repository; name a pull Secret in spec.model.source.secretRef (on the command line, credentials come from the environment, see import --help)`
    : `${registry} does not let these credentials pull ${repository}; check the Secret of spec.model.source.secretRef, and what its user may read`

/** @param answer of any status but 200 and 206; its connection is ended */
export const refusalOf = async (answer: Answer, asked: Asked): Promise<ImportError> => {
  const { status } = answer
  const { registry } = asked.reference
  const usual =
    answer.status === 404 || status === 401 || status === 403 || status === 429 ? undefined : answer.refusal()
  if (usual) return usual
  const error = await errorIn(answer)
  const detail = detailOf(status, error)
  if (status === 404) return new ImportError('SourceNotFound', notFound(asked, error), 'never', { detail })
  if (status !== 429) return new ImportError('SourceForbidden', forbidden(asked), 'never', { detail })
  const general = answer.refusal()
  const advice = asked.isAnonymous
    ? '; with a pull Secret in spec.model.source.secretRef it may allow more'
    : ''
  return new Passing(`${registry} allows no more pulls for now${advice}`, {
    detail,
    waitMs: general instanceof Passing ? general.waitMs : undefined,
  })
}
