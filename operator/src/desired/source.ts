import { mounts, sourceSecretPrefix } from '@gantry/contract/server.ts'
import type { ModelDeployment } from '../kubernetes.ts'

const sourceVolume = 'source'
const sourceMount = { name: sourceVolume, mountPath: mounts.source, readOnly: true }
const claimPattern = /^pvc:\/\/([^/]+)\/?(.*)$/s

/** Claim and path of a pvc:// source. */
export const claimSourceOf = ({ spec }: ModelDeployment): { claim: string; path: string } | undefined => {
  const [, claim, path = ''] = claimPattern.exec(spec.model.source.uri ?? '') ?? []
  return claim ? { claim, path } : undefined
}

/** What an import needs in order to reach its source: arguments, environment, and a volume where the source is one. */
export const importSource = (model: ModelDeployment) => {
  const { uri = '', configMapRef, secretRef } = model.spec.model.source
  const mounted = (name: string, path: string, volume: object) => ({
    args: ['--source', `file://${mounts.source}/${path}`, '--source-name', name],
    envFrom: [],
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
  // A Secret that does not exist then keeps the container from starting, and says so: the operator may read no Secrets.
  const envFrom = secretRef ? [{ prefix: sourceSecretPrefix, secretRef: { name: secretRef.name } }] : []
  return { args: ['--source', uri], envFrom, volumes: [], volumeMounts: [] }
}
