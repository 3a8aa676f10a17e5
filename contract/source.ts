/** Where a model comes from: which keys of a Secret an import reads, and how a source is shown. */

/**
 * The keys of the Secret of `source.secretRef` that an import gets; no other key of it reaches a pod.
 * `token`, or `username` and `password`, are the credentials; `hosts` names the hosts they may be sent to.
 */
export const sourceSecretKeys = ['token', 'username', 'password', 'hosts'] as const

/** The keys for a hub of Hugging Face. The name of the key says whom the token is for, and the installation says which host that is. */
export const hubSecretKeys = ['HF_TOKEN'] as const

/** The keys for a registry: the file of `docker login`, which names its registries itself, or those of other downloads. */
export const registrySecretKeys = ['.dockerconfigjson', ...sourceSecretKeys] as const

/** Keys of AWS, as programs for S3 have them in their environment, or a whole file of credentials. */
export const s3SecretKeys = [
  ...(['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'] as const),
  ...(['credentials', 'hosts'] as const),
] as const

export const allSecretKeys = [...registrySecretKeys, ...hubSecretKeys, ...s3SecretKeys] as const
export type SourceSecretKey = (typeof allSecretKeys)[number]

/** Whether a source is a model on a hub of Hugging Face: hf://ORGANISATION/NAME[@REVISION][/PATH]. */
export const isHubSource = (uri: string): boolean => /^hf:\/\//i.test(uri)

/** Whether a source is an artifact of a registry: oci://HOST/REPOSITORY:TAG or oci://HOST/REPOSITORY@sha256:DIGEST. */
export const isRegistrySource = (uri: string): boolean => /^oci:\/\//i.test(uri)

/** Host and port of a registry, as the address has them. */
const registryOf = (uri: string): string => /^oci:\/\/([^/]*)/i.exec(uri)?.[1]?.toLowerCase() ?? ''

/**
 * Whether a registry is asked over http.
 * @param plain hosts of such registries: with a port that port alone, without one any port
 */
export const isPlainRegistry = (uri: string, plain: readonly string[]): boolean => {
  const registry = registryOf(uri)
  const names = new Set(plain.map((name) => name.toLowerCase()))
  return names.has(registry) || names.has(registry.replace(/:\d+$/, ''))
}

/** The root of a registry; an invalid address has none. */
export const registryAddress = (uri: string, plain: readonly string[]): string =>
  `${isPlainRegistry(uri, plain) ? 'http' : 'https'}://${registryOf(uri)}/`

/** Whether a source is an object of S3, or all objects below a key: s3://BUCKET/KEY. */
export const isS3Source = (uri: string): boolean => /^s3:\/\//i.test(uri)

/** The keys that an import of this source gets. */
export const secretKeysOf = (uri: string): readonly SourceSecretKey[] => {
  if (isRegistrySource(uri)) return registrySecretKeys
  if (isHubSource(uri)) return hubSecretKeys
  return isS3Source(uri) ? s3SecretKeys : sourceSecretKeys
}

/**
 * The one of them that the Secret has to have: without it nothing may be sent. A signature for S3 is of use at its own host only, and which keys of
 * AWS there are is for the import to say, and the Secret of a registry is of one of two forms.
 */
export const requiredKeyOf = (uri: string): SourceSecretKey | undefined => {
  if (isHubSource(uri)) return 'HF_TOKEN'
  return isS3Source(uri) || isRegistrySource(uri) ? undefined : 'hosts'
}

/** Where models of hf:// are, unless an installation says otherwise. */
export const defaultHubEndpoint = 'https://huggingface.co'

/** The one key of the Secret of `source.signature.publicKeySecretRef` that an import gets. */
export const publicKeyKey = 'publicKey'

/** The environment variable in which an import finds a key, such as GANTRY_SOURCE_token. */
export const sourceVariable = (key: SourceSecretKey | typeof publicKeyKey): string => `GANTRY_SOURCE_${key}`
/** The same for the Secret of an evaluation's data set, whose credentials no model's host gets. */
export const datasetVariable = (key: SourceSecretKey): string => `GANTRY_DATASET_${key}`

/** The host of an address as the key `hosts` names it: without a port it is the one of https. */
export const hostOf = ({ hostname, port, protocol }: URL): string => {
  const number = port || (protocol === 'http:' ? '80' : '443')
  return number === '443' ? hostname : `${hostname}:${number}`
}

/** Sources that are paths: `?`, `#` and `@` are letters of a name there. A bucket's name has no `@`: who writes one means a password. */
const isPath = (text: string): boolean =>
  /^(file:\/\/\/|pvc:\/\/|configmap:\/\/|s3:\/\/[^/@:]+(\/|$))/i.test(text) || !/:\/\/|^https?:/i.test(text)

/**
 * A source as it may be shown and recorded. Query, fragment, user and password of an address are removed under any name: any
 * of them may give the right to a download. An address that cannot be parsed is reduced to its scheme.
 */
export const shownSource = (text: string): string => {
  if (isPath(text)) return text
  const url = URL.canParse(text) ? new URL(text) : undefined // URL.parse needs Node 22; the command line runs on 20
  if (!url?.host) return `${text.slice(0, text.indexOf(':'))}://…`
  return `${url.protocol}//${url.host}${url.pathname}`
}
