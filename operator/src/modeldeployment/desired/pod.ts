import { mounts } from '@gantry/contract/server.ts'
import { type Placement, podBasics, temporaryVolume } from '../../pods/pod.ts'
import type { ReconcileConfig } from '../config.ts'
import { isEphemeral, isImageVolume } from '../ephemeral.ts'
import type { ModelDeployment } from '../model-deployment.ts'
import { storageSizeOf } from './defaults.ts'

const modelsVolumeName = 'models'
/** The programs write nothing there; libvips may keep a decoded picture there, which has 160 MB at most. */
const temporarySize = '1024Mi'

/**
 * What all pods of a model have in common. They are placed by the same rules: the first pod that mounts a volume
 * may decide on which nodes it can be mounted at all.
 */
/** An image that is mounted is pulled by the kubelet, with the Secret of the source. */
const placementOf = (model: ModelDeployment): Placement => {
  const template = model.spec.serve?.podTemplate ?? {}
  const { secretRef } = model.spec.model.source
  if (!isImageVolume(model) || !secretRef) return template
  return { ...template, imagePullSecrets: [...(template.imagePullSecrets ?? []), secretRef] }
}

export const modelPodBasics = (model: ModelDeployment, config: ReconcileConfig): Record<string, unknown> =>
  podBasics(model.metadata.name, placementOf(model), config)

/** The volume that keeps the versions, or the folder of one pod in its place. */
export const modelsVolume = (model: ModelDeployment) => ({
  name: modelsVolumeName,
  ...(isEphemeral(model)
    ? { emptyDir: { sizeLimit: storageSizeOf(model) } }
    : { persistentVolumeClaim: { claimName: model.metadata.name } }),
})

export const podVolumes = (model: ModelDeployment) => [modelsVolume(model), temporaryVolume(temporarySize)]

export const modelsMount = { name: modelsVolumeName, mountPath: mounts.models }
