import type { BinaryName } from './build.ts'

type Architecture = 'amd64' | 'arm64'

/** An archive that a project publishes, and the programs that are taken from it. */
export interface Release {
  readonly project: string
  /** Module of go.mod whose version this is: a downloaded program and a built one are of the same version. */
  readonly module: string
  readonly version: string
  readonly url: string
  readonly algorithm: 'sha256' | 'sha512'
  /** Hexadecimal digest of the whole archive. */
  readonly digest: string
  /** Path in the archive of each program. */
  readonly members: Readonly<Partial<Record<BinaryName, string>>>
}

interface Published extends Omit<Release, 'url' | 'digest' | 'members'> {
  readonly digests: Readonly<Record<Architecture, string>>
  readonly urlFor: (architecture: Architecture) => string
  readonly programs: readonly BinaryName[]
  /** Folder of the programs in the archive. */
  readonly folderFor: (architecture: Architecture) => string
}

/**
 * Digests are those that the projects themselves publish, and each says where. What has no published digest here is
 * built: etcd, CoreDNS and metrics-server, of which the last two have main packages of their own anyway.
 */
const published: readonly Published[] = [
  {
    project: 'Kubernetes',
    module: 'k8s.io/kubernetes',
    version: 'v1.35.4',
    urlFor: (architecture) => `https://dl.k8s.io/v1.35.4/kubernetes-server-linux-${architecture}.tar.gz`,
    algorithm: 'sha512',
    // CHANGELOG/CHANGELOG-1.35.md of Kubernetes 1.35.5, in the Go module k8s.io/kubernetes, whose content Go's
    // checksum database vouches for: `go mod download -json k8s.io/kubernetes@v1.35.5`.
    digests: {
      amd64:
        '7454c2d9023de3230972e965e1e2a587a291e2a1abee703bb0737057e1646b23ebac538b93dd778e93579e3c293dc1fa8d002e6848ad5ebc01598bc47358fe44',
      arm64:
        '67187a2fe780be7816f9d10e082ed02cbba306bab379980280d00ba4c4017ff53c50cd2ff81d248c91ddcc064276b8760e17c73a1a7da1d35067a6fc0ffbdc88',
    },
    folderFor: () => 'kubernetes/server/bin',
    programs: [
      ...(['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'] as const),
      ...(['kubelet', 'kube-proxy', 'kubectl'] as const),
    ],
  },
  {
    project: 'Helm',
    module: 'helm.sh/helm/v4',
    version: 'v4.1.4',
    urlFor: (architecture) => `https://get.helm.sh/helm-v4.1.4-linux-${architecture}.tar.gz`,
    algorithm: 'sha256',
    // Release notes of Helm v4.1.4, https://github.com/helm/helm/releases/tag/v4.1.4.
    digests: {
      amd64: '70b2c30a19da4db264dfd68c8a3664e05093a361cefd89572ffb36f8abfa3d09',
      arm64: '13d03672be289045d2ff00e4e345d61de1c6f21c1257a45955a30e8ae036d8f1',
    },
    folderFor: (architecture) => `linux-${architecture}`,
    programs: ['helm'],
  },
]

const architectures: Readonly<Record<string, Architecture>> = { x64: 'amd64', arm64: 'arm64' }

/** What can be downloaded for a machine. @param machine as Node calls it, such as `x64` */
export const releasesFor = (machine: string): readonly Release[] => {
  const architecture = architectures[machine]
  if (!architecture) return []
  return published.map(({ digests, urlFor, folderFor, programs, ...rest }) => ({
    ...rest,
    url: urlFor(architecture),
    digest: digests[architecture],
    members: Object.fromEntries(programs.map((name) => [name, `${folderFor(architecture)}/${name}`])),
  }))
}

/** Which of these programs may come as a download. */
export const downloadableOf = (
  names: readonly BinaryName[],
  source: DownloadSource,
  machine: string,
): readonly BinaryName[] => {
  const releases = source.kind === 'none' ? [] : releasesFor(machine)
  return names.filter((name) => releases.some(({ members }) => members[name] !== undefined))
}

/** Where downloads come from. */
export type DownloadSource =
  | { readonly kind: 'official' }
  /** A mirror that has each file at HOST/PATH of its official address. */
  | { readonly kind: 'mirror'; readonly base: string }
  | { readonly kind: 'none' }

const isHttp = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)

/** @throws Error naming GANTRY_DOWNLOADS where it is neither `off` nor an address */
export const downloadSource = (env: NodeJS.ProcessEnv): DownloadSource => {
  const value = env['GANTRY_DOWNLOADS'] ?? ''
  if (value === '') return { kind: 'official' }
  if (value === 'off') return { kind: 'none' }
  if (!isHttp(value)) {
    throw new Error(
      `GANTRY_DOWNLOADS is "${value}". Give the http or https address of a mirror, or \`off\` to build everything from source`,
    )
  }
  return { kind: 'mirror', base: value.replace(/\/+$/, '') }
}

/** Address of a release at a source; undefined where nothing is to be downloaded. */
export const addressAt = (source: DownloadSource, url: string): string | undefined => {
  switch (source.kind) {
    case 'official':
      return url
    case 'mirror':
      return `${source.base}/${url.replace(/^https:\/\//, '')}`
    case 'none':
      return undefined
  }
}
