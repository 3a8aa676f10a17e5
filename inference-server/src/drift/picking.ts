/** Which rows are looked at: all while few come, and a share of them, each as likely as any other, while many do. */

/** Time between two rows that are looked at, on average, under load: 100 a second cost less than a thousandth of a core. */
const intervalMs = 10
/** Rows of one request that are looked at, about. */
const mostOfRequest = 32

/** @returns told the rows of a request, which of them are looked at */
export type Pick = (rows: number) => readonly number[]

const none: readonly number[] = []

/** @param random from 0 to 1 */
export const createPick = (nowMs: () => number, random: () => number): Pick => {
  /** Rows until the next one that is looked at. */
  let left = 1
  /** Rows from one to the next on average. */
  let stride = 1
  let sinceMs = nowMs()
  let passed = 0
  const adapt = (): void => {
    const spentMs = nowMs() - sinceMs
    if (spentMs < intervalMs && passed < stride * 4) return
    // Half of the old stride, so that one pause does not make the next burst expensive.
    const wanted = (passed * intervalMs) / Math.max(spentMs, 0.001)
    stride = Math.max(1, (stride + wanted) / 2)
    sinceMs = nowMs()
    passed = 0
  }
  return (rows) => {
    passed += rows
    if (left > rows) {
      left -= rows
      return none
    }
    const mean = Math.max(stride, rows / mostOfRequest)
    const picked: number[] = []
    let at = left - 1
    while (at < rows) {
      picked.push(at)
      // Any gap from 1 to twice the mean: a rhythm of the callers cannot meet it.
      at += 1 + Math.floor(random() * (2 * mean - 1))
    }
    left = at - rows + 1
    adapt()
    return picked
  }
}
