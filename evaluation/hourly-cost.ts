/** What a model costs for an hour by a price sheet. */
import { quoted } from '@gantry/contract/plain-text.ts'
import { holds, type NodeRule, type Prices } from './prices.ts'

/** Amounts by resource name: cores of cpu, bytes of memory, pieces of extended resources such as nvidia.com/gpu. */
export type Amounts = Readonly<Record<string, number>>

export interface PricedNode {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  /** What pods may ask for, as status.allocatable says. */
  readonly allocatable: Amounts
}

/** A pod, or what a pod would ask for, on its node. */
export interface PlacedPod {
  readonly node: PricedNode
  readonly requests: Amounts
}

export interface Volume {
  /** 10^9 bytes. */
  readonly gb: number
  /** Undefined where the claim names none. */
  readonly storageClass: string | undefined
}

export interface Workload {
  readonly pods: readonly PlacedPod[]
  readonly volumes: readonly Volume[]
  readonly requestsPerHour: number
}

/** Money for an hour, in the currency of the sheet. */
export interface HourlyCost {
  /** Storage, which is paid whether or not anything runs. */
  readonly base: number
  /** The pods' shares of their nodes, and their GPUs. */
  readonly hardware: number
  /** Requests. */
  readonly inference: number
  readonly total: number
}

/** Why there is no cost: a sentence that names what the sheet lacks. */
export interface UnknownCost {
  readonly unknown: string
}

/** Hours of a month, as clouds bill: 365 x 24 / 12. */
export const hoursPerMonth = 730

/** Amounts of money are compared and shown in millionths: below any price, and above the rounding of doubles. */
const millionths = 1e6

export const rounded = (money: number): number => Math.round(money * millionths) / millionths

/** Whether an amount is above a limit by a millionth at least. */
export const exceeds = (money: number, limit: number): boolean =>
  Math.round(money * millionths) > Math.round(limit * millionths)

const amount = /^\d{1,9}(\.\d{1,6})?$/

/** Money as a spec gives it, such as "2.50"; undefined for another text. */
export const readMoney = (text: string): number | undefined => (amount.test(text) ? Number(text) : undefined)

class Unpriced extends Error {}

const most = 5
/** Labels as a sentence names them, those of a machine's kind first, since rules are made from them. */
const shownLabels = (labels: Readonly<Record<string, string>>): string => {
  const names = Object.keys(labels).sort()
  const telling = names.filter((name) => /instance-type|gpu\.product|accelerator|zone$/.test(name))
  const first = [...new Set([...telling, ...names])].slice(0, most)
  const pairs = first.map((name) => `${name}=${labels[name]}`).join(', ')
  const rest = names.length > most ? `, and ${names.length - most} more` : ''
  return names.length === 0 ? '' : ` (${quoted(pairs)}${rest})`
}

const ruleFor = <Rule extends Pick<NodeRule, 'labels'>>(
  rules: readonly Rule[],
  { labels }: PricedNode,
): Rule | undefined => rules.find((rule) => holds(rule.labels, labels))

const isGpu = (resource: string): boolean => resource.includes('/')

const gpuRuleFor = ({ gpus = [] }: Prices, node: PricedNode, resource: string) =>
  ruleFor(
    gpus.filter((rule) => rule.resource === resource),
    node,
  )

/** The part of a node that a pod keeps from others: the largest of its shares of CPU, of memory, and of GPUs that have no price of their own. */
const shareOf = (prices: Prices, { node, requests }: PlacedPod): number => {
  const names = Object.keys(requests).filter(
    (name) => name === 'cpu' || name === 'memory' || (isGpu(name) && !gpuRuleFor(prices, node, name)),
  )
  const shares = names.map((name) => {
    const [requested = 0, allocatable = 0] = [requests[name], node.allocatable[name]]
    if (requested === 0) return 0
    if (allocatable > 0) return requested / allocatable
    throw new Unpriced(
      `no price for ${name} on node ${node.name}: the node does not say how much of it there is. Give it a price in gpus of the price sheet`,
    )
  })
  return Math.min(Math.max(...shares, 0), 1)
}

const hardwareOf = (prices: Prices, pod: PlacedPod): number => {
  const { node, requests } = pod
  const gpus = Object.entries(requests)
    .filter(([name]) => isGpu(name))
    .map(([name, count]) => count * (gpuRuleFor(prices, node, name)?.perHour ?? 0))
  const gpuCost = gpus.reduce((sum, cost) => sum + cost, 0)
  if (!prices.nodes) return gpuCost
  const rule = ruleFor(prices.nodes, node)
  if (rule) return shareOf(prices, pod) * rule.perHour + gpuCost
  throw new Unpriced(
    `no price for node ${node.name}: no rule in nodes of the price sheet matches its labels${shownLabels(node.labels)}. Add a rule, or one without labels for all other nodes`,
  )
}

const storageOf = ({ storage }: Prices, { gb, storageClass }: Volume): number => {
  if (!storage) return 0
  const rule = storage.find((one) => one.storageClass === undefined || one.storageClass === storageClass)
  if (rule) return (gb * rule.perGbMonth) / hoursPerMonth
  const what =
    storageClass === undefined ? 'a volume without a storage class' : `storage class ${storageClass}`
  throw new Unpriced(
    `no price for ${what}: no rule in storage of the price sheet matches. Add a rule, or one without storageClass for all others`,
  )
}

const sumOf = (costs: readonly number[]): number => costs.reduce((sum, cost) => sum + cost, 0)

/** The cost of an hour of a workload. */
export const hourlyCost = (
  prices: Prices,
  { pods, volumes, requestsPerHour }: Workload,
): HourlyCost | UnknownCost => {
  try {
    const base = sumOf(volumes.map((volume) => storageOf(prices, volume)))
    const hardware = sumOf(pods.map((pod) => hardwareOf(prices, pod)))
    const inference = requestsPerHour * prices.perRequest
    return { base, hardware, inference, total: base + hardware + inference }
  } catch (error) {
    if (error instanceof Unpriced) return { unknown: error.message }
    throw error
  }
}
