/** What the gateway counts, for Prometheus. Labels are models that exist, their tracks and classes of statuses: callers cannot add any. */

import { type Track, tracks } from '@gantry/contract/gateway.ts'
import { gatewayMetrics as names } from '@gantry/contract/metrics.ts'
import { type Metric, Registry } from 'prom-client'
import type { ServedModel } from '../balancing/served-model.ts'
import type { Holding } from '../holding/holding.ts'
import type { Directory } from '../models/directory.ts'
import type { ModelPort } from '../ports/model-ports.ts'
import type { Outcome } from '../proxy/call.ts'
import { createHistogram, type Histogram, type Sample, type Series, series } from './series.ts'

/** Seconds. From a tiny model on the same machine to the deadline of a large one. */
const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]
/** 4xx has 499, a caller that left. */
const classes = ['2xx', '3xx', '4xx', '5xx'] as const

interface TrackCounts {
  readonly byClass: Float64Array
  readonly seconds: Histogram
}

interface Counts {
  readonly tracks: Readonly<Record<Track, TrackCounts>>
  inFlight: number
  retries: number
  ejections: number
  /** Requests that no endpoint was asked for. */
  unserved: number
}

const newTrack = (): TrackCounts => ({
  byClass: new Float64Array(classes.length),
  seconds: createHistogram(bounds),
})
const newCounts = (): Counts => ({
  tracks: { stable: newTrack(), canary: newTrack() },
  ...{ inFlight: 0, retries: 0, ejections: 0, unserved: 0 },
})

const classOf = (status: number): number =>
  Math.min(classes.length - 1, Math.max(0, Math.floor(status / 100) - 2))

export interface Metrics {
  readonly began: (served: ServedModel) => void
  readonly ended: (served: ServedModel, outcome: Outcome, ms: number) => void
  readonly ejected: (served: ServedModel) => void
  readonly refused: (kind: string) => void
  readonly text: () => Promise<string>
}

/** Requests that wait for models to wake, and how long models took. */
const wakeSeries = (directory: Directory, holding: Holding): readonly Series[] => {
  const each =
    (read: (held: ReturnType<Holding['of']>, labels: Sample['labels']) => readonly Sample[]) => () =>
      directory.all().flatMap((served) => {
        const { namespace, name, sleep } = served.model()
        return sleep ? read(holding.of(served), { namespace, model: name }) : []
      })
  return [
    series(
      names.held,
      'Requests that wait for a model to wake',
      'gauge',
      each(({ waiting }, labels) => [{ labels, value: waiting }]),
    ),
    series(
      names.wake,
      'From the first request that was held to the first answer',
      'histogram',
      each(({ wakes }, labels) => wakes.samples(names.wake, labels)),
    ),
  ]
}

/** Endpoints of each track, told apart by whether they get requests. */
const endpointSeries = (directory: Directory): Series =>
  series(names.endpoints, 'Endpoints, and those that are ejected', 'gauge', () =>
    directory.all().flatMap((served) =>
      tracks.flatMap((track) => {
        const labels = { namespace: served.model().namespace, model: served.model().name, track }
        const upstreams = served.upstreams(track)
        const ejected = upstreams.filter(({ ejectedUntilMs }) => ejectedUntilMs !== 0).length
        return [
          { labels: { ...labels, state: 'open' }, value: upstreams.length - ejected },
          { labels: { ...labels, state: 'ejected' }, value: ejected },
        ]
      }),
    ),
  )

const seriesOf = (
  directory: Directory,
  of: (served: ServedModel) => Counts,
  refused: ReadonlyMap<string, number>,
): readonly Series[] => {
  const labelsOf = (served: ServedModel) => {
    const { namespace, name } = served.model()
    return { namespace, model: name }
  }
  const each = (read: (counted: Counts, labels: Sample['labels']) => readonly Sample[]) => () =>
    directory.all().flatMap((served) => read(of(served), labelsOf(served)))
  const eachTrack = (read: (counted: TrackCounts, labels: Sample['labels']) => readonly Sample[]) =>
    each((counted, labels) => tracks.flatMap((track) => read(counted.tracks[track], { ...labels, track })))
  const one = (name: string, help: string, type: Series['type'], read: (counted: Counts) => number): Series =>
    series(
      name,
      help,
      type,
      each((counted, labels) => [{ labels, value: read(counted) }]),
    )

  return [
    series(
      names.requests,
      'Requests that an endpoint was asked for, by class of the status',
      'counter',
      eachTrack((counted, labels) =>
        classes.map((status, at) => ({
          labels: { ...labels, status },
          value: counted.byClass[at] as number,
        })),
      ),
    ),
    series(
      names.requestDuration,
      'From the request to the end of its answer',
      'histogram',
      eachTrack((counted, labels) => counted.seconds.samples(names.requestDuration, labels)),
    ),
    one(names.inFlight, 'Requests without a whole answer', 'gauge', ({ inFlight }) => inFlight),
    one(names.retries, 'Requests that were sent to a further endpoint', 'counter', ({ retries }) => retries),
    one(
      names.ejections,
      'Endpoints that got no requests for a while after failures',
      'counter',
      ({ ejections }) => ejections,
    ),
    one(names.unserved, 'Requests for which no endpoint was ready', 'counter', ({ unserved }) => unserved),
    endpointSeries(directory),
    series(names.refused, 'Requests that reached no model, by reason', 'counter', () =>
      [...refused].map(([kind, value]) => ({ labels: { kind }, value })),
    ),
  ]
}

/** Ports that lead to one model each. */
const portSeries = (ports: () => readonly ModelPort[]): Series =>
  series(names.modelPorts, 'Ports that lead to one model, by whether they are open', 'gauge', () =>
    ports().map(({ key, state }) => {
      const [namespace = '', model = ''] = key.split('/')
      return { labels: { namespace, model, state }, value: 1 }
    }),
  )

export const createMetrics = (
  directory: Directory,
  holding: Holding,
  ports: () => readonly ModelPort[],
): Metrics => {
  const counts = new WeakMap<ServedModel, Counts>()
  const refused = new Map<string, number>()
  const of = (served: ServedModel): Counts => {
    const found = counts.get(served) ?? newCounts()
    counts.set(served, found)
    return found
  }
  const registry = new Registry()
  for (const metric of [
    ...seriesOf(directory, of, refused),
    ...wakeSeries(directory, holding),
    portSeries(ports),
  ])
    registry.registerMetric(metric as unknown as Metric)
  return {
    began: (served) => {
      of(served).inFlight += 1
    },
    ended: (served, { upstream, status, retries }, ms) => {
      const counted = of(served)
      counted.inFlight -= 1
      counted.retries += retries
      if (!upstream) {
        counted.unserved += 1
        return
      }
      const { byClass, seconds } = counted.tracks[upstream.track]
      const at = classOf(status)
      byClass[at] = (byClass[at] as number) + 1
      seconds.observe(ms / 1000)
    },
    ejected: (served) => {
      of(served).ejections += 1
    },
    refused: (kind) => void refused.set(kind, (refused.get(kind) ?? 0) + 1),
    text: () => registry.metrics(),
  }
}
