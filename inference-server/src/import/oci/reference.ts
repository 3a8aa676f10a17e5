/** Names of artifacts in registries, as the OCI distribution specification writes them. */
import { ImportError } from '../../failures/import-error.ts'

/** `oci://HOST/REPOSITORY:TAG`, `oci://HOST/REPOSITORY@DIGEST`, or both, of which the digest counts. */
export interface OciReference {
  /** Host and port, as the reference has them: `registry.example:5000`. */
  readonly registry: string
  readonly repository: string
  readonly tag: string | undefined
  /** `sha256:` and 64 lower-case hexadecimal digits. */
  readonly digest: string | undefined
}

/** A digest that is checked here. The specification knows sha512 too; no registry makes it by itself. */
export const digestPattern = /^sha256:[0-9a-f]{64}$/

const tagPattern = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/
const repositoryPattern = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/
/** A name has a dot or a port, or is `localhost`, so that `library/image` is not taken for a host. */
const registryPattern =
  /^(localhost|[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+|\[[0-9a-fA-F:.]+\])(:\d{1,5})?$|^[A-Za-z0-9-]+:\d{1,5}$/

/** The registry of Docker has another address than name, and its official images stand below `library/`. */
const dockerHub = 'docker.io'
const dockerHubHost = 'registry-1.docker.io'

const problemOf = (registry: string, repository: string, ending: string): string | undefined => {
  if (!registryPattern.test(registry))
    return 'it begins with no registry; write its host, such as oci://registry.example/team/model:1.0'
  if (repository === '' || repository.length > 255 || !repositoryPattern.test(repository))
    return 'its repository has to be lower-case letters, digits and single . _ - between them, in parts that / divides'
  if (ending === '') return 'it names neither tag nor digest; add :TAG or @sha256:DIGEST'
  if (/@sha512:/.test(ending))
    return 'digests of sha512 are not supported; give the tag, or the digest of sha256'
  return undefined
}

/**
 * @param text begins with `oci://`
 * @throws ImportError SourceUnsupported with what is wrong
 */
export const parseReference = (text: string): OciReference => {
  const rest = text.slice('oci://'.length)
  const slash = rest.indexOf('/')
  const [registry, path] = slash < 0 ? [rest, ''] : [rest.slice(0, slash), rest.slice(slash + 1)]
  const [, repository = '', ending = ''] = /^([^:@]*)(.*)$/s.exec(path) ?? []
  const [, tag, digest] = /^(?::([^@]+))?(?:@(.+))?$/s.exec(ending) ?? []
  const isSound =
    (tag === undefined || tagPattern.test(tag)) && (digest === undefined || digestPattern.test(digest))
  const problem =
    problemOf(registry, repository, ending) ??
    (isSound && (tag ?? digest) !== undefined
      ? undefined
      : 'its tag or digest is not one; write :TAG or @sha256: and 64 hexadecimal digits in lower case')
  if (problem === undefined) return { registry, repository, tag, digest }
  throw new ImportError('SourceUnsupported', `the source ${shown(text)} cannot be read: ${problem}`)
}

/** User and password in a reference are no part of its form, and must not be shown. */
const shown = (text: string): string =>
  /^oci:\/\/[\w.:/@+-]{1,300}$/.test(text) && !/^oci:\/\/[^/]*@/.test(text) ? text : 'oci://…'

/**
 * Root of a repository's part of the API, such as `https://registry.example/v2/team/model/`.
 * @param isPlain asks over http
 */
export const apiOf = ({ registry, repository }: OciReference, isPlain: boolean): URL => {
  const isHub = registry === dockerHub
  const path = isHub && !repository.includes('/') ? `library/${repository}` : repository
  return new URL(`${isPlain ? 'http' : 'https'}://${isHub ? dockerHubHost : registry}/v2/${path}/`)
}

/** The name that a token is asked for: what the path of the API says. */
export const repositoryIn = ({ pathname }: URL): string => pathname.slice('/v2/'.length, -1)
