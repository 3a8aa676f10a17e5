/** Whether the releases that manage objects are still at work, judged by their Leases. */
import { allNamespaces, operatorNameOf, releaseOf, watchesAnnotation } from '@gantry/contract/release.ts'
import type { Clock } from '@gantry/kube/clock.ts'
import { ApiError } from '@gantry/kube/errors.ts'
import type { Kube, KubernetesObject } from '@gantry/kube/objects.ts'
import { Lease } from '@gantry/kube/resources.ts'

/** A Lease that was not renewed for this long is of a release that is not at work. An operator renews it every two seconds. */
const staleMs = 300_000
/**
 * A deleted Lease is made again by an operator that is at work, at its next renewal. An operator that cannot do so ends after ten seconds.
 */
const absentMs = 15_000
/** Time between two looks at a Lease that is not due sooner. */
export const lookMs = 30_000
/** What was read less than this ago is not read again: all objects of a manager share one look. */
const freshMs = 5_000
/** A gap between two reads after which a Lease's age is counted anew: while this operator could not read it, its holder may have been unable to renew it. */
const gapMs = 2 * lookMs + 10_000

export type Standing =
  | { readonly kind: 'atWork'; readonly lookAgainMs: number }
  | { readonly kind: 'gone'; readonly why: string }
  /** Its Lease cannot be read, so nothing is known of the release. */
  | { readonly kind: 'unknown'; readonly why: string; readonly lookAgainMs: number }

export interface ManagerLeases {
  /**
   * @param manager NAMESPACE/RELEASE
   * @param namespace of the object that it manages
   * @throws ApiError or Error where the API server does not answer
   */
  readonly standing: (manager: string, namespace: string) => Promise<Standing>
}

/** What was seen of one Lease. Its own times are of another clock, and are not compared. */
interface Sight {
  /** Undefined where there is no Lease. */
  readonly version: string | undefined
  /** The namespace that the release watches, or `*`; undefined where the Lease does not tell. */
  readonly watches: string | undefined
  readonly sinceMs: number
  readonly lookedAtMs: number
}

const nameOf = (manager: string): string => {
  const { namespace, name } = releaseOf(manager)
  return `${namespace}/${operatorNameOf(name)}`
}

const versionOf = (lease: KubernetesObject | undefined): string | undefined =>
  lease && `${lease.metadata.uid} ${lease.metadata.resourceVersion}`

const standingOf = (manager: string, namespace: string, sight: Sight): Standing => {
  const { version, watches, sinceMs, lookedAtMs } = sight
  if (watches !== undefined && watches !== allNamespaces && watches !== namespace) {
    return { kind: 'gone', why: `it watches namespace ${watches} alone` }
  }
  const limitMs = version === undefined ? absentMs : staleMs
  const leftMs = sinceMs + limitMs - lookedAtMs
  if (leftMs > 0) return { kind: 'atWork', lookAgainMs: Math.min(Math.max(leftMs, freshMs), lookMs) }
  const why =
    version === undefined ? 'does not exist' : `has not been renewed for ${staleMs / 60_000} minutes`
  return { kind: 'gone', why: `Lease ${nameOf(manager)} ${why}` }
}

/** @param kube asks for Leases only */
export const managerLeases = (kube: Pick<Kube, 'get'>, clock: Pick<Clock, 'elapsed'>): ManagerLeases => {
  const sights = new Map<string, Sight>()
  /** Undefined where the Lease may not be read. */
  const looks = new Map<string, { readonly sight: Promise<Sight | undefined>; readonly askedAtMs: number }>()

  const look = async (manager: string): Promise<Sight> => {
    const { namespace, name } = releaseOf(manager)
    const last = sights.get(manager)
    const lease = await kube.get<KubernetesObject>(Lease, namespace, operatorNameOf(name))
    const now = clock.elapsed()
    const version = versionOf(lease)
    const isSame = last !== undefined && last.version === version && now - last.lookedAtMs <= gapMs
    const watches = lease?.metadata.annotations?.[watchesAnnotation]
    const sight = { version, watches, sinceMs: isSame ? last.sinceMs : now, lookedAtMs: now }
    sights.set(manager, sight)
    return sight
  }
  const forbidden = (manager: string, error: unknown): undefined => {
    if (error instanceof ApiError && error.code === 403) {
      sights.delete(manager)
      return
    }
    looks.delete(manager)
    throw error
  }
  /** All objects of a manager share one look. */
  const sightOf = (manager: string): Promise<Sight | undefined> => {
    const last = looks.get(manager)
    if (last && clock.elapsed() - last.askedAtMs < freshMs) return last.sight
    const sight = look(manager).catch((error: unknown) => forbidden(manager, error))
    looks.set(manager, { sight, askedAtMs: clock.elapsed() })
    return sight
  }
  const standing: ManagerLeases['standing'] = async (manager, namespace) => {
    const sight = await sightOf(manager)
    if (sight) return standingOf(manager, namespace, sight)
    const why = `this operator may not read Lease ${nameOf(manager)}`
    return { kind: 'unknown', why, lookAgainMs: staleMs }
  }
  return { standing }
}
