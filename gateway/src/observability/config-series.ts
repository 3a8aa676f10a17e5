/** Whether the file of models is the one that is served, for Prometheus. */
import { gatewayMetrics as names } from '@gantry/contract/metrics.ts'
import { type Series, series } from './series.ts'

export const configSeries = (isServed: () => boolean): Series =>
  series(
    names.configServed,
    '1: what the file of models says is served; 0: it is broken, and what it said before is served',
    'gauge',
    () => [{ labels: {}, value: isServed() ? 1 : 0 }],
  )
