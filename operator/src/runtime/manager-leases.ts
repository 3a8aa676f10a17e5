/** Whether the releases that manage objects are still at work, judged by their Leases. */
import { operatorNameOf, releaseOf } from '@gantry/contract/release.ts'
import type { Clock } from '@gantry/kube/clock.ts'
import { ApiError } from '@gantry/kube/errors.ts'
import type { Kube, KubernetesObject } from '@gantry/kube/objects.ts'
import { Lease } from '@gantry/kube/resources.ts'

/** A Lease that was not renewed for this long is of a release that is not at work. An operator renews it every two seconds. */
export const staleMs = 300_000
/**
 * A deleted Lease is made again by an operator that is at work, at its next renewal. An operator that cannot do so ends after ten seconds.
 */
export const absentMs = 15_000
/** Time between two looks at a Lease that is not due sooner. */
export const lookMs = 30_000
/** What was read less than this ago is not read again: all objects of a manager share one look. */
const freshMs = 5_000
/** A Lease that nobody could look at for this long counts from the next look on: nobody could renew it either, perhaps. */
const gapMs = 2 * lookMs + 10_000

export type Standing =
  | { readonly kind: 'atWork'; readonly lookAgainMs: number }
  | { readonly kind: 'gone'; readonly why: string }
  /** Its Lease cannot be read, so nothing is known of the release. */
  | { readonly kind: 'unknown'; readonly why: string; readonly lookAgainMs: number }

export interface ManagerLeases {
  /** @param manager NAMESPACE/RELEASE; @throws ApiError or Error where the API server does not answer */
  readonly standing: (manager: string) => Promise<Standing>
}

/** What was seen of one Lease. Its own times are of another clock, and are not compared. */
interface Sight {
  /** Undefined where there is no Lease. */
  readonly version: string | undefined
  readonly sinceMs: number
  readonly lookedAtMs: number
}

const versionOf = (lease: KubernetesObject | undefined): string | undefined =>
  lease && `${lease.metadata.uid} ${lease.metadata.resourceVersion}`

const standingOf = ({ version, sinceMs, lookedAtMs }: Sight, lease: string): Standing => {
  const limitMs = version === undefined ? absentMs : staleMs
  const leftMs = sinceMs + limitMs - lookedAtMs
  if (leftMs > 0) return { kind: 'atWork', lookAgainMs: Math.min(Math.max(leftMs, freshMs), lookMs) }
  const why =
    version === undefined
      ? `Lease ${lease} does not exist`
      : `Lease ${lease} has not been renewed for ${staleMs / 60_000} minutes`
  return { kind: 'gone', why }
}

/** @param kube asks for Leases only */
export const managerLeases = (kube: Pick<Kube, 'get'>, clock: Pick<Clock, 'elapsed'>): ManagerLeases => {
  const sights = new Map<string, Sight>()
  const known = new Map<string, { readonly standing: Promise<Standing>; readonly askedAtMs: number }>()

  const look = async (manager: string): Promise<Standing> => {
    const { namespace, name } = releaseOf(manager)
    const leaseName = operatorNameOf(name)
    const last = sights.get(manager)
    const lease = await kube.get<KubernetesObject>(Lease, namespace, leaseName)
    const now = clock.elapsed()
    const version = versionOf(lease)
    const isSame = last !== undefined && last.version === version && now - last.lookedAtMs <= gapMs
    const sight = { version, sinceMs: isSame ? last.sinceMs : now, lookedAtMs: now }
    sights.set(manager, sight)
    return standingOf(sight, `${namespace}/${leaseName}`)
  }
  const forbidden = (manager: string, error: unknown): Standing => {
    if (!(error instanceof ApiError) || error.code !== 403) {
      known.delete(manager)
      throw error
    }
    const { namespace, name } = releaseOf(manager)
    sights.delete(manager)
    const why = `this operator may not read Lease ${namespace}/${operatorNameOf(name)}`
    return { kind: 'unknown', why, lookAgainMs: staleMs }
  }
  const standing = (manager: string): Promise<Standing> => {
    const last = known.get(manager)
    if (last && clock.elapsed() - last.askedAtMs < freshMs) return last.standing
    const asked = look(manager).catch((error: unknown) => forbidden(manager, error))
    known.set(manager, { standing: asked, askedAtMs: clock.elapsed() })
    return asked
  }
  return { standing }
}
