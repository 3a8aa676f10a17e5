import { hostOf, type SourceSecretKey, s3SecretKeys, sourceVariable } from '@gantry/contract/source.ts'
import { ImportError } from '../../failures/import-error.ts'

/** What is sent with the first request, and with redirects that stay on its host. */
export type Credentials =
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }

/** The keys of the Secret of a source; on a command line, the variables in their place. */
export interface SourceSecret {
  /** The file of `docker login`, JSON, for registries; it names its hosts itself. */
  readonly dockerConfig?: string | undefined
  readonly credentials: Credentials | undefined
  /** Hosts that the credentials may be sent to, as the Secret has them. */
  readonly hosts: readonly string[]
  /** Keys for sources of S3. */
  readonly aws?: AwsSecret | undefined
}

/** Keys of AWS as a Secret has them, or a whole file of credentials. */
export type AwsSecret = Readonly<Partial<Record<Exclude<(typeof s3SecretKeys)[number], 'hosts'>, string>>>

/**
 * @param variable names the variable of a key
 * @returns undefined where the environment has no variable of the Secret
 */
export const readSecret = (
  env: NodeJS.ProcessEnv,
  variable: (key: SourceSecretKey) => string = sourceVariable,
): SourceSecret | undefined => {
  const value = (key: SourceSecretKey) => env[variable(key)]?.trim()
  const [dockerConfig, token, username, password, hosts] = [
    value('.dockerconfigjson'),
    value('token'),
    value('username'),
    value('password'),
    value('hosts'),
  ]
  const aws = readAws(value)
  if ([dockerConfig, token, username, password, hosts, aws].every((one) => one === undefined))
    return undefined
  const pair = username ? ({ kind: 'basic', username, password: password ?? '' } as const) : undefined
  return {
    ...(dockerConfig ? { dockerConfig } : {}),
    credentials: token ? { kind: 'bearer', token } : pair,
    hosts: hosts?.split(/[\s,]+/).filter((host) => host !== '') ?? [],
    ...(aws ? { aws } : {}),
  }
}

const readAws = (value: (key: SourceSecretKey) => string | undefined): AwsSecret | undefined => {
  const found = s3SecretKeys.flatMap((key) => {
    const text = key === 'hosts' ? undefined : value(key)
    return text === undefined ? [] : [[key, text] as const]
  })
  return found.length > 0 ? Object.fromEntries(found) : undefined
}

/**
 * What may be sent to the host of `url`: of the Secret, where there is one, else of the address itself.
 * @throws ImportError SourceForbidden where the Secret does not name the host, and where the way there is not encrypted
 */
export const credentialsFor = (
  url: URL,
  secret: SourceSecret | undefined,
  allowHttp: boolean,
): Credentials | undefined => {
  const credentials = secret ? secretFor(url, secret) : ofAddress(url)
  if (credentials) checkEncrypted(url, allowHttp)
  return credentials
}

/** @throws ImportError SourceForbidden where credentials would be readable on their way */
const checkEncrypted = (url: URL, allowHttp: boolean): void => {
  if (url.protocol !== 'https:' && !allowHttp)
    throw forbidden(
      `credentials are sent over https only, and ${url.host} is asked over http; use its https address, or install the operator with the chart value imports.allowHttpCredentials: true`,
      'on the command line, --allow-http-credentials',
    )
}

/**
 * What may be sent to a hub: its address comes from the installation, so no Secret has to name it.
 * @throws ImportError SourceForbidden where the token cannot be sent
 */
export const hubCredentials = (
  endpoint: URL,
  token: string | undefined,
  allowHttp: boolean,
): Credentials | undefined => {
  if (token === undefined) return undefined
  checkEncrypted(endpoint, allowHttp)
  if (!headerValue.test(token))
    throw forbidden(
      `the key HF_TOKEN is empty, or has a blank, a line break or a letter that no HTTP header carries; correct it in ${place}`,
    )
  return { kind: 'bearer', token }
}

const headerValue = /^[\x21-\x7e]+$/

const forbidden = (message: string, detail?: string): ImportError =>
  new ImportError('SourceForbidden', message, 'never', { detail })

const place = 'the Secret of spec.model.source.secretRef'

const secretFor = (url: URL, { credentials, hosts }: SourceSecret): Credentials => {
  const host = hostOf(url)
  if (hosts.length === 0)
    throw forbidden(
      `credentials are sent only to hosts that their Secret names, and it names none; add the key hosts, such as ${host}, to ${place}`,
    )
  // Messages show nothing of a Secret's content.
  const named = hosts.map((entry, index) => {
    const name = hostNamed(entry)
    if (name !== undefined) return name
    throw forbidden(
      `entry ${index + 1} of the key hosts is no host; write a name such as models.example.com or models.example.com:8443, without wildcard, scheme and path, in ${place}`,
    )
  })
  if (!named.includes(host))
    throw forbidden(
      `credentials are sent only to hosts that their Secret names, and its key hosts does not name ${host}; add it there, in ${place}`,
    )
  return checked(credentials)
}

/** Entries are read as the hosts of addresses are: lower case, no port of https, other alphabets in Punycode. */
const hostNamed = (entry: string): string | undefined => {
  const url = /^(\[[\da-f:.]+\]|[^\s/\\?#@:*;[\]]+)(:\d+)?$/i.test(entry)
    ? URL.parse(`https://${entry}/`)
    : null
  return url && !url.hostname.startsWith('.') ? hostOf(url) : undefined
}

const checked = (credentials: Credentials | undefined): Credentials => {
  if (!credentials)
    throw forbidden(
      `there is neither a key token nor a key username, so there is nothing to send; see ${place}`,
    )
  if (credentials.kind === 'bearer' && !headerValue.test(credentials.token))
    throw forbidden(
      `the key token has a blank, a line break or a letter that no HTTP header carries; correct it in ${place}`,
    )
  return credentials
}

const ofAddress = ({ username, password }: URL): Credentials | undefined =>
  username ? { kind: 'basic', username: decoded(username), password: decoded(password) } : undefined

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    throw forbidden(
      'user or password in the address has a % that begins no percent-encoding; write %25 for it, or use a Secret',
    )
  }
}
