import { mounts } from '@gantry/contract/server.ts'
import { podBasics, temporaryVolume } from '../../pods/pod.ts'
import type { ReconcileConfig } from '../config.ts'
import { isEphemeral } from '../ephemeral.ts'
import type { ModelDeployment } from '../model-deployment.ts'
import { storageSizeOf } from './defaults.ts'

const modelsVolumeName = 'models'
/** The programs write nothing there; libvips may keep a decoded picture there, which has 160 MB at most. */
const temporarySize = '1024Mi'

/**
 * What all pods of a model have in common. They are placed by the same rules: the first pod that mounts a volume
 * may decide on which nodes it can be mounted at all.
 */
export const modelPodBasics = (model: ModelDeployment, config: ReconcileConfig): Record<string, unknown> =>
  podBasics(model.metadata.name, model.spec.serve?.podTemplate ?? {}, config)

/** The volume that keeps the versions, or the folder of one pod in its place. */
export const modelsVolume = (model: ModelDeployment) => ({
  name: modelsVolumeName,
  ...(isEphemeral(model)
    ? { emptyDir: { sizeLimit: storageSizeOf(model) } }
    : { persistentVolumeClaim: { claimName: model.metadata.name } }),
})

export const podVolumes = (model: ModelDeployment) => [modelsVolume(model), temporaryVolume(temporarySize)]

export const modelsMount = { name: modelsVolumeName, mountPath: mounts.models }
