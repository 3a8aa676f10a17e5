/** Gauges of costs, written at a scrape from the last measurement, so that series of deleted models end with them. */
import { costMetrics as names } from '@gantry/contract/metrics.ts'
import { Gauge, type Registry } from 'prom-client'
import type { Measured } from './costs.ts'
import { perThousandOf, ratePerHour, type Spent, sumOf } from './window.ts'
import type { Sheet } from './world.ts'

export interface CostSources {
  readonly sheet: () => Sheet
  readonly measured: () => readonly Measured[]
}

type Labels = Readonly<Record<string, string>>

export interface CostSample {
  readonly name: string
  readonly labels: Labels
  readonly value: number
}

/** Storage belongs to all versions of a model. */
const allVersions = ''

/** Idle money of an hour as it was spent in the last measurement. */
const idlePerHour = (window: readonly Spent[], version: string): number | undefined => {
  const last = window.at(-1)
  const spent = last?.versions.get(version)
  return last && spent ? ratePerHour(last, spent.idle) : undefined
}

const versionSamples = ({ model, book }: Measured, perRequest: number, common: Labels): CostSample[] => {
  const sum = sumOf(book.window)
  const versions = new Set([...model.pods.map(({ version }) => version), ...sum.versions.keys()])
  return [...versions].flatMap((version) => {
    const labels = { ...common, version }
    const pods = model.pods.filter((pod) => pod.version === version)
    const hardware = pods.reduce((money, { uid }) => money + (book.rates?.pods.get(uid) ?? 0), 0)
    const inference = ratePerHour(sum, sum.versions.get(version)?.answered ?? 0) * perRequest
    const idle = pods.length > 0 ? idlePerHour(book.window, version) : undefined
    const perThousand = perThousandOf(sum, version, perRequest)
    return [
      { name: names.hourly, labels: { ...labels, part: 'hardware' }, value: hardware },
      { name: names.hourly, labels: { ...labels, part: 'inference' }, value: inference },
      ...(idle === undefined ? [] : [{ name: names.idle, labels, value: idle }]),
      ...(perThousand
        ? [
            { name: names.perThousand, labels: { ...labels, part: 'busy' }, value: perThousand.busy },
            { name: names.perThousand, labels: { ...labels, part: 'idle' }, value: perThousand.idle },
          ]
        : []),
    ]
  })
}

/** All samples of a measurement. Models without a price have none. */
export const samplesOf = ({ sheet, measured }: CostSources): readonly CostSample[] => {
  const known = sheet()
  if (known.kind !== 'known') return []
  const { currency, perRequest } = known.prices
  const samples = measured().flatMap((one): CostSample[] => {
    const { rates } = one.book
    if (!rates) return []
    const common = { namespace: one.model.namespace, model: one.model.name, currency }
    const base = { ...common, version: allVersions, part: 'base' }
    return [
      { name: names.hourly, labels: base, value: rates.base },
      ...versionSamples(one, perRequest, common),
      ...(one.model.budget === undefined
        ? []
        : [{ name: names.budget, labels: common, value: one.model.budget }]),
    ]
  })
  const totals = new Map<string, number>()
  for (const { name, labels, value } of samples) {
    const namespace = labels['namespace'] ?? ''
    if (name === names.hourly) totals.set(namespace, (totals.get(namespace) ?? 0) + value)
  }
  const perNamespace = [...totals].map(([namespace, value]) => ({
    ...{ name: names.namespace, labels: { namespace, currency }, value },
  }))
  return [...samples, ...perNamespace]
}

const helps: Readonly<Record<(typeof names)[keyof typeof names], readonly [string, readonly string[]]>> = {
  [names.hourly]: [
    'Money for an hour: storage (base, without a version), shares of nodes and GPUs (hardware), requests (inference)',
    ['namespace', 'model', 'version', 'part', 'currency'],
  ],
  [names.idle]: [
    'The part of hardware for an hour that paid for capacity which was not used',
    ['namespace', 'model', 'version', 'currency'],
  ],
  [names.perThousand]: [
    'Money for a thousand answered requests in the last hour; the part idle paid for capacity that was not used',
    ['namespace', 'model', 'version', 'part', 'currency'],
  ],
  [names.namespace]: ['Money for an hour of all models of a namespace', ['namespace', 'currency']],
  [names.budget]: ['spec.budget.hourly', ['namespace', 'model', 'currency']],
}

export const observeCosts = (registers: Registry[], sources: CostSources): void => {
  for (const [name, [help, labelNames]] of Object.entries(helps))
    new Gauge({
      ...{ registers, name, help },
      labelNames: [...labelNames],
      collect() {
        this.reset()
        for (const sample of samplesOf(sources))
          if (sample.name === name) this.set(sample.labels, sample.value)
      },
    })
}
