import type { KubeClient } from './client.ts'
import type { Clock } from './clock.ts'
import type { Resource, Selector } from './objects.ts'
import type { WatchEvent } from './watch.ts'

export interface FollowerOptions {
  readonly kube: Pick<KubeClient, 'watch'>
  readonly resource: Resource
  readonly selector: Selector
  readonly clock: Clock
  /** Called with every answer or chunk of the API server. */
  readonly onContact: () => void
  readonly onEvent: (event: WatchEvent) => void
}

export interface WatchTiming {
  /** Asked of the API server, which then ends the watch; up to a tenth more, so that watches do not end together. */
  readonly watchSeconds: number
  /** How much longer a watch may live before it counts as dead, and how long it may take to begin. */
  readonly graceMs: number
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

/** One watch from a resourceVersion to its end. It is given up where it does not begin, or outlives its time in silence. */
export const createFollower = (options: FollowerOptions, { watchSeconds, graceMs }: WatchTiming) => {
  const { kube, resource, selector, clock, onContact, onEvent } = options
  return async (resourceVersion: string, outer: AbortSignal): Promise<void> => {
    const timeoutSeconds = Math.ceil(watchSeconds * (1 + Math.random() / 10))
    const life = guard(outer, clock)
    let isOpen = false
    const heard = (): void => {
      onContact()
      if (!isOpen) life.arm(timeoutSeconds * 1000 + graceMs, 'the watch went silent')
      isOpen = true
    }
    life.arm(graceMs, 'the watch did not begin')
    try {
      const watch = { resourceVersion, timeoutSeconds, signal: life.signal, onContact: heard }
      for await (const event of kube.watch(resource, selector, watch)) onEvent(event)
    } catch (error) {
      throw life.signal.aborted ? life.signal.reason : error
    } finally {
      life.release()
    }
  }
}
