/** A pull Secret: the file that `docker login` writes and the kubelet reads, as the key `.dockerconfigjson`. */
import { ImportError } from '../../failures/import-error.ts'
import { isObject, parseJsonText } from '../../json/json-object.ts'
import type { OciReference } from './reference.ts'

export interface RegistryLogin {
  readonly username: string
  readonly password: string
}

/** Largest file, in bytes: a Secret has at most 1 MiB. */
const maxBytes = 1 << 20

const place = 'the key .dockerconfigjson of the Secret of spec.model.source.secretRef'
const refused = (problem: string): ImportError =>
  new ImportError('SourceForbidden', `${place} ${problem}`, 'never')

const hubKeys: ReadonlySet<string> = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io'])

/** Host with port, and path, of a key of `auths`, as the kubelet reads it: `https://` and `/v1/` or `/v2/` count for nothing. */
const readKey = (key: string): { readonly host: string; readonly path: string } | undefined => {
  const [, host = '', path = ''] = /^(?:https?:\/\/)?([^/?#@\s]+)(\/[^?#\s]*)?$/i.exec(key) ?? []
  if (host === '') return undefined
  const inner = path.replace(/^\/v[12](?=\/)/, '').replace(/\/+$/, '')
  return { host: host.toLowerCase(), path: inner }
}

/** `*` in a key stands for a part of one label, as in the kubelet. */
const labelMatches = (label: string, pattern: string): boolean => {
  const parts = pattern.split('*')
  if (parts.length === 1) return label === pattern
  const [first = '', last = ''] = [parts[0], parts.at(-1)]
  if (!label.startsWith(first) || !label.endsWith(last) || label.length < first.length + last.length)
    return false
  let at = first.length
  for (const part of parts.slice(1, -1)) {
    const found = label.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return at <= label.length - last.length
}

const hostMatches = (host: string, pattern: string): boolean => {
  if (hubKeys.has(host) && hubKeys.has(pattern)) return true
  const [name = '', port = ''] = host.split(/:(?=\d+$)/)
  const [patternName = '', patternPort = ''] = pattern.split(/:(?=\d+$)/)
  const [labels, patterns] = [name.split('.'), patternName.split('.')]
  return (
    port === patternPort &&
    labels.length === patterns.length &&
    labels.every((label, index) => labelMatches(label, patterns[index] ?? ''))
  )
}

/** A path ends where a part of the repository ends: `team` does not stand for `team-b/model`. */
const pathMatches = (repository: string, path: string): boolean =>
  path === '' || `/${repository}/`.startsWith(`${path}/`)

const parse = (text: string): Readonly<Record<string, unknown>> => {
  let value: unknown
  try {
    value = text.length > maxBytes ? undefined : parseJsonText(text)
  } catch {
    value = undefined
  }
  if (!isObject(value))
    throw refused('is no JSON object; make the Secret with kubectl create secret docker-registry')
  const { auths, credsStore, credHelpers } = value
  if (isObject(auths) && Object.keys(auths).length > 0) return auths
  throw refused(
    credsStore !== undefined || credHelpers !== undefined
      ? 'names a program that keeps the credentials and has none itself; make the Secret with kubectl create secret docker-registry'
      : 'has no auths; make the Secret with kubectl create secret docker-registry',
  )
}

/** `auth` is the base64 of user:password, and goes before the two fields, as in the kubelet. */
const decoded = (auth: string, registry: string): RegistryLogin => {
  const text = Buffer.from(auth, 'base64').toString('utf8').replace(/\0+$/, '')
  const colon = text.indexOf(':')
  if (colon < 1) throw refused(`has an auth for ${registry} that is not the base64 of USER:PASSWORD`)
  return { username: text.slice(0, colon), password: text.slice(colon + 1) }
}

const loginOf = (entry: unknown, registry: string): RegistryLogin => {
  const { auth, username, password, identitytoken, registrytoken } = isObject(entry) ? entry : {}
  if (typeof auth === 'string' && auth !== '') {
    const login = decoded(auth, registry)
    if (login.password !== '') return login
  } else if (typeof username === 'string' && username !== '' && typeof password === 'string')
    return { username, password }
  throw refused(
    identitytoken || registrytoken
      ? `has an identitytoken for ${registry}, which imports cannot use; give a user name and a password, or an access token in the place of a password`
      : `has an entry for ${registry} without auth, and without username and password`,
  )
}

/**
 * The login for a repository: of all entries that match, the one with the longest path.
 * @throws ImportError SourceForbidden where there is none, or where it cannot be used
 */
export const loginIn = (text: string, { registry, repository }: OciReference): RegistryLogin => {
  const host = registry.toLowerCase().replace(/:443$/, '')
  const found = Object.entries(parse(text))
    .flatMap(([key, entry]) => {
      const read = readKey(key)
      const pattern = read?.host.replace(/:443$/, '')
      return read && pattern !== undefined && hostMatches(host, pattern) && pathMatches(repository, read.path)
        ? [{ path: read.path, isExact: !pattern.includes('*'), entry }]
        : []
    })
    .sort((a, b) => b.path.length - a.path.length || Number(b.isExact) - Number(a.isExact))
  const [best] = found
  if (!best)
    throw refused(
      `has no entry for ${registry}/${repository}; add one, or leave secretRef out for a public repository`,
    )
  return loginOf(best.entry, registry)
}
