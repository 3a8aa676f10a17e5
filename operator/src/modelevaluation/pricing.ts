/** What an hour of a candidate costs by the price sheet that spec names. */
import type { Measurement } from '@gantry/contract/evaluation.ts'
import { quoted } from '@gantry/contract/plain-text.ts'
import { articleCost, type CostOf } from '@gantry/evaluation/cost.ts'
import { hourlyCost, type PricedNode, type UnknownCost } from '@gantry/evaluation/hourly-cost.ts'
import { type Prices, pricesKey } from '@gantry/evaluation/prices.ts'
import type { LiveConfigMap } from '@gantry/kube/live.ts'
import { parseQuantity } from '@gantry/kube/quantity.ts'
import { ConfigMap } from '@gantry/kube/resources.ts'
import { pricesIn } from '../cost/sheet.ts'
import type { Finding } from '../runtime/finding.ts'
import { withDefaults } from '../runtime/quantities.ts'
import type { ModelEvaluation } from './model-evaluation.ts'
import type { CandidateRecord } from './record.ts'
import { measurementsOf } from './results.ts'
import { devicesOf } from './run.ts'
import type { World } from './world.ts'

/** How candidates are priced; without a finding where every price is known or no sheet is named. */
export interface Pricing {
  readonly costOf: CostOf
  readonly finding?: Finding
}

const gigabyte = 1e9
const defaultRequestsPerHour = 1000
const field = 'spec.costModel.prices.configMapRef'

type Nodes = ReadonlyMap<string, PricedNode | UnknownCost>

/** What the pod that measured asks for: a server of this candidate would ask for the same. */
const requestsOf = ({ spec }: ModelEvaluation, { config }: Pick<World, 'config'>) => {
  const { requests } = withDefaults(config.evaluations.resources, spec.serve?.resources)
  const amounts = Object.entries({ ...requests, ...devicesOf(spec.serve) }).map(([name, amount]) => [
    name,
    parseQuantity(amount) ?? 0,
  ])
  return Object.fromEntries(amounts) as Readonly<Record<string, number>>
}

const byPrices =
  (world: Pick<World, 'config'>, evaluation: ModelEvaluation, prices: Prices, nodes: Nodes): CostOf =>
  ({ hardware, sizeBytes }: Measurement) => {
    if (hardware.node === undefined)
      return { unknown: 'no price: the node where it was measured is not known' }
    const node = nodes.get(hardware.node) ?? { unknown: `no price: node ${hardware.node} is not known` }
    if ('unknown' in node) return node
    return hourlyCost(prices, {
      pods: [{ node, requests: requestsOf(evaluation, world) }],
      volumes: [{ gb: sizeBytes / gigabyte, storageClass: undefined }],
      requestsPerHour: evaluation.spec.expectedRequestsPerHour ?? defaultRequestsPerHour,
    })
  }

const unpriced = (reason: Finding['reason'], message: string): Pricing => ({
  costOf: () => ({ unknown: message }),
  finding: { reason, message, retry: 'never', afterMs: lookAgainMs },
})

/** A price sheet has no label of ours, so that no watch tells of its change. */
export const lookAgainMs = 60_000

/** The price sheet that spec names, or why it cannot be used; undefined where spec names none. */
export type NamedSheet = Prices | Pricing | undefined

export const namedSheet = async (
  { kube }: Pick<World, 'kube'>,
  { metadata, spec }: ModelEvaluation,
): Promise<NamedSheet> => {
  const name = spec.costModel?.prices?.configMapRef.name
  if (name === undefined) return undefined
  const map = await kube.get<LiveConfigMap>(ConfigMap, metadata.namespace, name)
  const read = map && pricesIn(map)
  if (!read) {
    const lacking = map ? `has no key ${pricesKey}` : 'does not exist'
    return unpriced(
      'MissingConfigMap',
      `ConfigMap ${name} in namespace ${metadata.namespace} ${lacking}, so that no candidate has a cost. Create it as docs/cost.md says, or correct its name in ${field}.`,
    )
  }
  if (read.kind === 'prices') return read.prices
  return unpriced(
    'PricesInvalid',
    `The price sheet in ConfigMap ${name} of ${field} cannot be used: ${quoted(read.problems.join('; '))}. Correct it.`,
  )
}

/** The nodes where candidates were measured: as they are, or as they were then where they are gone. */
const nodesOf = async (
  { costs }: Pick<World, 'costs'>,
  records: readonly CandidateRecord[],
): Promise<Nodes> => {
  const recorded = new Map(records.flatMap(({ node }) => (node ? [[node.name, node] as const] : [])))
  const names = new Set(measurementsOf(records).flatMap(({ hardware }) => hardware.node ?? []))
  const found = [...names].map(async (name) => {
    const node = await costs.node(name)
    return [name, 'unknown' in node ? (recorded.get(name) ?? node) : node] as const
  })
  return new Map(await Promise.all(found))
}

/** @param records of what there is to price */
export const pricingOf = async (
  world: Pick<World, 'config' | 'costs'>,
  evaluation: ModelEvaluation,
  sheet: NamedSheet,
  records: readonly CandidateRecord[],
): Promise<Pricing> => {
  if (!sheet) return { costOf: articleCost(evaluation.spec) }
  if ('costOf' in sheet) return sheet
  const costOf = byPrices(world, evaluation, sheet, await nodesOf(world, records))
  const unknown = measurementsOf(records)
    .map(costOf)
    .find((cost) => 'unknown' in cost)
  if (!unknown || !('unknown' in unknown)) return { costOf }
  const message = `There is ${quoted(unknown.unknown)}. A candidate without a cost is not eligible.`
  return { costOf, finding: { reason: 'CostUnknown', message, retry: 'never', afterMs: lookAgainMs } }
}
