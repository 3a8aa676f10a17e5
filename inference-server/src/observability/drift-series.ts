/** The drift of versions, read at a scrape. */
import { serverMetrics } from '@gantry/contract/metrics.ts'
import { gauge, type Sample, type Series } from './series.ts'

interface MeasuredFeature {
  readonly name: string
  readonly statistic: string
  readonly distance: { readonly value: number }
  readonly others: Readonly<Record<string, number>>
}

/** What is known of the drift of a version. */
export interface MeasuredDrift {
  readonly isUnusable?: true
  readonly state?: () => { readonly samples: number; readonly features: readonly unknown[] }
  readonly judged?: () => readonly MeasuredFeature[]
}

interface DriftingVersion {
  readonly info: Readonly<Record<string, string>>
  readonly drift: MeasuredDrift
}

/** Features that are told of each version; those that are furthest away. */
const mostFeatures = 16

const featureSamples = (labels: Sample['labels'], feature: MeasuredFeature): readonly Sample[] => {
  const { name, statistic, distance, others } = feature
  return Object.entries({ [statistic]: distance.value, ...others }).map(([which, value]) => ({
    labels: { ...labels, feature: name, statistic: which },
    value,
  }))
}

/** What is said of a version that is compared. */
const stated = ({ isUnusable, state }: MeasuredDrift) => (isUnusable || !state ? [] : [state()])

export const driftSeries = (versions: () => readonly DriftingVersion[]): readonly Series[] => {
  const each = (samplesOf: (version: DriftingVersion, labels: Sample['labels']) => readonly Sample[]) => () =>
    versions().flatMap((one) =>
      samplesOf(one, { model: one.info['model'] ?? '', version: one.info['version'] ?? '' }),
    )
  return [
    gauge(
      serverMetrics.drift,
      'Distance of requests from the reference of the version, of the features that are furthest away.',
      each(({ drift }, labels) =>
        (drift.judged?.() ?? []).slice(0, mostFeatures).flatMap((one) => featureSamples(labels, one)),
      ),
    ),
    gauge(
      serverMetrics.driftSamples,
      'Rows that are compared with the reference.',
      each(({ drift }, labels) => stated(drift).map(({ samples }) => ({ labels, value: samples }))),
    ),
    gauge(
      serverMetrics.driftFeatures,
      'Features that drift.',
      each(({ drift }, labels) => stated(drift).map(({ features }) => ({ labels, value: features.length }))),
    ),
    gauge(
      serverMetrics.driftUnusable,
      '1 where the reference of a version cannot be used.',
      each(({ drift }, labels) => (drift.isUnusable ? [{ labels, value: 1 }] : [])),
    ),
  ]
}
