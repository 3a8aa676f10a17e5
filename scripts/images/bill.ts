/** The bill of materials of one image, as CycloneDX 1.6. The same inputs make the same document, byte for byte. */
import { createHash } from 'node:crypto'
import type { Installed } from './closure.ts'
import {
  type Component,
  debianComponent,
  nativeComponent,
  npmComponent,
  pypiComponent,
} from './components.ts'

export interface Contents {
  /** Such as inference-server. */
  readonly image: string
  readonly version: string
  /** Absent where the image has no Node. */
  readonly node?: string
  readonly packages: readonly Installed[]
  /** Libraries that are linked into libvips, by name, as sharp's package lists them. */
  readonly vips: Readonly<Record<string, string>>
  /** Paragraphs of dpkg. */
  readonly debian: readonly string[]
  /** Version of Debian, such as 12; absent where it is not known which Debian packages the image has. */
  readonly debianVersion?: string
  /** Lines of a requirements file. */
  readonly python: readonly string[]
}

export interface Bill {
  readonly bomFormat: 'CycloneDX'
  readonly specVersion: '1.6'
  readonly serialNumber: string
  readonly version: 1
  readonly metadata: { readonly component: Component }
  readonly components: readonly Component[]
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[]
}

const vipsPackage = /(^|\/)@img\/sharp-libvips-/

const onnxruntimeOf = (packages: readonly Installed[]): readonly Component[] =>
  packages
    .filter(({ name }) => name === 'onnxruntime-node')
    .map(({ locked }) =>
      nativeComponent('onnxruntime', locked.version ?? '', { cpe: 'microsoft:onnxruntime' }),
    )

const uuidOf = (text: string): string => {
  const hex = createHash('sha256').update(text).digest('hex')
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ]
  return parts.join('-')
}

const systemComponents = ({ debian, debianVersion }: Contents): readonly Component[] =>
  debianVersion === undefined
    ? []
    : [
        { type: 'operating-system', 'bom-ref': 'debian', name: 'debian', version: debianVersion },
        ...debian.map((status) => debianComponent(status, `debian-${debianVersion}`)),
      ]

/** What is linked into a package, or shipped by it. */
const nativeNeeds = ({ name }: Installed, vips: readonly Component[]): readonly string[] => {
  if (vipsPackage.test(name)) return vips.map((component) => component['bom-ref'])
  return name === 'onnxruntime-node' ? ['native/onnxruntime'] : []
}

export const bill = (contents: Contents): Bill => {
  const { image, version, node, packages, python } = contents
  const hasVips = packages.some(({ name }) => vipsPackage.test(name))
  const vips = hasVips ? Object.entries(contents.vips).map(([name, its]) => nativeComponent(name, its)) : []
  const components = [
    ...(node === undefined
      ? []
      : [nativeComponent('node', node, { type: 'application', cpe: 'nodejs:node.js' })]),
    ...systemComponents(contents),
    ...packages.map(npmComponent),
    ...onnxruntimeOf(packages),
    ...vips,
    ...python.map(pypiComponent),
  ]
  const dependencies = packages.map((its) => ({
    ref: its.path,
    dependsOn: [
      ...its.needs.filter((path) => packages.some((other) => other.path === path)),
      ...nativeNeeds(its, vips),
    ],
  }))
  const component: Component = { type: 'container', 'bom-ref': 'image', name: `gantry/${image}`, version }
  const all = { ref: 'image', dependsOn: components.map((its) => its['bom-ref']) }
  const content = { metadata: { component }, components, dependencies: [all, ...dependencies] }
  const serialNumber = `urn:uuid:${uuidOf(JSON.stringify(content))}`
  return { bomFormat: 'CycloneDX', specVersion: '1.6', serialNumber, version: 1, ...content }
}
