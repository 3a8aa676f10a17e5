/** What the pods of a model would cost in an hour with the version that spec asks for, on the node where it was measured. */
import { hourlyCost, rounded, type Volume } from '@gantry/evaluation/hourly-cost.ts'
import type { LiveClaim, LiveDeployment } from '@gantry/kube/live.ts'
import { parseQuantity } from '@gantry/kube/quantity.ts'
import { podRequests } from '../../cost/pod-requests.ts'
import { storageSizeOf } from '../desired/defaults.ts'
import { deployment } from '../desired/deployment.ts'
import type { ModelDeployment, Version } from '../model-deployment.ts'
import { desiredReplicas, replicasBySpec } from '../replicas.ts'
import type { TargetVersion } from '../target.ts'
import type { World } from '../world.ts'
import type { HourlyCost } from './judge.ts'

const bytesPerGb = 1e9

const volumeOf = (model: ModelDeployment, claim: LiveClaim | undefined): Volume => ({
  gb: (parseQuantity(claim?.spec?.resources?.requests?.storage ?? storageSizeOf(model)) ?? 0) / bytesPerGb,
  storageClass: claim?.spec?.storageClassName ?? model.spec.storage?.storageClassName,
})

/** What a serving pod of the version asks for, sidecars included. */
const requestsOf = (model: ModelDeployment, config: World['config'], version: Version) => {
  const desired = deployment(model, config, version, 'settings', replicasBySpec(model)) as LiveDeployment
  return podRequests(desired.spec?.template?.spec ?? {})
}

/** @returns `pending` while prices are being read, undefined where no limit needs it */
export const hourlyCostOf = async (
  { config, costs }: Pick<World, 'config' | 'costs'>,
  model: ModelDeployment,
  { target, claim }: { readonly target: TargetVersion; readonly claim: LiveClaim | undefined },
): Promise<HourlyCost | 'pending'> => {
  if (model.spec.evaluate?.maxHourlyCost === undefined) return undefined
  if (target.kind !== 'serve' || !target.version.evaluation) return undefined
  const sheet = costs.sheet()
  switch (sheet.kind) {
    case 'pending':
      return 'pending'
    case 'off':
      return { unknown: 'this installation computes no costs (chart value cost.enabled)' }
    case 'unknown':
      return { unknown: sheet.message }
    case 'known': {
      const { version } = target
      const name = version.evaluation?.node
      if (name === undefined) return { unknown: 'the measurement does not tell its node' }
      const node = await costs.node(name)
      if ('unknown' in node) return node
      const requests = requestsOf(model, config, version)
      const pods = Array.from({ length: desiredReplicas(model) }, () => ({ node, requests }))
      const cost = hourlyCost(sheet.prices, {
        ...{ pods, volumes: [volumeOf(model, claim)], requestsPerHour: 0 },
      })
      return 'unknown' in cost ? cost : rounded(cost.total)
    }
  }
}
