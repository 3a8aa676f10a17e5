/** Objects as they are, and each time they change. */
import { ApiError } from '@gantry/kube/errors.ts'
import type { KubernetesObject, Resource, Selector } from '@gantry/kube/objects.ts'
import type { Session } from './session.ts'

/** The API server ends a watch after this time, and another one follows. */
const watchSeconds = 300
/** A connection that died without a word is given up when the API server should have ended the watch. */
const mostWatchMs = (watchSeconds + 30) * 1000
/** Least time between the beginnings of two attempts: an API server that does not answer, or ends each watch, gets no more. */
const pauseMs = 2_000

export type Tell = (object: KubernetesObject, isGone: boolean) => void

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
    if (signal.aborted) resolve()
  })

/** Whether another attempt may succeed: not where the API server refuses what is asked. */
const mayPass = (error: unknown): boolean =>
  !(error instanceof ApiError) || error.code === 410 || error.code === 429 || error.code >= 500

/** One list, and one watch to its end. @param onListed called when the list has come */
const followOnce = async (
  { kube }: Session,
  resource: Resource,
  selector: Selector,
  tell: Tell,
  signal: AbortSignal,
  onListed: () => void,
): Promise<void> => {
  const { items, resourceVersion } = await kube.listAll(resource, selector)
  onListed()
  for (const item of items) tell(item, false)
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(mostWatchMs)])
  const options = { resourceVersion, timeoutSeconds: watchSeconds, signal: bounded, onContact: () => {} }
  for await (const { type, object } of kube.watch(resource, selector, options))
    if (type !== 'BOOKMARK') tell(object, type === 'DELETED')
}

/**
 * Lists, then watches, and lists again after a break, until the signal fires.
 * @throws where the first list fails, or the API server refuses a later one
 */
export const follow = async (
  session: Session,
  resource: Resource,
  selector: Selector,
  tell: Tell,
  signal: AbortSignal,
): Promise<void> => {
  let hasListed = false
  const onListed = (): void => {
    hasListed = true
  }
  while (!signal.aborted) {
    const startMs = performance.now()
    await followOnce(session, resource, selector, tell, signal, onListed).catch((error: unknown) => {
      if (signal.aborted) return
      if (!hasListed || !mayPass(error)) throw error
    })
    await pause(Math.max(startMs + pauseMs - performance.now(), 0), signal)
  }
}
