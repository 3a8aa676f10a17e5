import type { ModelDeployment } from '../kubernetes.ts'
import { mebibytes, parseQuantity } from '../quantity.ts'
import { threadsOf } from './defaults.ts'

type Quantities = Readonly<Record<string, number | string>>

const mebibyte = 2 ** 20
const milliCoresPerThread = 250
const defaultGpu = 'nvidia.com/gpu'

/** Weights are mapped once and copied at most once more by the optimizer; the limit leaves room for activations. */
const memoryRequest = (sizeBytes: number): string => mebibytes(256 * mebibyte + 2 * sizeBytes)
const memoryLimit = (sizeBytes: number): string => mebibytes(512 * mebibyte + 4 * sizeBytes)

/** The extended resource that each serving pod asks for. */
const gpuOf = ({ spec }: ModelDeployment): Quantities => {
  const { device = 'auto', gpu } = spec.serve ?? {}
  const isAsked = device === 'gpu' || (device === 'auto' && gpu !== undefined)
  return isAsked ? { [gpu?.resource ?? defaultGpu]: gpu?.count ?? 1 } : {}
}

const pick = (
  a: number | string,
  b: number | string | undefined,
  choose: (a: number, b: number) => number,
) => {
  const [left, right] = [parseQuantity(a), parseQuantity(b)]
  if (left === undefined || right === undefined || b === undefined) return a
  return choose(left, right) === left ? a : b
}

/**
 * Requests and limits of a serving pod: what spec gives, key by key, and defaults for the rest. A default gives way
 * where it would contradict what was given (a request above its limit).
 * @param sizeBytes size of the version's files
 */
export const podResources = (model: ModelDeployment, sizeBytes: number) => {
  const given = model.spec.serve?.resources
  const [requests, limits]: [Quantities, Quantities] = [given?.requests ?? {}, given?.limits ?? {}]
  const cpu = pick(`${threadsOf(model) * milliCoresPerThread}m`, limits['cpu'], Math.min)
  const memory = pick(memoryRequest(sizeBytes), limits['memory'], Math.min)
  const most = pick(memoryLimit(sizeBytes), requests['memory'], Math.max)
  return {
    requests: { cpu, memory, ...requests },
    limits: { memory: most, ...limits, ...gpuOf(model) },
  }
}
