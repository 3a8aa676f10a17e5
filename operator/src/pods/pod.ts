/** What all pods of the operator have in common. */
import { telemetryOff } from '@gantry/contract/server.ts'
import type { PodConfig } from './config.ts'

const userId = 10001

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

/** Where a pod may run, and what it is pulled with, as spec gives it; all fields are those of a pod. */
export interface Placement {
  readonly imagePullSecrets?: readonly { readonly name: string }[] | undefined
  readonly nodeSelector?: object | undefined
  readonly tolerations?: readonly object[] | undefined
  readonly affinity?: object | undefined
  readonly priorityClassName?: string | undefined
}

const pullSecretsOf = ({ imagePullSecrets = [] }: Placement, config: Pick<PodConfig, 'imagePullSecrets'>) => {
  const named = imagePullSecrets.map(({ name }) => name)
  return [...new Set([...config.imagePullSecrets, ...named])].map((name) => ({ name }))
}

/** @param serviceAccountName an account without rights; the pod gets no token of it */
export const podBasics = (
  serviceAccountName: string,
  placement: Placement,
  config: Pick<PodConfig, 'imagePullSecrets'>,
): Record<string, unknown> => {
  const { nodeSelector, tolerations, affinity, priorityClassName } = placement
  const imagePullSecrets = pullSecretsOf(placement, config)
  return {
    serviceAccountName,
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

const temporaryVolumeName = 'tmp'
/** The folder for temporary files, the only one that a container may write to beside its volumes. @param sizeLimit a quantity */
export const temporaryVolume = (sizeLimit: string) => ({
  name: temporaryVolumeName,
  emptyDir: { sizeLimit },
})
export const temporaryMount = { name: temporaryVolumeName, mountPath: '/tmp' }
