/** Callers whose address no pod is known by: a pod may call before its kubelet has told the address. */
import type { Clock } from '@gantry/kube/clock.ts'

export interface Newcomers {
  /**
   * @returns a promise that resolves when a pod has the address, or after a few seconds; undefined where that was waited for
   *   lately, so that callers who are no pods wait once
   */
  readonly awaited: (address: string) => Promise<void> | undefined
  /** Pods have these addresses now. */
  readonly arrived: (addresses: readonly string[]) => void
}

/** A kubelet tells a pod's address within about a second of its start, and later on a node that is busy. */
const patienceMs = 3000
/** Time in which the same address is not waited for again, and as many addresses as are remembered. */
const restMs = 60_000
const mostAddresses = 10_000

export const createNewcomers = (clock: Clock): Newcomers => {
  const waiting = new Map<string, PromiseWithResolvers<void>>()
  const restsUntilMs = new Map<string, number>()
  const end = (address: string): void => {
    waiting.get(address)?.resolve()
    waiting.delete(address)
  }
  return {
    awaited: (address) => {
      const known = waiting.get(address)
      if (known) return known.promise
      if (restsUntilMs.size >= mostAddresses) restsUntilMs.clear()
      const isResting = clock.elapsed() < (restsUntilMs.get(address) ?? 0)
      if (isResting || waiting.size >= mostAddresses) return undefined
      restsUntilMs.set(address, clock.elapsed() + restMs)
      const wait = Promise.withResolvers<void>()
      waiting.set(address, wait)
      clock.after(patienceMs, () => end(address))
      return wait.promise
    },
    arrived: (addresses) => {
      for (const address of addresses) {
        restsUntilMs.delete(address)
        end(address)
      }
    },
  }
}
