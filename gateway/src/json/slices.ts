/** Long work in slices, between which other requests are answered. */
import { setImmediate as turn } from 'node:timers/promises'

/** Milliseconds that other requests wait for a slice: as long as a small request takes. */
const sliceMs = 2

/** @param work may be left alone at each `yield` @throws what it throws */
export const inSlices = async <Result>(work: Generator<unknown, Result, undefined>): Promise<Result> => {
  let sinceMs = performance.now()
  for (;;) {
    const step = work.next()
    if (step.done) return step.value
    if (performance.now() - sinceMs < sliceMs) continue
    await turn()
    sinceMs = performance.now()
  }
}
