/**
 * Writes that the API server has refused. They are tried again with backoff, however often the model is reconciled meanwhile: no watch of the
 * operator shows that a quota was raised. They are kept in memory only, since a new leader may well try everything once.
 */
import { type Backoff, backoffMs } from '@gantry/kube/backoff.ts'
import { fingerprint } from '@gantry/kube/fingerprint.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import type { Finding } from './finding.ts'

export interface RefusedWrites {
  /** The refusal of exactly this object, until its next attempt is due. */
  readonly recent: (object: KubernetesObject) => Finding | undefined
  /** @returns the finding, with the time until the next attempt */
  readonly refused: (object: KubernetesObject, finding: Finding) => Finding
  readonly accepted: (object: KubernetesObject) => void
}

interface Refusal {
  readonly desiredHash: string
  readonly count: number
  readonly dueAtMs: number
  readonly finding: Finding
}

/** The longest time until a refused write is tried again. */
export const longestRefusalMs = 300_000
const backoff: Backoff = { minMs: 5_000, maxMs: longestRefusalMs }
/** Most refusals that are kept, more than a cluster has at a time. Beyond it the oldest is dropped, and its object is tried at the next pass. */
const mostKept = 10_000

const keyOf = ({ kind, metadata }: KubernetesObject): string =>
  `${kind}/${metadata.namespace}/${metadata.name}`

/** @param now milliseconds since the epoch */
export const refusedWrites = (now: () => number): RefusedWrites => {
  const refusals = new Map<string, Refusal>()
  /** An object that has changed since its refusal counts as not refused. */
  const of = (object: KubernetesObject): Refusal | undefined => {
    const found = refusals.get(keyOf(object))
    return found !== undefined && found.desiredHash === fingerprint(object, 16) ? found : undefined
  }
  return {
    recent: (object) => {
      const refusal = of(object)
      const waitMs = refusal ? refusal.dueAtMs - now() : 0
      return refusal && waitMs > 0 ? { ...refusal.finding, afterMs: waitMs } : undefined
    },
    refused: (object, finding) => {
      const count = (of(object)?.count ?? 0) + 1
      const afterMs = backoffMs(backoff, count)
      const key = keyOf(object)
      refusals.delete(key)
      const [oldest] = refusals.size < mostKept ? [] : refusals.keys()
      if (oldest !== undefined) refusals.delete(oldest)
      refusals.set(key, { desiredHash: fingerprint(object, 16), count, dueAtMs: now() + afterMs, finding })
      return { ...finding, afterMs }
    },
    accepted: (object) => {
      refusals.delete(keyOf(object))
    },
  }
}
