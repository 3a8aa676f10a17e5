import type { KubeClient } from '../client.ts'
import { ApiError } from '../errors.ts'
import type { KubernetesObject } from '../objects.ts'

type LeaseVerbs = Pick<KubeClient, 'get' | 'create' | 'replace'>

/** `answer-lost`: the write succeeds, but its answer never arrives. */
export type Trouble = 'none' | 'unreachable' | 'answer-lost'

export interface LeaseServer {
  /** A client whose calls go wrong as `trouble` says before each. */
  readonly client: (trouble?: () => Trouble | Promise<Trouble>) => LeaseVerbs
  readonly stored: () => KubernetesObject | undefined
  /** A write by another client. */
  readonly write: (lease: KubernetesObject | undefined) => void
}

/** One Lease in memory with the API server's optimistic locking. */
export const leaseServer = (): LeaseServer => {
  let stored: KubernetesObject | undefined
  let version = 0

  const write = (lease: KubernetesObject | undefined): void => {
    version += 1
    stored = lease && { ...lease, metadata: { ...lease.metadata, resourceVersion: String(version) } }
  }
  const create = (lease: KubernetesObject): void => {
    if (stored) throw new ApiError(409, 'AlreadyExists', 'the Lease exists')
    write(lease)
  }
  const replace = (lease: KubernetesObject): void => {
    if (!stored) throw new ApiError(404, 'NotFound', 'there is no Lease')
    if (stored.metadata.resourceVersion !== lease.metadata.resourceVersion) {
      throw new ApiError(409, 'Conflict', 'the Lease was written meanwhile')
    }
    write(lease)
  }
  const client: LeaseServer['client'] = (trouble = () => 'none') => {
    const call = async (act: () => void): Promise<never> => {
      const suffered = await trouble()
      if (suffered === 'unreachable') throw new Error('ECONNREFUSED')
      act()
      if (suffered === 'answer-lost') throw new Error('ECONNRESET')
      return stored as never
    }
    return {
      get: () => call(() => {}),
      create: (_, lease) => call(() => create(lease)),
      replace: (_, lease) => call(() => replace(lease)),
    }
  }
  return { client, stored: () => stored, write }
}
