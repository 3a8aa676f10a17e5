/** What a pod needs in order to reach a source: an option, variables with credentials, and a volume where the source is one. */
import type { ImportValues } from '@gantry/contract/commands.ts'
import { mounts } from '@gantry/contract/server.ts'
import {
  datasetVariable,
  isHubSource,
  isRegistrySource,
  isS3Source,
  registryAddress,
  requiredKeyOf,
  type SourceSecretKey,
  secretKeysOf,
  sourceVariable,
} from '@gantry/contract/source.ts'
import type { ImportConfig } from './import-config.ts'

/** Where files come from, as the spec of each kind has it. */
export interface Source {
  readonly uri?: string | undefined
  readonly configMapRef?: { readonly name: string } | undefined
  readonly secretRef?: { readonly name: string } | undefined
  /** The kubelet pulls the image of an oci:// source, with secretRef, and mounts it. */
  readonly isMountedImage?: boolean | undefined
  readonly s3?: S3Place | undefined
}

/** Where a bucket is. */
export interface S3Place {
  readonly endpoint?: string | undefined
  readonly region?: string | undefined
  readonly forcePathStyle?: boolean | undefined
}

/** What a source is for: a pod may have one of each. */
interface Use {
  readonly volume: string
  readonly mountPath: string
  readonly variable: (key: SourceSecretKey) => string
}
export const modelUse: Use = { volume: 'source', mountPath: mounts.source, variable: sourceVariable }
export const datasetUse: Use = {
  volume: 'evaluation-dataset',
  mountPath: mounts.dataset,
  variable: datasetVariable,
}

const claimPattern = /^pvc:\/\/([^/]+)\/?(.*)$/s

/** Claim and path of a pvc:// source. */
export const claimSourceOf = ({ uri = '' }: Source): { claim: string; path: string } | undefined => {
  const [, claim, path = ''] = claimPattern.exec(uri) ?? []
  return claim ? { claim, path } : undefined
}

/** Host and port of S3 in every region. The names differ, and policies for pods know no names. */
const anyRegion = 'https://s3.amazonaws.com'

/** What an installation says about the hosts of sources. */
type SourceHosts = Pick<ImportConfig, 'hubEndpoint' | 'plainHttpRegistries'>

const askedFirst = ({ uri = '', s3 }: Source, hosts: SourceHosts): string => {
  if (isHubSource(uri)) return hosts.hubEndpoint
  if (isRegistrySource(uri)) return registryAddress(uri, hosts.plainHttpRegistries)
  return isS3Source(uri) ? (s3?.endpoint ?? anyRegion) : uri
}

/** The address that an import asks first; undefined for a source that is mounted. */
export const addressOf = (source: Source, config: SourceHosts): URL | undefined => {
  if (source.isMountedImage) return undefined
  const address = askedFirst(source, config)
  return /^https?:/i.test(address) ? (URL.parse(address) ?? undefined) : undefined
}

/** Whether a claim's path, as a uri writes it, leads out of the claim. */
export const leadsOutOfClaim = ({ uri = '' }: Source): boolean =>
  uri.startsWith('pvc:') && uri.split(/[/\\]/).some((segment) => /^(\.|%2e){2}$/i.test(segment))

/** Whether a key has a part that clients of HTTP resolve, so that another object would be asked for. */
export const hasDotsInKey = (source: Source): boolean =>
  isS3Source(source.uri ?? '') && (source.uri ?? '').split('/').some((part) => part === '.' || part === '..')

interface SecretVariable {
  readonly name: string
  readonly valueFrom: {
    readonly secretKeyRef: {
      readonly name: string
      readonly key: SourceSecretKey
      readonly optional?: boolean
    }
  }
}

/**
 * Key by key: the rest of the Secret stays out of the pod. A container whose Secret does not exist, or lacks the key that is required, is not
 * started, and the kubelet says why; the operator may read no Secrets. It starts by itself once that is mended.
 */
const secretEnvironment = (name: string, uri: string, { variable }: Use): readonly SecretVariable[] =>
  secretKeysOf(uri).map((key) => ({
    name: variable(key),
    valueFrom: { secretKeyRef: { name, key, ...(key === requiredKeyOf(uri) ? {} : { optional: true }) } },
  }))

interface ReachedSource {
  /** Address or path, as the option --source of an import takes it. */
  readonly source: string
  /** What reports call it; undefined where `source` is what the user wrote. */
  readonly sourceName?: string
  /** Further options of an import. */
  readonly options: ImportValues
  readonly env: readonly SecretVariable[]
  readonly volumes: readonly object[]
  readonly volumeMounts: readonly object[]
}

export const reachSource = (given: Source, use: Use = modelUse): ReachedSource => {
  const { uri = '', configMapRef, secretRef } = given
  const mounted = (sourceName: string, path: string, volume: object): ReachedSource => ({
    source: `file://${use.mountPath}/${path}`,
    sourceName,
    options: {},
    env: [],
    volumes: [{ name: use.volume, ...volume }],
    volumeMounts: [{ name: use.volume, mountPath: use.mountPath, readOnly: true }],
  })
  if (given.isMountedImage) {
    // All of the image is mounted: runtimes that mount a folder of it are younger than those that mount the whole.
    const image = { reference: uri.slice('oci://'.length), pullPolicy: 'IfNotPresent' }
    return mounted(uri, 'models', { image })
  }
  const claim = claimSourceOf(given)
  if (claim) {
    return mounted(uri, claim.path, { persistentVolumeClaim: { claimName: claim.claim, readOnly: true } })
  }
  if (configMapRef) {
    return mounted(`configmap://${configMapRef.name}`, '', { configMap: { name: configMapRef.name } })
  }
  return {
    source: uri,
    options: optionsOf(given),
    env: secretRef ? secretEnvironment(secretRef.name, uri, use) : [],
    volumes: [],
    volumeMounts: [],
  }
}

const optionsOf = (given: Source): ImportValues => {
  if (isRegistrySource(given.uri ?? '')) return { 'source-secret': given.secretRef !== undefined }
  return isS3Source(given.uri ?? '') ? s3Options(given) : {}
}

const s3Options = ({ s3: { endpoint, region, forcePathStyle } = {}, secretRef }: Source): ImportValues => ({
  's3-endpoint': endpoint,
  's3-region': region,
  's3-path-style': forcePathStyle === undefined ? undefined : `${forcePathStyle}`,
  'source-secret': secretRef !== undefined,
})
