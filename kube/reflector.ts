import { type Backoff, backoffMs } from './backoff.ts'
import type { KubeClient } from './client.ts'
import { type Clock, sleep } from './clock.ts'
import { ApiError } from './errors.ts'
import { createFollower, type WatchTiming } from './follower.ts'
import type { Log } from './log.ts'
import type { Resource, Selector } from './objects.ts'
import type { Store } from './store.ts'
import type { WatchEvent } from './watch.ts'

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

export interface ReflectorTiming extends WatchTiming {
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

type Attempt = { readonly error: unknown; readonly told: boolean }

/** Counts failures in a row. */
const createRecovery = (
  { resource, log, onRestart = () => {} }: Pick<ReflectorOptions, 'resource' | 'log' | 'onRestart'>,
  backoff: Backoff,
) => {
  let failures = 0
  return {
    succeeded: (): void => {
      failures = 0
    },
    /** Records a failure. @returns time until the next attempt, in milliseconds */
    failed: ({ error, told }: Attempt, doing: 'list' | 'watch'): number => {
      failures = told ? 1 : failures + 1
      const askedMs = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0
      const waitMs = Math.max(backoffMs(backoff, failures), askedMs)
      if (isGone(error)) log.info(`listing ${resource.plural} again: the watch fell too far behind`)
      else
        log.warn(`cannot ${doing} ${resource.plural}${advice(error)}`, { error, retryMs: Math.round(waitMs) })
      onRestart(doing === 'watch' && !isGone(error) ? 'resume' : 'relist')
      return waitMs
    },
  }
}

export const createReflector = (options: ReflectorOptions): Reflector => {
  const { kube, resource, selector, store, clock } = options
  const timing = { ...reflectorTiming, ...options.timing }
  const recovery = createRecovery(options, timing.backoff)
  const synced = Promise.withResolvers<void>()
  let isSynced = false
  let position: string | undefined
  let contactAt = clock.elapsed()
  const onContact = (): void => {
    contactAt = clock.elapsed()
  }
  /** Moves the position on with every event. */
  const onEvent = (event: WatchEvent): void => {
    store.follow(event)
    position = event.object.metadata.resourceVersion ?? position
  }
  const follow = createFollower({ kube, resource, selector, clock, onContact, onEvent }, timing)

  const relist = async (): Promise<string> => {
    const { items, resourceVersion } = await kube.listAll(resource, selector, store.kept)
    onContact()
    store.replace(items, resourceVersion)
    isSynced = true
    synced.resolve()
    return resourceVersion
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
  const recover = (outcome: Attempt): number => {
    const doing = position ? 'watch' : 'list'
    if (isGone(outcome.error)) position = undefined
    return recovery.failed(outcome, doing)
  }
  const run = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      const outcome = await attempt(signal)
      if (signal.aborted) return
      if (outcome.error === undefined) recovery.succeeded()
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
