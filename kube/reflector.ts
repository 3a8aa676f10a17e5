import { type Backoff, backoffMs } from './backoff.ts'
import type { KubeClient } from './client.ts'
import { type Clock, sleep } from './clock.ts'
import { ApiError } from './errors.ts'
import type { Log } from './log.ts'
import type { Resource, Selector } from './objects.ts'
import type { Store } from './store.ts'

export interface ReflectorOptions {
  readonly kube: Pick<KubeClient, 'listAll' | 'watch'>
  readonly resource: Resource
  readonly selector: Selector
  readonly store: Pick<Store, 'replace' | 'follow' | 'kept'>
  readonly clock: Clock
  readonly log: Log
  /** Called after a failure: `resume` where the watch continues from its position, `relist` where everything has to be listed again. */
  readonly onRestart?: (how: 'resume' | 'relist') => void
  readonly timing?: Partial<ReflectorTiming>
}

export interface ReflectorTiming {
  /** Asked of the API server, which then ends the watch; up to a tenth more, so that watches do not end together. */
  readonly watchSeconds: number
  /** How much longer a watch may live before it counts as dead, and how long it may take to begin. */
  readonly graceMs: number
  readonly backoff: Backoff
  /** Shortest life of a watch without events. One that ends sooner counts as a failure. */
  readonly minWatchMs: number
}

/** Keeps one store equal to the API server's state for as long as it runs. */
export interface Reflector {
  /** Resolves when the signal has fired; never rejects. */
  readonly run: (signal: AbortSignal) => Promise<void>
  /** Resolves when the store holds a whole list for the first time. */
  readonly synced: Promise<void>
  /** Whether that has happened. */
  readonly isSynced: () => boolean
  /** Milliseconds since the last answer of the API server. */
  readonly contactAgeMs: () => number
}

/** A watch lives a little less than the five minutes after which some load balancers cut idle connections. */
export const reflectorTiming: ReflectorTiming = {
  watchSeconds: 265,
  graceMs: 15_000,
  backoff: { minMs: 1_000, maxMs: 30_000 },
  minWatchMs: 1_000,
}

const isGone = (error: unknown): boolean => error instanceof ApiError && error.code === 410

const advice = (error: unknown): string => {
  if (!(error instanceof ApiError)) return ''
  if (error.code === 404) return ' (is the CustomResourceDefinition installed?)'
  return error.code === 403 ? " (does the account's role allow it?)" : ''
}

/** A signal that fires with the outer one, or when `arm`'s time is over. */
const guard = (outer: AbortSignal, clock: Clock) => {
  const inner = new AbortController()
  const stop = (): void => inner.abort(outer.reason)
  let cancel = (): void => {}
  outer.addEventListener('abort', stop)
  if (outer.aborted) stop()
  return {
    signal: inner.signal,
    arm: (ms: number, what: string): void => {
      cancel()
      cancel = clock.after(ms, () => inner.abort(new Error(what)))
    },
    release: (): void => {
      cancel()
      outer.removeEventListener('abort', stop)
      inner.abort()
    },
  }
}

type Attempt = { readonly error: unknown; readonly told: boolean }

export const createReflector = (options: ReflectorOptions): Reflector => {
  const { kube, resource, selector, store, clock, log, onRestart = () => {} } = options
  const timing = { ...reflectorTiming, ...options.timing }
  let position: string | undefined
  const synced = Promise.withResolvers<void>()
  let isSynced = false
  let contactAt = clock.elapsed()
  let failures = 0
  const contact = (): void => {
    contactAt = clock.elapsed()
  }

  const relist = async (): Promise<string> => {
    const { items, resourceVersion } = await kube.listAll(resource, selector, store.kept)
    contact()
    store.replace(items, resourceVersion)
    isSynced = true
    synced.resolve()
    return resourceVersion
  }
  /** One watch from `from` to its end. Moves the position on with every event. */
  const follow = async (from: string, outer: AbortSignal): Promise<void> => {
    const timeoutSeconds = Math.ceil(timing.watchSeconds * (1 + Math.random() / 10))
    const life = guard(outer, clock)
    let isOpen = false
    const onContact = (): void => {
      contact()
      if (!isOpen) life.arm(timeoutSeconds * 1000 + timing.graceMs, 'the watch went silent')
      isOpen = true
    }
    life.arm(timing.graceMs, 'the watch did not begin')
    try {
      const watch = { resourceVersion: from, timeoutSeconds, signal: life.signal, onContact }
      for await (const event of kube.watch(resource, selector, watch)) {
        store.follow(event)
        position = event.object.metadata.resourceVersion ?? position
      }
    } catch (error) {
      throw life.signal.aborted ? life.signal.reason : error
    } finally {
      life.release()
    }
  }
  /** Lists where needed, then watches. A watch that ends early without an event is a failure too. */
  const attempt = async (signal: AbortSignal): Promise<Attempt> => {
    const startedAt = clock.elapsed()
    let from: string | undefined
    const told = (): boolean => position !== from || clock.elapsed() - startedAt >= timing.minWatchMs
    try {
      position ??= await relist()
      from = position
      await follow(position, signal)
      return { error: told() ? undefined : new Error('the watch ended at once'), told: told() }
    } catch (error) {
      return { error, told: from !== undefined && told() }
    }
  }
  /** Records a failure. @returns time until the next attempt, in milliseconds */
  const recover = ({ error, told }: Attempt): number => {
    failures = told ? 1 : failures + 1
    const askedMs = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0
    const waitMs = Math.max(backoffMs(timing.backoff, failures), askedMs)
    const verb = position ? 'watch' : 'list'
    if (isGone(error)) {
      position = undefined
      log.info(`listing ${resource.plural} again: the watch fell too far behind`)
    } else {
      log.warn(`cannot ${verb} ${resource.plural}${advice(error)}`, { error, retryMs: Math.round(waitMs) })
    }
    onRestart(position ? 'resume' : 'relist')
    return waitMs
  }
  const run = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      const outcome = await attempt(signal)
      if (signal.aborted) return
      if (outcome.error === undefined) failures = 0
      else await sleep(clock, recover(outcome), signal)
    }
  }
  return {
    run,
    synced: synced.promise,
    isSynced: () => isSynced,
    contactAgeMs: () => clock.elapsed() - contactAt,
  }
}
