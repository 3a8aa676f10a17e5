/** Calls of the API that fail, each in a way of its own: not sent, answered with an error, answer lost, or carried out later. */
import { ApiError } from '@gantry/kube/errors.ts'
import type { Kube } from '@gantry/kube/objects.ts'
import type { Random } from '../gateways.ts'
import { pick } from './random.ts'

export interface Faults {
  /** Chance that a call fails, from 0 to 1. */
  rate: number
  /** Changes that the API server has taken and not yet carried out, while their callers gave up. */
  readonly late: (() => Promise<unknown>)[]
}

const refusals: readonly (() => Error)[] = [
  () => new ApiError(409, 'Conflict', 'the object has been modified; please apply to the latest version'),
  () => new ApiError(429, 'TooManyRequests', 'too many requests'),
  () => new ApiError(500, 'InternalError', 'etcdserver: leader changed'),
  () => new ApiError(504, 'Timeout', 'no answer'),
  () => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }),
]

/** A client whose calls fail at a rate. */
export const faulty = (kube: Kube, faults: Faults, random: Random): Kube => {
  const refused = (): Error => pick(random, refusals)()
  const read = async <T>(call: () => Promise<T>): Promise<T> => {
    if (random() < faults.rate) throw refused()
    return call()
  }
  const write = async <T>(call: () => Promise<T>): Promise<T> => {
    if (random() >= faults.rate) return call()
    const fate = random()
    if (fate < 0.2) faults.late.push(() => call().catch(() => undefined))
    else if (fate < 0.5) await call()
    throw refused()
  }
  return {
    get: (resource, namespace, name) => read(() => kube.get(resource, namespace, name)),
    list: (resource, selector) => read(() => kube.list(resource, selector)),
    log: (namespace, pod, part) => read(() => kube.log(namespace, pod, part)),
    tryApply: (resource, object) => read(() => kube.tryApply(resource, object)),
    create: (resource, object) => write(() => kube.create(resource, object)),
    apply: (resource, object, manager) => write(() => kube.apply(resource, object, manager)),
    applyStatus: (resource, object) => write(() => kube.applyStatus(resource, object)),
    remove: (resource, namespace, name, uid) => write(() => kube.remove(resource, namespace, name, uid)),
  }
}
