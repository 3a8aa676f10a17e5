/** The share of requests that a version which is being tried gets, by the status of its model. */
import type { Canary } from '../models/model.ts'
import type { LiveModel } from './live.ts'

/** The default of spec.rollout.abort.latencyMargin. */
const defaultLatencyMargin = 0.1

/** Undefined while nothing is tried. */
export const canaryOf = ({ spec, status }: LiveModel): Canary | undefined => {
  const { canary } = status ?? {}
  if (canary === undefined) return undefined
  const { run, step, weight, slowMs } = canary
  const { latencyMargin = defaultLatencyMargin, maxLatencyP95Ms } = spec?.rollout?.abort ?? {}
  return {
    ...{ revision: run, step, weight },
    slowMs: slowMs === undefined ? undefined : { stable: slowMs, canary: slowMs * (1 + latencyMargin) },
    limitMs: maxLatencyP95Ms,
    sticky: spec?.rollout?.sticky?.header.toLowerCase(),
  }
}
