/** What keeps the kubelet from mounting the image that has the model: spec.storage.mode is ImageVolume. */
import { quoted } from '@gantry/contract/plain-text.ts'
import type { ContainerStatus, LivePod } from '@gantry/kube/live.ts'
import { creationFailures, pullFailures } from '../../pods/waiting.ts'
import type { Finding } from '../../runtime/finding.ts'
import { isImageVolume } from '../ephemeral.ts'
import type { ModelDeployment } from '../model-deployment.ts'

const advice =
  'The nodes need a container runtime that mounts images (containerd 2.1, CRI-O 1.31, or newer). spec.storage.mode: Ephemeral needs none.'

/** A pod waits for the image of its server with the same reasons: the digest of the model's image tells the two apart. */
const isOfModel = (message: string, { spec }: ModelDeployment): boolean => {
  const [, digest] = /@(sha256:[0-9a-f]{64})$/.exec(spec.model.source.uri ?? '') ?? []
  return digest !== undefined && message.includes(digest)
}

/** @param status of the container that mounts the image */
export const mountedImageStuck = (
  pod: LivePod,
  status: ContainerStatus | undefined,
  model: ModelDeployment,
): Finding | undefined => {
  const { reason = '', message = reason } = status?.state?.waiting ?? {}
  if (!isImageVolume(model)) return undefined
  const { name } = pod.metadata
  const { uri } = model.spec.model.source
  if (
    reason === 'ImageVolumeMountFailed' ||
    (creationFailures.has(reason) && /mkdir ""|rootfs|image/.test(message))
  )
    return {
      reason: 'VolumeNotMounted',
      message: `The image of the model cannot be mounted in pod ${name}: ${quoted(message)}. ${advice}`,
      retry: 'backoff',
    }
  if (!pullFailures.has(reason) || !isOfModel(message, model)) return undefined
  return {
    reason: 'ImagePull',
    message: `The image of the model, ${uri}, cannot be pulled for pod ${name}: ${quoted(message)}. Check spec.model.source.uri, and that spec.model.source.secretRef is a pull Secret (kubernetes.io/dockerconfigjson).`,
    retry: 'backoff',
  }
}
