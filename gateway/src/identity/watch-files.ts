/** Looks again and again at files that others replace. */
import type { Clock } from '@gantry/kube/clock.ts'

/** A kubelet itself takes up to a minute to exchange a mounted file. */
const lookMs = 5000

/** @param look reads, and acts on a change @param everyMs milliseconds between looks @returns ends it */
export const watchFiles = (clock: Clock, look: () => void, everyMs = lookMs): (() => void) => {
  let cancel = (): void => {}
  const again = (): void => {
    cancel = clock.after(everyMs, () => {
      look()
      again()
    })
  }
  again()
  return () => cancel()
}
