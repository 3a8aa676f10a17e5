/**
 * Which release manages an object. Two operators that write the same objects undo each other's work without end, so each object has one manager,
 * named in its status. The claim is a write with the object's resourceVersion: of two that claim at the same time, one is refused.
 */
import type { EventReason, LogReason } from '@gantry/contract/reasons.ts'
import type { Cache } from '@gantry/kube/cache.ts'
import type { Clock } from '@gantry/kube/clock.ts'
import { isOutdated, isUnknownField } from '@gantry/kube/errors.ts'
import type { Log } from '@gantry/kube/log.ts'
import type { Kube, KubernetesObject, Resource } from '@gantry/kube/objects.ts'
import { ReconcileError } from './errors.ts'
import { writeEvent } from './event-writer.ts'
import { eventAbout } from './events.ts'
import { lookMs, type ManagerLeases, managerLeases, type Standing } from './manager-leases.ts'

/** Told of what the API server has answered. */
type CacheWriter = Pick<Cache, 'put'>

/** An object whose status can name a manager. */
export interface Manageable extends KubernetesObject {
  readonly status?: { readonly managedBy?: string }
}

export type Claim<T> =
  | { readonly kind: 'ours'; readonly object: T }
  | { readonly kind: 'refused'; readonly reason: LogReason; readonly afterMs: number }

export interface Claims {
  /**
   * Makes sure that this release manages the object: claims it where no release does, and takes it over from a release that is not at work.
   * @returns the object as it is now, or when to look again
   */
  readonly claim: <T extends Manageable>(
    cache: CacheWriter,
    object: T,
    signal: AbortSignal,
  ) => Promise<Claim<T>>
  /**
   * A client for the pass over an object. It writes only after the API server has confirmed that this release still manages the object: the pass
   * began from a cache, and this process may have been stopped for minutes since.
   */
  readonly guard: (cache: CacheWriter, object: Manageable) => Kube
}

export interface ClaimOptions {
  readonly kube: Kube
  readonly clock: Pick<Clock, 'now' | 'elapsed'>
  readonly log: Log
  /** Kind of the objects. */
  readonly resource: Resource
  /** This release, as NAMESPACE/RELEASE. */
  readonly manager: string
  /** Whether this release holds a Lease, by which others see that it is at work. One that holds none takes nothing over. */
  readonly holdsLease: boolean
}

/** Another one wrote the object while a claim was made: the watch brings it soon. */
const againMs = 200
/** A confirmation that is younger holds for another write of the same pass. */
const confirmedMs = 2_000
/** More objects than a release leaves alone; beyond it one may be told again. */
const mostTold = 10_000

const keyOf = ({ metadata }: KubernetesObject): string => `${metadata.namespace}/${metadata.name}`

const refused = (reason: LogReason, afterMs: number): Claim<never> => ({ kind: 'refused', reason, afterMs })

/** How an object is given to another release by hand. */
const handOver = ({ kind, metadata }: KubernetesObject): string =>
  `kubectl patch ${kind.toLowerCase()} ${metadata.name} --namespace ${metadata.namespace} --subresource=status --type=merge --patch '{"status":{"managedBy":null}}'`

const elsewhere = (object: Manageable, holder: string, manager: string, standing: Standing): string => {
  const way =
    standing.kind === 'unknown'
      ? `Whether ${holder} still works is not known, since ${standing.why}. If it is gone, list it in takeOverFrom of the chart, or: ${handOver(object)}`
      : `${manager} takes the object over when ${holder} is uninstalled, stops working for five minutes or watches another namespace. Let one release watch this namespace: see watchNamespace in the values of the chart.`
  return `Release ${holder} manages this ${object.kind}, so release ${manager}, which watches it too, leaves it alone. ${way}`
}

/** @param occasion gives the Event its name: the API server refuses another one of the same occasion, as after a restart of this process */
const announce = async (
  { kube, log, clock }: ClaimOptions,
  object: Manageable,
  announcement: {
    readonly type: 'Normal' | 'Warning'
    readonly reason: EventReason
    readonly message: string
  },
  occasion: object,
): Promise<void> => {
  const { reason, message } = announcement
  log.warn(message, { key: keyOf(object), reason })
  const event = eventAbout(object, announcement, occasion, new Date(clock.now()).toISOString())
  await writeEvent({ kube, log }, event, { key: keyOf(object) })
}

