/** What the user reads where the cluster does not answer, or refuses. */
import { plainText } from '@gantry/contract/plain-text.ts'
import { KubeconfigError } from '@gantry/kube/credentials.ts'
import { ApiError, explain } from '@gantry/kube/errors.ts'
import { type ExitCode, exitCodes, Failure } from '../failure.ts'

const doctor = '`gantry doctor` looks at the cluster, the rights and the installation.'

/** A path of the API that no CRD serves. A missing object has a name in the message instead. */
const isUnknownKind = (error: ApiError): boolean =>
  error.code === 404 && /could not find the requested resource/.test(error.message)

const again = 'Try again in a while.'

interface Told {
  readonly exitCode: ExitCode
  readonly says: (message: string) => string
  readonly next?: string
}

const { cluster, failed, notFound } = exitCodes
const refuses = (message: string): string => `The cluster refuses: ${message}.`

/** What certain HTTP statuses mean. */
const statuses: Readonly<Record<number, Told>> = {
  401: {
    exitCode: cluster,
    says: () => 'The cluster does not accept the credentials of this context.',
    next: 'Log in again, or choose another context with --context.',
  },
  403: { exitCode: cluster, says: refuses, next: doctor },
  404: { exitCode: notFound, says: (message) => `${message}.` },
  409: { exitCode: failed, says: (message) => `${message}.`, next: 'Run the command again.' },
  410: { exitCode: cluster, says: refuses, next: 'Run the command again.' },
  429: { exitCode: cluster, says: (message) => `The cluster is overloaded: ${message}.`, next: again },
  503: { exitCode: cluster, says: (message) => `The cluster is overloaded: ${message}.`, next: again },
}

const toldOf = (error: ApiError): Told => {
  if (isUnknownKind(error))
    return {
      exitCode: cluster,
      says: () => 'This cluster does not have the kind that the command needs.',
      next: 'Install Gantry with its CRDs: `kubectl apply --server-side -f crds`, then the chart. `gantry doctor` says what is there.',
    }
  if (error.code < 400)
    return {
      exitCode: cluster,
      says: (message) => `What answers there is no API server: ${message}.`,
      next: 'Check the address in the kubeconfig, and whether a proxy in between asks to log in.',
    }
  const told = statuses[error.code]
  if (told) return told
  return error.code >= 500
    ? { exitCode: cluster, says: (message) => `The cluster fails: ${message}.`, next: again }
    : { exitCode: failed, says: refuses }
}

const refused = (error: ApiError): Failure => {
  const { exitCode, says, next } = toldOf(error)
  return new Failure(exitCode, says(plainText(error.message)), next, error)
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
