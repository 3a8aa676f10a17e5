/** What the user reads where the cluster does not answer, or refuses. */
import { plainText } from '@gantry/contract/plain-text.ts'
import { KubeconfigError } from '@gantry/kube/credentials.ts'
import { ApiError, explain } from '@gantry/kube/errors.ts'
import { exitCodes, Failure } from '../failure.ts'

const doctor = '`gantry doctor` looks at the cluster, the rights and the installation.'

/** A path of the API that no CRD serves. A missing object has a name in the message instead. */
const isUnknownKind = (error: ApiError): boolean =>
  error.code === 404 && /could not find the requested resource/.test(error.message)

const refused = (error: ApiError): Failure => {
  const message = plainText(error.message)
  const { cluster, failed, notFound } = exitCodes
  if (isUnknownKind(error))
    return new Failure(
      cluster,
      'This cluster does not have the kind that the command needs.',
      'Install Gantry with its CRDs: `kubectl apply --server-side -f crds`, then the chart. `gantry doctor` says what is there.',
      error,
    )
  if (error.code < 400)
    return new Failure(
      cluster,
      `What answers there is no API server: ${message}.`,
      'Check the address in the kubeconfig, and whether a proxy in between asks to log in.',
      error,
    )
  if (error.code >= 500 && error.code !== 503)
    return new Failure(cluster, `The cluster fails: ${message}.`, 'Try again in a while.', error)
  switch (error.code) {
    case 401:
      return new Failure(
        cluster,
        'The cluster does not accept the credentials of this context.',
        'Log in again, or choose another context with --context.',
        error,
      )
    case 403:
      return new Failure(cluster, `The cluster refuses: ${message}.`, doctor, error)
    case 410:
      return new Failure(cluster, `The cluster refuses: ${message}.`, 'Run the command again.', error)
    case 404:
      return new Failure(notFound, `${message}.`, undefined, error)
    case 409:
      return new Failure(failed, `${message}.`, 'Run the command again.', error)
    case 429:
    case 503:
      return new Failure(cluster, `The cluster is overloaded: ${message}.`, 'Try again in a while.', error)
    default:
      return new Failure(failed, `The cluster refuses: ${message}.`, undefined, error)
  }
}

const codeOf = (error: unknown): string | undefined => {
  let current = error
  for (let depth = 0; depth < 5 && current instanceof Error; depth += 1) {
    const { code } = current as NodeJS.ErrnoException
    if (typeof code === 'string') return code
    current = current.cause
  }
  return undefined
}

const connectionCodes: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was closed',
  EHOSTUNREACH: 'no route leads to it',
  ENETUNREACH: 'no route leads to it',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name cannot be resolved',
  ETIMEDOUT: 'it does not answer',
}
const isCertificate = (code: string): boolean => /CERT|SIGNATURE|ISSUER/.test(code)

const unreachable = (error: Error): Failure => {
  const code = codeOf(error) ?? ''
  const why = connectionCodes[code] ?? plainText(explain(error.cause ?? error))
  const next = isCertificate(code)
    ? 'Its certificate is not the one that the kubeconfig expects: check the context and its certificate-authority.'
    : 'Check that the cluster runs, and the context: `kubectl config current-context`, --context.'
  return new Failure(exitCodes.cluster, `The API server cannot be reached: ${why}.`, next, error)
}

const kubeconfigFailure = (error: KubeconfigError): Failure =>
  new Failure(
    exitCodes.cluster,
    `${error.message.charAt(0).toUpperCase()}${plainText(error.message.slice(1))}.`,
    'Set KUBECONFIG, or name a file with --kubeconfig and a context with --context.',
    error,
  )

/** The failure that an error of the cluster is to a user. Undefined for what is a mistake of this program. */
export const clusterFailure = (error: unknown): Failure | undefined => {
  if (error instanceof Failure) return error
  if (error instanceof ApiError) return refused(error)
  if (error instanceof KubeconfigError) return kubeconfigFailure(error)
  if (error instanceof Error && error.cause instanceof KubeconfigError) return kubeconfigFailure(error.cause)
  if (error instanceof Error && /^the API server did not answer/.test(error.message))
    return unreachable(error)
  return undefined
}
