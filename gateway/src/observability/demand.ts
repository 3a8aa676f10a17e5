/** GET /demand: what the verdict about a canary is computed from. */
import type { Demand } from '@gantry/contract/gateway.ts'
import type { Directory } from '../models/directory.ts'

/** @param instance name of the pod, or of the machine @param startedAt RFC 3339, UTC */
export const demandOf = (directory: Directory, instance: string, startedAt: string): Demand => ({
  instance,
  startedAt,
  models: directory.all().flatMap(({ key, demand }) =>
    demand.cells().map(({ revision, step, weight, counts: { stable, canary } }) => ({
      ...{ model: key, revision, step, weight },
      stable: { ...stable },
      canary: { ...canary },
    })),
  ),
})
