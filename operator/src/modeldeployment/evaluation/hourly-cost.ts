/** What the pods of a model would cost in an hour with the version that spec asks for. */
import {
  hourlyCost,
  type PricedNode,
  rounded,
  type UnknownCost,
  type Volume,
} from '@gantry/evaluation/hourly-cost.ts'
import type { Prices } from '@gantry/evaluation/prices.ts'
import type { LiveClaim, LiveDeployment, LivePod } from '@gantry/kube/live.ts'
import { parseQuantity } from '@gantry/kube/quantity.ts'
import { podRequests } from '../../cost/pod-requests.ts'
import { storageSizeOf } from '../desired/defaults.ts'
import { deployment } from '../desired/deployment.ts'
import type { ModelDeployment, Version } from '../model-deployment.ts'
import { desiredReplicas, replicasBySpec } from '../replicas.ts'
import type { TargetVersion } from '../target.ts'
import type { World } from '../world.ts'
import type { HourlyCost } from './judge.ts'
import type { Evaluation } from './record.ts'

const bytesPerGb = 1e9

const volumeOf = (model: ModelDeployment, claim: LiveClaim | undefined): Volume => ({
  gb: (parseQuantity(claim?.spec?.resources?.requests?.storage ?? storageSizeOf(model)) ?? 0) / bytesPerGb,
  storageClass: claim?.spec?.storageClassName ?? model.spec.storage?.storageClassName,
})

/** Where the model is. */
interface Live {
  readonly claim: LiveClaim | undefined
  readonly servingPods: readonly LivePod[]
}

interface Priced extends Live {
  readonly version: Version
  readonly evaluation: Evaluation
}

/** What a serving pod of the version asks for, sidecars included. */
const requestsOf = (model: ModelDeployment, config: World['config'], version: Version) => {
  const desired = deployment(model, config, version, {
    settingsName: 'settings',
    replicas: replicasBySpec(model),
    track: 'stable',
  }) as LiveDeployment
  return podRequests(desired.spec?.template?.spec ?? {})
}

/** The node where the version was measured or, where that is gone, the first one that the pods of the model run on. */
const nodeOf = async (
  costs: World['costs'],
  { node: measuredOn }: Evaluation,
  servingPods: readonly LivePod[],
): Promise<PricedNode | UnknownCost> => {
  const names = [measuredOn, ...servingPods.map(({ spec }) => spec?.nodeName).sort()]
  let unknown: UnknownCost = { unknown: 'the measurement does not tell its node' }
  for (const name of new Set(names.filter((one) => one !== undefined))) {
    const node = await costs.node(name)
    if (!('unknown' in node)) return node
    if (name === measuredOn) unknown = node
  }
  return unknown
}

/** What was found when the node was still there. */
const lastCost = ({ hourlyCost: last }: Evaluation): number | undefined =>
  last === undefined ? undefined : Number(last)

const costBy = async (
  { config, costs }: Pick<World, 'config' | 'costs'>,
  model: ModelDeployment,
  prices: Prices,
  { version, evaluation, claim, servingPods }: Priced,
): Promise<HourlyCost> => {
  const node = await nodeOf(costs, evaluation, servingPods)
  if ('unknown' in node) return lastCost(evaluation) ?? node
  const requests = requestsOf(model, config, version)
  const pods = Array.from({ length: desiredReplicas({ model }) }, () => ({ node, requests }))
  const cost = hourlyCost(prices, { pods, volumes: [volumeOf(model, claim)], requestsPerHour: 0 })
  return 'unknown' in cost ? cost : rounded(cost.total)
}

/** @returns `pending` while prices are being read, undefined where no limit needs it */
export const hourlyCostOf = async (
  world: Pick<World, 'config' | 'costs'>,
  model: ModelDeployment,
  { target, ...live }: Live & { readonly target: TargetVersion },
): Promise<HourlyCost | 'pending'> => {
  if (model.spec.evaluate?.maxHourlyCost === undefined) return undefined
  if (target.kind !== 'serve') return undefined
  const { version } = target
  const { evaluation } = version
  if (!evaluation) return undefined
  const sheet = world.costs.sheet()
  switch (sheet.kind) {
    case 'pending':
      return 'pending'
    case 'off':
      return { unknown: 'this installation computes no costs (chart value cost.enabled)' }
    case 'unknown':
      return { unknown: sheet.message }
    case 'known':
      return costBy(world, model, sheet.prices, { version, evaluation, ...live })
  }
}
