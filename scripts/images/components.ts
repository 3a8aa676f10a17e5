/** Components of a CycloneDX document: what each kind of thing in an image is called, and what it hashes to. */
import type { Installed } from './closure.ts'

export interface Component {
  readonly type: 'library' | 'application' | 'operating-system' | 'container'
  readonly 'bom-ref': string
  readonly group?: string
  readonly name: string
  readonly version: string
  readonly purl?: string
  readonly cpe?: string
  readonly hashes?: readonly { readonly alg: 'SHA-512' | 'SHA-256'; readonly content: string }[]
  readonly licenses?: readonly { readonly expression: string }[]
}

const purlVersion = (version: string): string => encodeURIComponent(version)

export const npmComponent = ({ path, name, locked }: Installed): Component => {
  const [scope, rest] = name.startsWith('@') ? name.split('/') : [undefined, name]
  const version = locked.version ?? ''
  const hash = Buffer.from((locked.integrity ?? '').replace(/^sha512-/, ''), 'base64').toString('hex')
  return {
    type: 'library',
    'bom-ref': path,
    ...(scope ? { group: scope } : {}),
    name: rest ?? name,
    version,
    purl: `pkg:npm/${name.replace('@', '%40')}@${purlVersion(version)}`,
    ...(hash ? { hashes: [{ alg: 'SHA-512', content: hash }] } : {}),
    ...(locked.license ? { licenses: [{ expression: locked.license }] } : {}),
  }
}

/** Something that no package manager installed: Node, and the libraries inside native add-ons. */
export const nativeComponent = (
  name: string,
  version: string,
  { type = 'library', cpe }: { readonly type?: 'library' | 'application'; readonly cpe?: string } = {},
): Component => ({
  type,
  'bom-ref': `native/${name}`,
  name,
  version,
  purl: `pkg:generic/${name}@${purlVersion(version)}`,
  ...(cpe ? { cpe: `cpe:2.3:a:${cpe}:${version}:*:*:*:*:*:*:*` } : {}),
})

const field = (status: string, name: string): string =>
  new RegExp(`^${name}: (.*)$`, 'm').exec(status)?.[1] ?? ''

/** @param status paragraph of dpkg @param distro such as debian-12 */
export const debianComponent = (status: string, distro: string): Component => {
  const name = field(status, 'Package')
  const version = field(status, 'Version')
  const arch = field(status, 'Architecture')
  return {
    type: 'library',
    'bom-ref': `debian/${name}`,
    name,
    version,
    purl: `pkg:deb/debian/${name}@${purlVersion(version)}?arch=${arch}&distro=${distro}`,
  }
}

/**
 * @param line of a requirements file, with version and sha256. A package of several files has a hash for each of them, and
 *   which one an image holds depends on its processor: it gets none.
 */
export const pypiComponent = (line: string): Component => {
  const [, name = '', version = ''] = /^([^\s=]+)==([^\s;]+)/.exec(line) ?? []
  const hashes = [...line.matchAll(/--hash=sha256:(\w+)/g)].map(([, hash = '']) => hash)
  return {
    type: 'library',
    'bom-ref': `pypi/${name}`,
    name,
    version,
    purl: `pkg:pypi/${name}@${purlVersion(version)}`,
    ...(hashes.length === 1 && { hashes: [{ alg: 'SHA-256', content: hashes[0] ?? '' }] }),
  }
}
