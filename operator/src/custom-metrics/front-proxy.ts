/**
 * Who calls. The API server authenticates its callers and passes their names on in headers, over a connection with a client
 * certificate of the front proxy. Headers of any other connection are not read.
 */
import type { LiveConfigMap } from '@gantry/kube/live.ts'

/** How callers are passed on, as the API server publishes it for those who serve its APIs. */
export interface FrontProxy {
  /** Certificates of the authorities that sign the front proxy's, in PEM. */
  readonly authorities: string
  /** Common names that its certificate may have; empty for any. */
  readonly allowedNames: readonly string[]
  /** Names of headers, in lower case. */
  readonly userHeaders: readonly string[]
  readonly uidHeaders: readonly string[]
  readonly groupHeaders: readonly string[]
  readonly extraPrefixes: readonly string[]
}

/** A user, as a SubjectAccessReview names one. */
export interface User {
  readonly user: string
  readonly uid?: string
  readonly groups: readonly string[]
  readonly extra: Readonly<Record<string, readonly string[]>>
}

export const frontProxyMap = { namespace: 'kube-system', name: 'extension-apiserver-authentication' } as const

/** @returns undefined for what is no list of texts */
const listOf = (text: string | undefined): readonly string[] | undefined => {
  if (text === undefined) return []
  try {
    const list: unknown = JSON.parse(text)
    return Array.isArray(list) && list.every((one) => typeof one === 'string') ? list : undefined
  } catch {
    return undefined
  }
}

const lower = (names: readonly string[]): readonly string[] => names.map((name) => name.toLowerCase())

const pemBlock = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g

const certificatesIn = (pem: string): readonly string[] =>
  (pem.match(pemBlock) ?? []).map((block) => block.replaceAll(/\s/g, ''))

/** @returns the front proxy, or a sentence that says why nobody can be let in */
export const frontProxyOf = (map: LiveConfigMap | undefined): FrontProxy | string => {
  const { namespace, name } = frontProxyMap
  const data = map?.data ?? {}
  const authorities = data['requestheader-client-ca-file'] ?? ''
  const [allowedNames, userHeaders, uidHeaders, groupHeaders, extraPrefixes] = [
    ...['requestheader-allowed-names', 'requestheader-username-headers', 'requestheader-uid-headers'],
    ...['requestheader-group-headers', 'requestheader-extra-headers-prefix'],
  ].map((key) => listOf(data[key]))
  if (!allowedNames || !userHeaders || !uidHeaders || !groupHeaders || !extraPrefixes)
    return `ConfigMap ${namespace}/${name} has a list that is no JSON`
  if (certificatesIn(authorities).length === 0 || userHeaders.length === 0)
    return `ConfigMap ${namespace}/${name} has no requestheader-client-ca-file: start the API server with its --requestheader-… flags`
  // Anybody with a client certificate of the cluster could call himself whatever he likes.
  const clients = new Set(certificatesIn(data['client-ca-file'] ?? ''))
  if (allowedNames.length === 0 && certificatesIn(authorities).some((one) => clients.has(one)))
    return 'the authority of the front proxy signs client certificates of users, too, and --requestheader-allowed-names of the API server names none: set it'
  return {
    ...{ authorities, allowedNames },
    ...{ userHeaders: lower(userHeaders), uidHeaders: lower(uidHeaders) },
    ...{ groupHeaders: lower(groupHeaders), extraPrefixes: lower(extraPrefixes) },
  }
}

/** The certificate of a connection, as Node has checked it. */
export interface Peer {
  /** Whether its chain leads to one of the authorities. */
  readonly authorized: boolean
  readonly commonName: string | undefined
}

type Headers = NodeJS.Dict<string[]>

const valuesOf = (headers: Headers, names: readonly string[]): readonly string[] =>
  names.flatMap((name) => headers[name] ?? []).filter((value) => value !== '')

const extraKey = (key: string): string => {
  try {
    return decodeURIComponent(key)
  } catch {
    return key
  }
}

/** @param headers each with its values, by names in lower case @returns the caller, or why there is none */
export const userOf = (
  { allowedNames, userHeaders, uidHeaders, groupHeaders, extraPrefixes }: FrontProxy,
  { authorized, commonName }: Peer,
  headers: Headers,
): User | string => {
  const isAllowed =
    allowedNames.length === 0 || (commonName !== undefined && allowedNames.includes(commonName))
  if (!authorized || !isAllowed)
    return 'only the API server is answered, by the certificate of its front proxy: ask it for /apis/custom.metrics.k8s.io'
  const [user] = valuesOf(headers, userHeaders)
  if (user === undefined) return `the request names no user in ${userHeaders.join(', ')}`
  const [uid] = valuesOf(headers, uidHeaders)
  const extra = Object.keys(headers).flatMap((name) =>
    extraPrefixes
      .filter((prefix) => name.startsWith(prefix))
      .map((prefix) => [extraKey(name.slice(prefix.length)), valuesOf(headers, [name])] as const),
  )
  const groups = valuesOf(headers, groupHeaders)
  return { user, ...(uid === undefined ? {} : { uid }), groups, extra: Object.fromEntries(extra) }
}
