import { mounts } from '@gantry/contract/server.ts'
import type { ModelDeployment } from '../model-deployment.ts'

/** A Secret that the server reads as a folder, which the kubelet renews while the pod runs. */
export interface SecretFolder {
  readonly volume: string
  readonly mountPath: string
  readonly secretName: string
  /** Where spec names it. */
  readonly field: string
}

/** The Secrets of the serving pods. None is optional: a pod waits for one that is missing, and its Events say so. */
export const secretFolders = ({ spec }: ModelDeployment): readonly SecretFolder[] => {
  const { auth, requestLog, tls } = spec.serve ?? {}
  const apiKeys = auth?.apiKeySecretRef.name
  const requestLogKeys = requestLog?.keySecretRef?.name
  const certificate = tls?.secretRef.name
  return [
    ...(apiKeys === undefined
      ? []
      : [
          {
            volume: 'api-keys',
            mountPath: mounts.apiKeys,
            secretName: apiKeys,
            field: 'spec.serve.auth.apiKeySecretRef',
          },
        ]),
    ...(requestLogKeys === undefined
      ? []
      : [
          {
            volume: 'request-log-keys',
            mountPath: mounts.requestLogKeys,
            secretName: requestLogKeys,
            field: 'spec.serve.requestLog.keySecretRef',
          },
        ]),
    ...(certificate === undefined
      ? []
      : [
          {
            volume: 'tls',
            mountPath: mounts.tls,
            secretName: certificate,
            field: 'spec.serve.tls.secretRef',
          },
        ]),
  ]
}

/** Readable for the server's group alone. */
const mode = 0o440

export const secretVolumes = (model: ModelDeployment) =>
  secretFolders(model).map(({ volume, secretName }) => ({
    name: volume,
    secret: { secretName, defaultMode: mode },
  }))

export const secretMounts = (model: ModelDeployment) =>
  secretFolders(model).map(({ volume, mountPath }) => ({ name: volume, mountPath, readOnly: true }))
