import type { ImportValues } from '@gantry/contract/commands.ts'
import { mounts } from '@gantry/contract/server.ts'
import { sourceSecretKeys, sourceVariable } from '@gantry/contract/source.ts'
import type { ModelDeployment } from '../model-deployment.ts'

const sourceVolume = 'source'
const sourceMount = { name: sourceVolume, mountPath: mounts.source, readOnly: true }
const claimPattern = /^pvc:\/\/([^/]+)\/?(.*)$/s

/** Claim and path of a pvc:// source. */
export const claimSourceOf = ({ spec }: ModelDeployment): { claim: string; path: string } | undefined => {
  const [, claim, path = ''] = claimPattern.exec(spec.model.source.uri ?? '') ?? []
  return claim ? { claim, path } : undefined
}

/**
 * Key by key: the rest of the Secret stays out of the pod. A container whose Secret does not exist, or has no key `hosts`, is not started,
 * and the kubelet says why; the operator may read no Secrets. It starts by itself once that is mended.
 */
const secretEnvironment = (name: string) =>
  sourceSecretKeys.map((key) => ({
    name: sourceVariable(key),
    valueFrom: { secretKeyRef: { name, key, ...(key === 'hosts' ? {} : { optional: true }) } },
  }))

interface ImportSource {
  readonly options: Pick<ImportValues, 'source' | 'source-name'>
  readonly env: ReturnType<typeof secretEnvironment>
  readonly volumes: readonly object[]
  readonly volumeMounts: readonly object[]
}

/** What an import needs in order to reach its source: options, environment, and a volume where the source is one. */
export const importSource = (model: ModelDeployment): ImportSource => {
  const { uri = '', configMapRef, secretRef } = model.spec.model.source
  const mounted = (name: string, path: string, volume: object): ImportSource => ({
    options: { source: `file://${mounts.source}/${path}`, 'source-name': name },
    env: [],
    volumes: [{ name: sourceVolume, ...volume }],
    volumeMounts: [sourceMount],
  })
  const claim = claimSourceOf(model)
  if (claim) {
    return mounted(uri, claim.path, { persistentVolumeClaim: { claimName: claim.claim, readOnly: true } })
  }
  if (configMapRef) {
    return mounted(`configmap://${configMapRef.name}`, '', { configMap: { name: configMapRef.name } })
  }
  const env = secretRef ? secretEnvironment(secretRef.name) : []
  return { options: { source: uri }, env, volumes: [], volumeMounts: [] }
}
