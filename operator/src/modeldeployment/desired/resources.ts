import { mebibytes, parseQuantity } from '@gantry/kube/quantity.ts'
import { type Quantities, type Resources, withDefaults } from '../../runtime/quantities.ts'
import { ephemeralBytes, isEphemeral } from '../ephemeral.ts'
import type { ModelDeployment, Version } from '../model-deployment.ts'
import { threadsOf } from './defaults.ts'

const mebibyte = 2 ** 20
const milliCoresPerThread = 250
const defaultGpu = 'nvidia.com/gpu'

type Sized = Pick<Version, 'sizeBytes' | 'encryptionKey'>
/**
 * Weights are mapped once and copied at most once more by the optimizer; the limit leaves room for activations. Encrypted files are opened
 * in memory instead, where they stay until onnxruntime has its own copy of them.
 */
const memoryOf = ({ sizeBytes, encryptionKey }: Sized) => {
  const opened = encryptionKey === undefined ? 0 : sizeBytes
  return {
    request: mebibytes(256 * mebibyte + 2 * sizeBytes + opened),
    limit: mebibytes(512 * mebibyte + 4 * sizeBytes + opened),
  }
}

/** The size of a version's files that a pod's default request for memory was made from. */
export const sizeOfMemoryRequest = (requestBytes: number): number =>
  Math.max(0, (requestBytes - 256 * mebibyte) / 2)

/**
 * What a container uses of its node's disk: its log, and what the decoder of pictures keeps beside memory. The kubelet turns logs over at
 * 50 MiB in all by default, and at 500 MiB in some clusters; a pod that goes beyond the limit is evicted.
 */
const diskRequest = '128Mi'
const diskLimit = '2Gi'

/** Resources with room on the node's disk for a folder of spec.storage.size. */
export const withFolder = ({ requests, limits }: Resources, model: ModelDeployment): Resources => {
  const disk = parseQuantity(limits['ephemeral-storage'])
  const bytes = ephemeralBytes(model)
  if (disk === undefined || bytes === undefined) return { requests, limits }
  return { requests, limits: { ...limits, 'ephemeral-storage': mebibytes(disk + bytes) } }
}

/** The extended resource that each serving pod asks for. */
export const gpuOf = ({ spec }: ModelDeployment): Quantities => {
  const { device = 'auto', gpu } = spec.serve ?? {}
  const isAsked = device === 'gpu' || (device === 'auto' && gpu !== undefined)
  return isAsked ? { [gpu?.resource ?? defaultGpu]: gpu?.count ?? 1 } : {}
}

/**
 * Requests and limits of a serving pod: what spec gives, and defaults for the rest.
 * @param version size of its files, and whether they are encrypted
 */
export const podResources = (model: ModelDeployment, version: Sized): Resources => {
  const memory = memoryOf(version)
  const defaults = {
    requests: {
      cpu: `${threadsOf(model) * milliCoresPerThread}m`,
      memory: memory.request,
      'ephemeral-storage': diskRequest,
    },
    limits: { memory: memory.limit, 'ephemeral-storage': diskLimit },
  }
  const fitting = isEphemeral(model) ? withFolder(defaults, model) : defaults
  const { requests, limits } = withDefaults(fitting, model.spec.serve?.resources)
  return { requests, limits: { ...limits, ...gpuOf(model) } }
}
