import type { KubeClient } from './client.ts'
import { type Clock, sleep } from './clock.ts'
import { ApiError } from './errors.ts'
import type { Log } from './log.ts'
import type { KubernetesObject, OwnerReference } from './objects.ts'
import { Lease as leases } from './resources.ts'

export interface LeaseTiming {
  /** Time after its last renewal for which other replicas respect a Lease. */
  readonly leaseMs: number
  /** Time for which a leader continues without a renewal. It is less than `leaseMs`, so that two replicas never lead. */
  readonly renewDeadlineMs: number
  readonly retryMs: number
}

/** The timing of Kubernetes' own components. */
export const leaseTiming: LeaseTiming = { leaseMs: 15_000, renewDeadlineMs: 10_000, retryMs: 2_000 }

export interface ElectionOptions {
  readonly kube: Pick<KubeClient, 'get' | 'create' | 'replace'>
  readonly clock: Clock
  readonly log: Log
  readonly namespace: string
  readonly name: string
  /** Identity of this candidate; unique among all candidates. */
  readonly identity: string
  /** Owner of the Lease: the garbage collector deletes the Lease with it. */
  readonly owner?: OwnerReference | undefined
  /** Annotations of the Lease. */
  readonly annotations?: Readonly<Record<string, string>>
  readonly timing?: LeaseTiming
}

export interface Leadership {
  /** Fires when another replica may lead from now on. All work that is under way must stop. */
  readonly lost: AbortSignal
  readonly renewalAgeMs: () => number
  /** Releases the Lease, so that the next leader need not wait for its end. Never rejects. */
  readonly release: () => Promise<void>
}

interface Lease extends KubernetesObject {
  readonly spec?: {
    readonly holderIdentity?: string
    readonly leaseDurationSeconds?: number
    readonly acquireTime?: string
    readonly renewTime?: string
    readonly leaseTransitions?: number
  }
}

const codeOf = (error: unknown): number | undefined => (error instanceof ApiError ? error.code : undefined)

/** The API requires times of a Lease in microseconds. */
const microTime = (ms: number): string => new Date(ms).toISOString().replace('Z', '000Z')

/** The Lease as it reads when `identity` holds it from now on. */
const heldBy = (current: Lease | undefined, options: ElectionOptions, timing: LeaseTiming): Lease => {
  const { namespace, name, identity, clock, owner, annotations } = options
  const now = microTime(clock.now())
  const before = current?.spec
  const isOurs = before?.holderIdentity === identity
  return {
    ...(current ?? { apiVersion: leases.apiVersion, kind: leases.kind }),
    metadata: {
      ...(current?.metadata ?? { namespace, name }),
      ...(owner ? { ownerReferences: [owner] } : {}),
      ...(annotations ? { annotations: { ...current?.metadata.annotations, ...annotations } } : {}),
    },
    spec: {
      ...before,
      holderIdentity: identity,
      leaseDurationSeconds: timing.leaseMs / 1000,
      acquireTime: (isOurs ? before.acquireTime : undefined) ?? now,
      renewTime: now,
      leaseTransitions: (before?.leaseTransitions ?? 0) + (isOurs || !current ? 0 : 1),
    },
  } as Lease
}

const write = (options: ElectionOptions, lease: Lease): Promise<Lease> =>
  lease.metadata.resourceVersion
    ? options.kube.replace<Lease>(leases, lease)
    : options.kube.create<Lease>(leases, lease)

