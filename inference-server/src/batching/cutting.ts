/** Chooses the waiting rows that run next, and together. */
import type { BatchPlan } from './batch-plan.ts'
import type { Shift } from './runners.ts'
import type { Entry, Share } from './submission.ts'
import type { Waiting } from './waiting.ts'

/**
 * The batch that runs next. Runners that are free share what waits, but what fits in a run is not cut for that.
 * @param oldest the request that it begins with
 */
export const cutBatch = (
  oldest: Entry,
  waiting: Waiting,
  plan: BatchPlan,
  shift: Pick<Shift, 'runners' | 'running'>,
): Share[] => {
  const runners = shift.runners()
  const free = Math.max(1, runners.count - shift.running())
  const rest = oldest.rows - oldest.taken
  const room = plan.roomFor(oldest, runners)
  const piece = plan.pieceOf(oldest, runners, waiting.unfinished() > 1)
  return waiting.cut(
    Math.min(room, Math.max(rest, Math.ceil(waiting.rows() / free))),
    Math.min(piece, Math.max(room, Math.ceil(rest / free))),
  )
}
