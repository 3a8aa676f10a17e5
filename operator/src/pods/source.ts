/** What a pod needs in order to reach a source: an option, variables with credentials, and a volume where the source is one. */
import { mounts } from '@gantry/contract/server.ts'
import {
  datasetVariable,
  isHubSource,
  isRegistrySource,
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

/** The address that an import asks first; undefined for a source that is mounted. */
export const addressOf = (
  { uri = '' }: Source,
  { hubEndpoint, plainHttpRegistries }: Pick<ImportConfig, 'hubEndpoint' | 'plainHttpRegistries'>,
): URL | undefined => {
  if (isRegistrySource(uri)) return URL.parse(registryAddress(uri, plainHttpRegistries)) ?? undefined
  const address = isHubSource(uri) ? hubEndpoint : uri
  return /^https?:/i.test(address) ? (URL.parse(address) ?? undefined) : undefined
}

/** Whether a claim's path, as a uri writes it, leads out of the claim. */
export const leadsOutOfClaim = ({ uri = '' }: Source): boolean =>
  uri.startsWith('pvc:') && uri.split(/[/\\]/).some((segment) => /^(\.|%2e){2}$/i.test(segment))

/**
 * Key by key: the rest of the Secret stays out of the pod. A container whose Secret does not exist, or lacks the key that is required, is not
 * started, and the kubelet says why; the operator may read no Secrets. It starts by itself once that is mended.
 */
const secretEnvironment = (name: string, uri: string, { variable }: Use) =>
  secretKeysOf(uri).map((key) => ({
    name: variable(key),
    valueFrom: { secretKeyRef: { name, key, ...(key === requiredKeyOf(uri) ? {} : { optional: true }) } },
  }))

interface ReachedSource {
  /** Address or path, as the option --source of an import takes it. */
  readonly source: string
  /** What reports call it; undefined where `source` is what the user wrote. */
  readonly sourceName?: string
  readonly env: ReturnType<typeof secretEnvironment>
  readonly volumes: readonly object[]
  readonly volumeMounts: readonly object[]
}

export const reachSource = (given: Source, use: Use = modelUse): ReachedSource => {
  const { uri = '', configMapRef, secretRef } = given
  const mounted = (sourceName: string, path: string, volume: object): ReachedSource => ({
    source: `file://${use.mountPath}/${path}`,
    sourceName,
    env: [],
    volumes: [{ name: use.volume, ...volume }],
    volumeMounts: [{ name: use.volume, mountPath: use.mountPath, readOnly: true }],
  })
  const claim = claimSourceOf(given)
  if (claim) {
    return mounted(uri, claim.path, { persistentVolumeClaim: { claimName: claim.claim, readOnly: true } })
  }
  if (configMapRef) {
    return mounted(`configmap://${configMapRef.name}`, '', { configMap: { name: configMapRef.name } })
  }
  return {
    source: uri,
    env: secretRef ? secretEnvironment(secretRef.name, uri, use) : [],
    volumes: [],
    volumeMounts: [],
  }
}