/** Renews until released or lost. @param first the Lease as just written, @param askedAt when that was begun */
const lead = (options: ElectionOptions, timing: LeaseTiming, first: Lease, askedAt: number): Leadership => {
  const { kube, clock, log, namespace, name, identity } = options
  const lost = new AbortController()
  const ended = new AbortController()
  let held: Lease | undefined = first
  let renewedAt = askedAt
  let cancelDeadline = (): void => {}

  const lose = (why: string): void => {
    if (ended.signal.aborted) return
    log.error(`leadership is lost: ${why}`)
    ended.abort()
    lost.abort(new Error(why))
  }
  const renewed = (at: number): void => {
    renewedAt = at
    cancelDeadline()
    const left = Math.max(0, at + timing.renewDeadlineMs - clock.elapsed())
    cancelDeadline = clock.after(left, () => lose('the Lease could not be renewed in time'))
  }
  /** Reads the Lease after a refused write, and finds out whether this replica still holds it. */
  const reread = async (): Promise<void> => {
    held = await kube.get<Lease>(leases, namespace, name)
    const holder = held?.spec?.holderIdentity
    if (holder && holder !== identity) lose(`${holder} holds the Lease`)
  }
  const renewOnce = async (): Promise<void> => {
    const startedAt = clock.elapsed()
    try {
      held = await write(options, heldBy(held, options, timing))
      renewed(startedAt)
    } catch (error) {
      if (ended.signal.aborted) return
      log.warn('cannot renew the Lease', { error })
      if (codeOf(error) === 409 || codeOf(error) === 404) await reread()
    }
  }
  const renew = async (): Promise<void> => {
    await sleep(clock, timing.retryMs, ended.signal)
    while (!ended.signal.aborted) {
      await renewOnce().catch((error) => log.warn('cannot read the Lease', { error }))
      await sleep(clock, timing.retryMs, ended.signal)
    }
  }
  renewed(askedAt)
  const renewing = renew()

  const release = async (): Promise<void> => {
    const wasOurs = !ended.signal.aborted
    ended.abort()
    cancelDeadline()
    await renewing
    if (!wasOurs || !held) return
    const free = heldBy(held, options, timing)
    const spec = { ...free.spec, holderIdentity: '', leaseDurationSeconds: 1 }
    await kube.replace(leases, { ...free, spec }).then(
      () => log.info('released the Lease'),
      (error) => log.warn('cannot release the Lease: the next leader waits for its end', { error }),
    )
  }
  return { lost: lost.signal, renewalAgeMs: () => clock.elapsed() - renewedAt, release }
}

/** What we saw of another's Lease, and when it last changed: its times are of another clock and are not compared. */
const observer = (clock: Clock) => {
  let version: string | undefined
  let endsAt = 0
  /** A Lease that is deleted counts as held to its end: its holder does not know yet. */
  const remainingMs = (lease: Lease | undefined): number => {
    if (lease && lease.metadata.resourceVersion !== version) {
      version = lease.metadata.resourceVersion
      endsAt = clock.elapsed() + (lease.spec?.leaseDurationSeconds ?? 0) * 1000
    }
    return Math.max(0, endsAt - clock.elapsed())
  }
  return remainingMs
}

/**
 * Waits until the Lease is ours. An identity that finds itself as the holder goes on at once: that is the same pod
 * after a crash.
 * @returns undefined when the signal fired first
 */
export const campaign = async (
  options: ElectionOptions,
  signal: AbortSignal,
): Promise<Leadership | undefined> => {
  const { kube, clock, log, namespace, name, identity, timing = leaseTiming } = options
  const remainingMs = observer(clock)
  let rival: string | undefined

  /** @returns our leadership, or how long to wait */
  const tryOnce = async (): Promise<Leadership | number> => {
    const current = await kube.get<Lease>(leases, namespace, name)
    const holder = current?.spec?.holderIdentity
    const isFree = current && (!holder || holder === identity)
    const left = isFree ? 0 : remainingMs(current)
    if (holder && holder !== rival && left > 0) log.info('standing by', { leader: holder })
    rival = holder
    if (left > 0) return left
    const startedAt = clock.elapsed()
    const held = await write(options, heldBy(current, options, timing))
    log.info('leading', { identity })
    return lead(options, timing, held, startedAt)
  }
  while (!signal.aborted) {
    const outcome = await tryOnce().catch((error: unknown) => {
      if (codeOf(error) !== 409) log.warn('cannot campaign for the Lease', { error }) // 409: another was faster
      return timing.retryMs
    })
    if (typeof outcome !== 'number') return outcome
    // The wait is a little shorter than the leader's renewal interval, and never reaches beyond the end of its Lease.
    await sleep(clock, Math.min(outcome, timing.retryMs * (0.75 + Math.random() / 5)), signal)
  }
  return undefined
}
