/** GET /demand: what the verdict about a canary is computed from. */
import type { Demand, Track } from '@gantry/contract/gateway.ts'
import type { DemandCell } from '../balancing/demand-book.ts'
import type { Holding } from '../holding/holding.ts'
import type { Directory } from '../models/directory.ts'

const shadowDemand = ({ shadow: { copies, disagreements, uncompared } }: DemandCell) =>
  copies === 0 && uncompared.size === 0
    ? {}
    : {
        shadow: {
          ...{ copies, disagreements },
          ...(uncompared.size > 0 && { uncompared: Object.fromEntries(uncompared) }),
        },
      }

type Counts = DemandCell['counts'][Track]

const trackDemand = ({ requests, errors, slow, overLimit, latencies }: Counts, { limitMs }: DemandCell) => {
  const histogram = latencies.histogram()
  return {
    ...{ requests, errors, slow },
    ...(limitMs !== undefined && { overLimit }),
    ...(histogram && { latencies: histogram }),
  }
}

/** What has come for models that may sleep. */
const activityOf = (directory: Directory, holding: Holding): NonNullable<Demand['activity']> =>
  directory.all().flatMap((served) => {
    if (!served.model().sleep) return []
    const { requests, inFlight, waiting, idleMs } = holding.of(served)
    return [
      {
        ...{ model: served.key, requests, inFlight, waiting },
        ...(idleMs !== undefined && { idleSeconds: Math.max(0, idleMs) / 1000 }),
      },
    ]
  })

/** @param instance name of the pod, or of the machine @param startedAt RFC 3339, UTC */
export const demandOf = (
  directory: Directory,
  holding: Holding,
  { instance, startedAt }: Pick<Demand, 'instance' | 'startedAt'>,
  isActivityOnly: boolean,
  tls: Pick<Demand, 'tls'> = {},
): Demand => ({
  instance,
  startedAt,
  ...tls,
  activity: activityOf(directory, holding),
  models: (isActivityOnly ? [] : directory.all()).flatMap(({ key, demand }) =>
    demand.cells().map((cell) => ({
      ...{ model: key, revision: cell.revision, step: cell.step, weight: cell.weight },
      stable: trackDemand(cell.counts.stable, cell),
      canary: trackDemand(cell.counts.canary, cell),
      ...shadowDemand(cell),
      ...(cell.sticky !== undefined && { sessions: { uncounted: cell.counts.uncounted } }),
    })),
  ),
})
