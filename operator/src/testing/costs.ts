/** A price sheet, a node, and servers with counters, for tests of costs in the cluster in memory. */
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { createCosts, type Measuring } from '../cost/costs.ts'
import type { Counters } from '../cost/counters.ts'
import { costedModels } from '../modeldeployment/costed.ts'
import type { World } from '../modeldeployment/world.ts'
import { silentLog, testManager } from './claims.ts'

const operatorNamespace = 'gantry-system'

export const priceSheet = (text: string): KubernetesObject => ({
  ...{ apiVersion: 'v1', kind: 'ConfigMap' },
  metadata: { name: 'gantry-prices', namespace: operatorNamespace },
  data: { 'prices.yaml': text },
})

/** A node of one core, of which a serving pod asks for a quarter. */
export const node = (name: string, labels: Readonly<Record<string, string>> = {}): KubernetesObject => ({
  ...{ apiVersion: 'v1', kind: 'Node', metadata: { name, labels } },
  status: { allocatable: { cpu: '1', memory: '64Gi', pods: '110' } },
})

/** What a server counts, by the address of its pod. */
export type CountersOf = (ip: string) => Counters | undefined

export const counted = (over: Partial<Counters> = {}): Counters => ({
  ...{ startedAt: 1, answered: 0, asked: 0, cpuSeconds: 0, inferSeconds: 0, runs: 0, pending: 0 },
  ...over,
})

/** The measuring of costs of one test, and its clock: that of the cluster. */
export const testCosts = ({ kube, now }: Pick<World, 'kube' | 'now'>, counters: CountersOf): Measuring =>
  createCosts({
    ...{ kube, log: silentLog, namespace: operatorNamespace },
    clock: { now, elapsed: now, after: () => () => {} },
    config: { configMap: 'gantry-prices', intervalSeconds: 60 },
    models: (cache) => costedModels(cache, testManager),
    counters: async ({ ip }) => counters(ip),
  })
