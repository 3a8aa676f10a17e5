/** Requests whose rows wait for a batch, in order of arrival, and the cutting of batches from them. */
import { beginAnew, type Entry, rowsIn, type Share } from './submission.ts'

export interface Waiting {
  readonly add: (entry: Entry) => void
  /** Takes a request out that is not to run any further. */
  readonly remove: (entry: Entry) => void
  /** The request that the next batch begins with. */
  readonly oldest: () => Entry | undefined
  /** All waiting requests but those of which a piece runs. */
  readonly entries: () => readonly Entry[]
  /** Number of rows that no runner has yet. */
  readonly rows: () => number
  /** Number of requests of which no runner has all rows yet. */
  readonly unfinished: () => number
  /** Requests of which a piece runs and more is to come. */
  readonly begun: () => readonly Entry[]
  /** Requests whose callers have left. */
  readonly gone: () => readonly Entry[]
  /**
   * Takes a batch that begins with the oldest request, so that nothing is overtaken twice by the same later one.
   * @param space most rows of several requests
   * @param piece most rows of the oldest one where it alone has more than that
   */
  readonly cut: (space: number, piece: number) => Share[]
  /** A piece of it has run: what is left goes to the end, so that others pass between the pieces. */
  readonly requeue: (entry: Entry) => void
  /** Puts a request that had begun in front of all others, to run anew, alone and whole. */
  readonly restart: (entry: Entry) => void
  /** Puts the next piece of a request of which another piece runs into the queue, for a runner that would be idle otherwise. */
  readonly requeueOne: () => void
}

export const createWaiting = (): Waiting => {
  let queue: Entry[] = []
  /** Requests of which a piece runs and more is to come. */
  const continued = new Set<Entry>()
  let rows = 0

  /** Takes up to `space` rows of an entry. */
  const take = (entry: Entry, space: number): Share => {
    const from = entry.taken
    const to = Math.min(entry.rows, from + space)
    entry.taken = to
    rows -= to - from
    if (to < entry.rows) continued.add(entry)
    entry.pieces.length += 1
    return { entry, from, to, piece: entry.pieces.length - 1, attempt: entry.attempt }
  }

  const requeue = (entry: Entry): void => {
    if (continued.delete(entry)) queue.push(entry)
  }

  const remove = (entry: Entry): void => {
    const index = queue.indexOf(entry)
    if (index >= 0) queue.splice(index, 1)
    else if (!continued.delete(entry)) return
    rows -= entry.rows - entry.taken
  }

  return {
    add: (entry) => {
      queue.push(entry)
      rows += entry.rows
    },
    remove,
    oldest: () => queue[0],
    entries: () => queue,
    rows: () => rows,
    unfinished: () => queue.length + continued.size,
    begun: () => [...continued],
    gone: () => queue.filter((entry) => entry.gone?.()),
    cut: (space, piece) => {
      const head = queue[0] as Entry
      const shares = [take(head, head.rows - head.taken > space ? Math.max(space, piece) : space)]
      const kept: Entry[] = []
      const mayShare = head.key !== undefined
      let left = space - rowsIn(shares)
      for (const entry of queue) {
        if (entry === head) continue
        const rest = entry.rows - entry.taken
        if (mayShare && entry.key === head.key && rest <= left) {
          shares.push(take(entry, rest))
          left -= rest
        } else kept.push(entry)
      }
      queue = kept
      return shares
    },
    requeue,
    restart: (entry) => {
      remove(entry)
      beginAnew(entry)
      queue.unshift(entry)
      rows += entry.rows
    },
    requeueOne: () => {
      const [begun] = continued
      if (queue.length === 0 && begun) requeue(begun)
    },
  }
}
