/** The share of requests that a version which is being tried gets, and its shadow, by spec and status of its model. */
import { comparisonOfTask } from '@gantry/contract/shadow.ts'
import type { Canary, Shadow } from '../models/model.ts'
import { comparisonOf } from '../shadow/compare.ts'
import type { LiveModel } from './live.ts'

/** The default of spec.rollout.abort.latencyMargin. */
const defaultLatencyMargin = 0.1

/** A model without spec.serve.requestLog has no lines. */
const shadowOf = ({ spec }: LiveModel): Shadow | undefined => {
  const { percent, compare, ...bounds } = spec?.rollout?.shadow ?? {}
  if (percent === undefined) return undefined
  const comparison = compare ?? comparisonOfTask(spec?.model?.task)
  return {
    ...{ percent, logMode: spec?.serve?.requestLog?.mode ?? 'off' },
    ...comparisonOf({ ...bounds, compare: comparison }),
  }
}

/** Undefined while nothing is tried. */
export const canaryOf = (model: LiveModel): Canary | undefined => {
  const { spec, status } = model
  const { canary } = status ?? {}
  if (canary === undefined) return undefined
  const { run, step, weight, slowMs } = canary
  const shadow = shadowOf(model)
  const { latencyMargin = defaultLatencyMargin, maxLatencyP95Ms } = spec?.rollout?.abort ?? {}
  return {
    ...{ revision: run, step, weight },
    slowMs: slowMs === undefined ? undefined : { stable: slowMs, canary: slowMs * (1 + latencyMargin) },
    limitMs: maxLatencyP95Ms,
    ...(shadow && { shadow }),
    sticky: spec?.rollout?.sticky?.header.toLowerCase(),
  }
}
