/** Labels and capacity of the nodes that models run on. */
import type { PricedNode, UnknownCost } from '@gantry/evaluation/hourly-cost.ts'
import type { Clock } from '@gantry/kube/clock.ts'
import { ApiError } from '@gantry/kube/errors.ts'
import type { LiveNode } from '@gantry/kube/live.ts'
import type { Log } from '@gantry/kube/log.ts'
import type { Kube } from '@gantry/kube/objects.ts'
import { parseQuantity } from '@gantry/kube/quantity.ts'
import { Node } from '@gantry/kube/resources.ts'

/** Labels and capacity of a node hardly ever change, and a node is some 20 KB on the wire. */
const freshMs = 600_000
/** More nodes than a cluster has (5,000); each takes some 2 KB. */
const mostNodes = 6_000

/** `gone`: there is no such node any more, so that nobody pays for it. */
export type FoundNode = PricedNode | UnknownCost | 'gone'

export interface NodesOptions {
  readonly kube: Pick<Kube, 'get'>
  readonly clock: Pick<Clock, 'elapsed'>
  readonly log: Log
}

const pricedNode = ({ metadata, status }: LiveNode): PricedNode => ({
  name: metadata.name,
  labels: metadata.labels ?? {},
  allocatable: Object.fromEntries(
    Object.entries(status?.allocatable ?? {}).map(([name, amount]) => [name, parseQuantity(amount) ?? 0]),
  ),
})

/** @returns reads a node; a refusal is told once in the log */
export const nodeReader = ({ kube, clock, log }: NodesOptions): ((name: string) => Promise<FoundNode>) => {
  const known = new Map<string, { readonly node: FoundNode; readonly at: number }>()
  let isRefusalTold = false

  const keep = (name: string, node: FoundNode): FoundNode => {
    known.delete(name)
    known.set(name, { node, at: clock.elapsed() })
    const [oldest] = known.keys()
    if (known.size > mostNodes && oldest !== undefined) known.delete(oldest)
    return node
  }
  return async (name) => {
    const found = known.get(name)
    if (found && clock.elapsed() - found.at < freshMs) return found.node
    try {
      const live = await kube.get<LiveNode>(Node, undefined, name)
      return keep(name, live ? pricedNode(live) : 'gone')
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 403) throw error
      const message = `node ${name} cannot be read, so its price is not known: give the operator the right to get nodes, as the chart does with cost.enabled`
      if (!isRefusalTold) log.warn('no costs are computed', { reason: 'CostUnknown', message })
      isRefusalTold = true
      return keep(name, { unknown: message })
    }
  }
}
