import { mounts, telemetryOff } from '@gantry/contract/server.ts'
import type { ReconcileConfig } from '../config.ts'
import type { ModelDeployment } from '../model-deployment.ts'

const userId = 10001
const modelsVolume = 'models'
const temporaryVolume = 'tmp'
/** The programs write nothing there; libvips may keep a decoded picture there, which has 160 MB at most. */
const temporarySize = '1024Mi'

/** What the restricted Pod Security Standard asks of a pod, and of its containers. */
const podSecurity = {
  runAsNonRoot: true,
  runAsUser: userId,
  runAsGroup: userId,
  fsGroup: userId,
  fsGroupChangePolicy: 'OnRootMismatch', // a large volume is not walked through at each start
  seccompProfile: { type: 'RuntimeDefault' },
}
export const containerSecurity = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  readOnlyRootFilesystem: true,
}

export const environment = [{ name: telemetryOff, value: '1' }]

const pullSecretsOf = (model: ModelDeployment, config: ReconcileConfig) => {
  const named = model.spec.serve?.podTemplate?.imagePullSecrets?.map(({ name }) => name) ?? []
  return [...new Set([...config.imagePullSecrets, ...named])].map((name) => ({ name }))
}

/**
 * What serving and import pods have in common. Both are placed by the same rules: the first pod that mounts a volume
 * may decide on which nodes it can be mounted at all.
 */
export const podBasics = (model: ModelDeployment, config: ReconcileConfig): Record<string, unknown> => {
  const { nodeSelector, tolerations, affinity, priorityClassName } = model.spec.serve?.podTemplate ?? {}
  const imagePullSecrets = pullSecretsOf(model, config)
  return {
    serviceAccountName: model.metadata.name,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: podSecurity,
    ...(imagePullSecrets.length > 0 ? { imagePullSecrets } : {}),
    ...(nodeSelector ? { nodeSelector } : {}),
    ...(tolerations ? { tolerations } : {}),
    ...(affinity ? { affinity } : {}),
    ...(priorityClassName ? { priorityClassName } : {}),
  }
}

export const podVolumes = (model: ModelDeployment) => [
  { name: modelsVolume, persistentVolumeClaim: { claimName: model.metadata.name } },
  { name: temporaryVolume, emptyDir: { sizeLimit: temporarySize } },
]

export const temporaryMount = { name: temporaryVolume, mountPath: '/tmp' }
export const modelsMount = { name: modelsVolume, mountPath: mounts.models }
