/** What became of the requests that were chosen for the shadow, for Prometheus. */
import { gatewayMetrics as names } from '@gantry/contract/metrics.ts'
import type { ServedModel } from '../balancing/served-model.ts'
import type { Directory } from '../models/directory.ts'
import { type Series, series } from '../observability/series.ts'
import type { Result } from './counts.ts'

export interface ShadowSeries {
  readonly count: (served: ServedModel, result: Result) => void
  readonly series: Series
}

export const createShadowSeries = (directory: Directory): ShadowSeries => {
  /** Counts by model, and then by result and reason: both are of fixed sets. */
  const counts = new WeakMap<ServedModel, Map<string, number>>()
  const samplesOf = (served: ServedModel) => {
    const { namespace, name: model } = served.model()
    return [...(counts.get(served) ?? [])].map(([key, value]) => {
      const [result = '', reason = ''] = key.split(' ')
      return { labels: { namespace, model, result, reason }, value }
    })
  }
  return {
    count: (served, result) => {
      const ofModel = counts.get(served) ?? new Map<string, number>()
      const key = `${result.kind} ${'reason' in result ? result.reason : ''}`
      counts.set(served, ofModel.set(key, (ofModel.get(key) ?? 0) + 1))
    },
    series: series(
      names.shadow,
      'Requests that were chosen for a copy to the canary, by what became of it',
      'counter',
      () => directory.all().flatMap(samplesOf),
    ),
  }
}