/** The managers of objects that are left alone, as far as that has been told. */
const toldManagers = () => {
  const holders = new Map<string, string>()
  return {
    /** @returns whether that is news */
    add: ({ metadata }: Manageable, holder: string): boolean => {
      const { uid = '' } = metadata
      if (holders.get(uid) === holder) return false
      const [oldest] = holders.size < mostTold ? [] : holders.keys()
      if (oldest !== undefined) holders.delete(oldest)
      holders.set(uid, holder)
      return true
    },
    forget: ({ metadata }: Manageable): void => void holders.delete(metadata.uid ?? ''),
  }
}

/** Writes this release into the object's status. @throws ApiError 409 where another one was faster */
const writeClaim = async <T extends Manageable>(options: ClaimOptions, object: T): Promise<T> => {
  const { kube, resource, manager } = options
  const { apiVersion, kind, status } = object
  const { name, namespace, resourceVersion = '' } = object.metadata
  const metadata = { name, resourceVersion, ...(namespace ? { namespace } : {}) }
  const applied = { apiVersion, kind, metadata, status: { ...status, managedBy: manager } }
  return kube.applyStatus<T>(resource, applied).catch((error: unknown) => {
    if (!isUnknownField(error)) throw error
    const message = `the CustomResourceDefinition of ${resource.plural} is older than this operator: apply crds/ of its version`
    throw new ReconcileError('CrdOutdated', 'backoff', message, { cause: error })
  })
}

const guarded = (options: ClaimOptions, cache: CacheWriter, object: Manageable): Kube => {
  const { kube, clock, resource, manager } = options
  const { namespace, name, uid } = object.metadata
  let confirmedAtMs = Number.NEGATIVE_INFINITY
  const confirm = async (): Promise<void> => {
    if (clock.elapsed() - confirmedAtMs < confirmedMs) return
    const askedAtMs = clock.elapsed()
    const live = await kube.get<Manageable>(resource, namespace, name)
    if (live?.metadata.uid !== uid || live?.status?.managedBy !== manager) {
      if (live) cache.put(resource, live)
      const holder = live?.status?.managedBy ?? 'no release'
      const message = live ? `${holder} manages ${keyOf(object)} now` : `${keyOf(object)} is gone`
      throw new ReconcileError('ManagerChanged', 'backoff', message)
    }
    confirmedAtMs = askedAtMs
  }
  const confirmed =
    <A extends readonly unknown[], R>(write: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      await confirm()
      return write(...args)
    }
  return {
    ...kube,
    create: confirmed(kube.create) as Kube['create'],
    apply: confirmed(kube.apply) as Kube['apply'],
    remove: confirmed(kube.remove),
    // A status is written with the object's resourceVersion, which says the same.
  }
}

/** @param leases by default those of the API server */
export const createClaims = (
  options: ClaimOptions,
  leases: ManagerLeases = managerLeases(options.kube, options.clock),
): Claims => {
  const { log, resource, manager, holdsLease } = options
  const told = toldManagers()

  /** @returns why the object can be taken over from its manager, or when to look again */
  const takeover = async (object: Manageable, holder: string): Promise<string | number> => {
    const standing = await leases.standing(holder, object.metadata.namespace ?? '')
    if (standing.kind === 'gone' && holdsLease) return standing.why
    if (told.add(object, holder)) {
      const message = elsewhere(object, holder, manager, standing)
      const reason: EventReason = 'ManagedElsewhere'
      await announce(options, object, { type: 'Warning', reason, message }, { reason, holder, manager })
    }
    return standing.kind === 'gone' ? lookMs : standing.lookAgainMs
  }
  const claim: Claims['claim'] = async (cache, object, signal) => {
    const holder = object.status?.managedBy
    if (holder === manager) {
      told.forget(object)
      return { kind: 'ours', object }
    }
    const why = holder === undefined ? undefined : await takeover(object, holder)
    if (typeof why === 'number') return refused('ManagedElsewhere', why)
    signal.throwIfAborted()
    try {
      const live = await writeClaim(options, object)
      cache.put(resource, live)
      told.forget(object)
      if (holder === undefined) log.debug('claimed', { key: keyOf(object) })
      else {
        const message = `Release ${manager} takes over from ${holder}: ${why}.`
        const { resourceVersion } = live.metadata
        await announce(options, live, { type: 'Normal', reason: 'TakenOver', message }, { resourceVersion })
      }
      return { kind: 'ours', object: live }
    } catch (error) {
      if (isOutdated(error)) return refused('ModelChanged', againMs)
      throw error
    }
  }
  return { claim, guard: (cache, object) => guarded(options, cache, object) }
}
