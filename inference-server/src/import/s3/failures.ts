/** What S3 and AWS answered, as sentences. Messages of others are shown nowhere: they quote keys and what was signed. */
import { ImportError } from '../../failures/import-error.ts'
import { Passing } from '../sources/passing.ts'

/** Whom a request was for. */
export interface Asked {
  /** Host of the endpoint. */
  readonly host: string
  readonly bucket: string
  /** Address of what was asked for. */
  readonly shown: string
  readonly region: string
  readonly isAnonymous: boolean
}

/** The part of an error of the SDK that is looked at. */
interface ServiceError {
  readonly name: string
  readonly status: number
  readonly retryAfter: string | undefined
  /** Region that the server expects. */
  readonly region: string | undefined
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined

/** @returns undefined for an error that is no answer of a server */
const serviceError = (error: unknown): ServiceError | undefined => {
  const response = member(error, '$response')
  const status = member(member(error, '$metadata'), 'httpStatusCode') ?? member(response, 'statusCode')
  if (typeof status !== 'number') return undefined
  const headers = member(response, 'headers')
  return {
    name: text(member(error, 'name')) ?? '',
    status,
    retryAfter: text(member(headers, 'retry-after')),
    region: text(member(error, 'Region')) ?? text(member(headers, 'x-amz-bucket-region')),
  }
}

/** Status of the answer; a 403 to a HEAD has neither a body nor a name. */
export const statusOf = (error: unknown): number | undefined => serviceError(error)?.status

export const isClockCorrected = (error: unknown): boolean =>
  member(member(error, '$metadata'), 'clockSkewCorrected') === true

const regionPattern = /^[a-z0-9][a-z0-9-]{0,62}$/

/** The region that a server names, where it answers only so that the request is made for another one. */
export const regionSaidBy = (error: unknown): string | undefined => {
  const answer = serviceError(member(error, 'cause'))
  const isHint = answer && [301, 307, 400].includes(answer.status) && regionPattern.test(answer.region ?? '')
  return isHint ? answer.region : undefined
}

/** Names of answers are the server's words, so only those that look like one are shown. */
const nameOf = ({ name }: ServiceError): string =>
  /^[A-Za-z]{3,60}$/.test(name) && !['Error', 'Unknown', 'UnknownError', 'SyntaxError'].includes(name)
    ? ` (${name})`
    : ''

/** Any error of a request for a bucket, as an ImportError. */
export const failureOf = (error: unknown, asked: Asked): Error => {
  if (error instanceof ImportError || (error instanceof Error && error.name === 'AbortError')) return error
  const answer = serviceError(error)
  // The answer may be a web page, which is no XML.
  if (!answer || answer.status < 300)
    return refused(`${asked.host} does not speak S3; check spec.model.source.s3.endpoint`, error)
  return mendable(answer, asked, error) ?? named(answer, asked, error) ?? byStatus(answer, asked, error)
}

const refused = (message: string, cause: unknown, detail?: string): ImportError =>
  new ImportError('SourceUnsupported', message, 'never', { cause, detail })

const mendable = (answer: ServiceError, { host }: Asked, cause: unknown): ImportError | undefined => {
  const { name, status, retryAfter } = answer
  if (name === 'RequestTimeTooSkewed')
    return new Passing(
      `${host} answered ${status}: its clock and the one of this machine differ by minutes; correct the clock`,
      { cause },
    )
  const isPassing =
    (status >= 500 && status !== 501) || [408, 429].includes(status) || name === 'RequestTimeout'
  if (!isPassing) return undefined
  const waitMs =
    retryAfter !== undefined && /^\d{1,4}$/.test(retryAfter) ? Number(retryAfter) * 1000 : undefined
  return new Passing(`${host} answered ${status}${nameOf(answer)}`, { cause, waitMs })
}

const isElsewhere = ({ name, status }: ServiceError): boolean =>
  (status >= 300 && status < 400) ||
  ['AuthorizationHeaderMalformed', 'IllegalLocationConstraintException', 'PermanentRedirect'].includes(name)

const named = (answer: ServiceError, asked: Asked, cause: unknown): ImportError | undefined => {
  const { host, bucket, region, shown } = asked
  const { name, status } = answer
  const said = `${host} answered ${status}${nameOf(answer)}`
  if (isElsewhere(answer)) {
    const detail = regionPattern.test(answer.region ?? '') ? `the server says ${answer.region}` : undefined
    return refused(
      `${said}: the bucket ${bucket} is not in the region ${region}; set spec.model.source.s3.region (on the command line --s3-region)`,
      cause,
      detail,
    )
  }
  if (name === 'NoSuchBucket')
    return new ImportError(
      'SourceNotFound',
      `${said}: there is no bucket ${bucket}; check spec.model.source.uri`,
      'never',
      { cause },
    )
  if (['ExpiredToken', 'TokenRefreshRequired', 'ExpiredTokenException'].includes(name))
    return forbidden(`${said}: the session token has expired; ${renew}`, cause)
  if (unknownKeys.has(name)) return forbidden(denied(answer, asked), cause)
  if (name === 'InvalidObjectState')
    return refused(`${said}: ${shown} is archived; restore it, or copy it to another storage class`, cause)
  return undefined
}

/** Some servers answer so with another number than 403. */
const unknownKeys = new Set(['InvalidAccessKeyId', 'InvalidToken', 'InvalidSecurity'])

const renew =
  'renew it in the Secret of spec.model.source.secretRef, or let the pod have a role by a ServiceAccount'

const forbidden = (message: string, cause: unknown): ImportError =>
  new ImportError('SourceForbidden', message, 'never', { cause, detail: onCommandLine })

const onCommandLine = 'on the command line they come from the environment or the profile, see import --help'

/** What a HEAD tells no more of than its number. */
const byStatus = (answer: ServiceError, asked: Asked, cause: unknown): ImportError => {
  const { status } = answer
  if (status === 401 || status === 403) return forbidden(denied(answer, asked), cause)
  if (status === 404 && ['', ' (NotFound)', ' (NoSuchKey)'].includes(nameOf(answer)))
    return notFound(asked, cause)
  const said = `${asked.host} answered ${status}${nameOf(answer)}`
  return refused(
    `${said} to a request for ${asked.shown}; check spec.model.source.s3 and the credentials`,
    cause,
  )
}

const denied = (answer: ServiceError, { host, shown, isAnonymous }: Asked): string => {
  const said = `${host} answered ${answer.status}${nameOf(answer)}`
  return isAnonymous
    ? `${said}, and no credentials were given; name a Secret in spec.model.source.secretRef, or give the pod a ServiceAccount with a role in spec.storage.import.serviceAccountName`
    : `${said}: the credentials do not allow to read ${shown}; check them, and that they allow s3:GetObject and s3:ListBucket there`
}

export const notFound = ({ host, shown }: Asked, cause?: unknown): ImportError =>
  new ImportError(
    'SourceNotFound',
    `${host} has nothing at ${shown}: neither an object with that key nor one below it; check spec.model.source.uri`,
    'never',
    { cause },
  )

/** Why the pod, or the person at the command line, has no credentials, though it was to have some. */
export const identityFailure = (error: unknown): Error => {
  if (error instanceof ImportError || (error instanceof Error && error.name === 'AbortError')) return error
  const answer = serviceError(error)
  const said = answer ? `: AWS answered ${answer.status}${nameOf(answer)}` : ''
  if (answer && (answer.status >= 500 || answer.status === 429))
    return new Passing(`credentials cannot be had${said}`, { cause: error })
  return new ImportError(
    'SourceForbidden',
    `credentials cannot be had${said}; check the role of the pod's ServiceAccount and whom it trusts, or give a Secret in spec.model.source.secretRef`,
    'never',
    { cause: error, detail: onCommandLine },
  )
}
