/** Which rows are looked at: all while few come, and a share of them, each as likely as any other, while many do. */

/** Time between two rows that are looked at, on average, under load: 100 a second cost less than a thousandth of a core. */
const intervalMs = 10
/** Time over which the rate of rows is measured: bursts and the pauses between them count together, and a burst after a long pause costs milliseconds. */
const rateMs = 2000
/** Rows at the start of which all are looked at, so that a judgement does not have to wait: about 10 ms of one core, once. */
const firstRows = 1000
/** Rows of one request that are looked at, about. */
const mostOfRequest = 32

/** Requests between two looks at the clock, and the time without a look after which the next row is looked at: load may have ended. */
const requestsOfLook = 16
const longestPauseMs = 1000

/** @returns told the rows of a request, which of them are looked at */
export type Pick = (rows: number) => readonly number[]

const none: readonly number[] = []

/** @param random from 0 to 1 */
export const createPick = (nowMs: () => number, random: () => number): Pick => {
  /** Rows until the next one that is looked at. */
  let left = 1
  /** Rows from one to the next on average. */
  let stride = 1
  /** Rows in a millisecond, lately. */
  let rate = 0
  let sinceMs = nowMs()
  let passed = 0
  let looked = 0
  let requests = 0
  const adapt = (): void => {
    const spentMs = nowMs() - sinceMs
    if (spentMs < intervalMs && passed < stride * 4) return
    const kept = Math.exp(-spentMs / rateMs)
    // Rows that came within no time count for the time that they stand for.
    rate = rate * kept + (spentMs > 0 ? (passed / spentMs) * (1 - kept) : passed / rateMs)
    stride = Math.max(1, rate * intervalMs)
    sinceMs = nowMs()
    passed = 0
  }
  const hasPaused = (): boolean => {
    requests += 1
    return requests % requestsOfLook === 0 && nowMs() - sinceMs > longestPauseMs
  }
  return (rows) => {
    passed += rows
    if (left > rows && hasPaused()) left = 1 + Math.floor(random() * rows)
    if (left > rows) {
      left -= rows
      return none
    }
    const mean = Math.max(looked < firstRows ? 1 : stride, rows / mostOfRequest)
    const picked: number[] = []
    let at = left - 1
    while (at < rows) {
      picked.push(at)
      // Any gap from 1 to twice the mean: a rhythm of the callers cannot meet it.
      at += 1 + Math.floor(random() * (2 * mean - 1))
    }
    left = at - rows + 1
    looked += picked.length
    adapt()
    return picked
  }
}
