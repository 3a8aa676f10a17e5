/** What a container registry says about an image: the few requests of the OCI distribution API that bases need. */
import { createHash } from 'node:crypto'

export interface Index {
  readonly digest: string
  /** Such as linux/amd64. */
  readonly platforms: readonly string[]
}

const indexTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
].join(', ')

/** Docker's registry has another host than its images' names. */
const hostOf = (registry: string): string => (registry === 'docker.io' ? 'registry-1.docker.io' : registry)

/** A registry on this machine, as tests have, speaks plain HTTP. */
const originOf = (registry: string): string =>
  `${/^(localhost|127\.0\.0\.1)(:\d+)?$/.test(registry) ? 'http' : 'https'}://${hostOf(registry)}`

const fields = (challenge: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]),
  )

/** Public images need a token, too; anybody gets one. */
const anonymousToken = async (challenge: string): Promise<string> => {
  const { realm, service = '', scope = '' } = fields(challenge)
  if (!realm) throw new Error(`the registry asks for credentials of an unknown kind: ${challenge}`)
  const response = await fetch(`${realm}?${new URLSearchParams({ service, scope })}`)
  if (!response.ok) throw new Error(`${realm} answered ${response.status}`)
  const body = (await response.json()) as { readonly token?: string; readonly access_token?: string }
  return body.token ?? body.access_token ?? ''
}

/** @param image with the registry's host @param tagOrDigest what to look for @throws Error that names the image */
export const imageIndex = async (image: string, tagOrDigest: string): Promise<Index> => {
  const [registry = '', ...path] = image.split('/')
  const url = `${originOf(registry)}/v2/${path.join('/')}/manifests/${tagOrDigest}`
  let response = await fetch(url, { headers: { accept: indexTypes } })
  if (response.status === 401) {
    const token = await anonymousToken(response.headers.get('www-authenticate') ?? '')
    response = await fetch(url, { headers: { accept: indexTypes, authorization: `Bearer ${token}` } })
  }
  if (!response.ok) throw new Error(`${image}: the registry answered ${response.status} for ${tagOrDigest}`)
  const bytes = Buffer.from(await response.arrayBuffer())
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
  if (tagOrDigest.startsWith('sha256:') && digest !== tagOrDigest)
    throw new Error(`${image}: the registry answered ${digest} for ${tagOrDigest}`)
  const { manifests } = JSON.parse(bytes.toString('utf8')) as {
    readonly manifests?: readonly {
      readonly platform?: { readonly os: string; readonly architecture: string }
    }[]
  }
  if (!manifests)
    throw new Error(`${image}: ${tagOrDigest} is an image of one platform, not an index of several`)
  const platforms = manifests.map(({ platform }) => `${platform?.os}/${platform?.architecture}`)
  return { digest, platforms: [...new Set(platforms)] }
}
