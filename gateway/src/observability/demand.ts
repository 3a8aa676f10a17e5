/** GET /demand: what the verdict about a canary is computed from. */
import type { Demand, Track } from '@gantry/contract/gateway.ts'
import type { DemandCell } from '../balancing/demand-book.ts'
import type { Directory } from '../models/directory.ts'

type Counts = DemandCell['counts'][Track]

const trackDemand = ({ requests, errors, slow, overLimit, latencies }: Counts, { limitMs }: DemandCell) => {
  const histogram = latencies.histogram()
  return {
    ...{ requests, errors, slow },
    ...(limitMs !== undefined && { overLimit }),
    ...(histogram && { latencies: histogram }),
  }
}

/** @param instance name of the pod, or of the machine @param startedAt RFC 3339, UTC */
export const demandOf = (directory: Directory, instance: string, startedAt: string): Demand => ({
  instance,
  startedAt,
  models: directory.all().flatMap(({ key, demand }) =>
    demand.cells().map((cell) => ({
      ...{ model: key, revision: cell.revision, step: cell.step, weight: cell.weight },
      stable: trackDemand(cell.counts.stable, cell),
      canary: trackDemand(cell.counts.canary, cell),
      ...(cell.sticky !== undefined && { sessions: { uncounted: cell.counts.uncounted } }),
    })),
  ),
})
