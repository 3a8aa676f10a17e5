import { mounts } from '@gantry/contract/server.ts'
import type { ModelDeployment, Version } from '../model-deployment.ts'

/** A Secret that the server reads as a folder, which the kubelet renews while the pod runs. */
export interface SecretFolder {
  readonly volume: string
  readonly mountPath: string
  readonly secretName: string
  /** Where spec names it. */
  readonly field: string
}

/** The Secrets of the serving pods. None is optional: a pod waits for one that is missing, and its Events say so. */
const secretFolders = ({ spec }: ModelDeployment): readonly SecretFolder[] => {
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

/** The keys of encrypted versions; only pods that open such a version, or write one, have them. */
const encryptionFolder = ({ spec }: ModelDeployment): readonly SecretFolder[] => {
  const secretName = spec.storage?.encryptionKeySecretRef?.name
  const field = 'spec.storage.encryptionKeySecretRef'
  return secretName === undefined
    ? []
    : [{ volume: encryptionVolume, mountPath: mounts.encryptionKeys, secretName, field }]
}
const encryptionVolume = 'encryption-keys'

const volumesOf = (folders: readonly SecretFolder[]) =>
  folders.map(({ volume, secretName }) => ({ name: volume, secret: { secretName, defaultMode: mode } }))

const mountsOf = (folders: readonly SecretFolder[]) =>
  folders.map(({ volume, mountPath }) => ({ name: volume, mountPath, readOnly: true }))

export const encryptionVolumes = (model: ModelDeployment) => volumesOf(encryptionFolder(model))
export const encryptionMounts = (model: ModelDeployment) => mountsOf(encryptionFolder(model))

/** All Secrets that a pod of the model may wait for. */
export const allSecretFolders = (model: ModelDeployment): readonly SecretFolder[] => [
  ...secretFolders(model),
  ...encryptionFolder(model),
]

type Encrypted = Pick<Version, 'encryptionKey'>

/** The Secrets of the pods that serve a version. */
const foldersOf = (model: ModelDeployment, { encryptionKey }: Encrypted): readonly SecretFolder[] =>
  encryptionKey === undefined ? secretFolders(model) : allSecretFolders(model)

export const secretVolumes = (model: ModelDeployment, version: Encrypted) =>
  volumesOf(foldersOf(model, version))
export const secretMounts = (model: ModelDeployment, version: Encrypted) =>
  mountsOf(foldersOf(model, version))
