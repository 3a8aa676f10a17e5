/** Lets a plan pass, or holds back the part that is the operator's own change until it is the model's turn. */
import { deploymentName } from '@gantry/contract/labels.ts'
import type { KubernetesObject, Resource } from '@gantry/kube/objects.ts'
import {
  ConfigMap,
  Deployment,
  HorizontalPodAutoscaler,
  NetworkPolicy,
  Service,
} from '@gantry/kube/resources.ts'
import type { Plan } from '../../runtime/converge.ts'
import { type Observed, standing } from '../observe.ts'
import type { World } from '../world.ts'
import { changeOf, facts, templateHash } from './change.ts'
import type { Hold } from './gate.ts'
import { heldPlan } from './hold.ts'
import { type RollRecord, recordOf, withRecord } from './record.ts'
import { isBroken } from './rolls.ts'

export interface Turn {
  readonly plan: Plan
  /** Why the model has to wait; undefined where nothing of the plan does. */
  readonly hold: Hold | undefined
}

const kinds: readonly Resource[] = [ConfigMap, HorizontalPodAutoscaler, NetworkPolicy, Service]

const recorded = (plan: Plan, desired: KubernetesObject, record: RollRecord): Turn => ({
  plan: {
    ...plan,
    apply: plan.apply.map((object) => (object === desired ? withRecord(object, record) : object)),
  },
  hold: undefined,
})

/**
 * The record of a template that stays. The generation is kept up to date, or a default that a new CRD brings would count as the change of a
 * user who has scaled the model before.
 */
const keptRecord = (last: RollRecord, { inputs, generation }: Omit<RollRecord, 'cause'>): RollRecord => ({
  ...last,
  inputs,
  generation,
})

/** The desired Deployment of the pods that serve the model's callers. */
const desiredDeployment = ({ model }: Observed, { apply }: Plan): KubernetesObject | undefined =>
  apply.find(
    ({ kind, metadata }) =>
      kind === Deployment.kind && metadata.name === deploymentName(model.metadata.name, 'stable'),
  )

const held = ({ cache, fleet }: World, observed: Observed, plan: Plan, hold: Hold): Turn => {
  const { configMaps, model } = observed
  const deployment = standing(observed)
  const desired = desiredDeployment(observed, plan)
  if (!desired || !deployment) return { plan, hold: undefined }
  const now = facts(model, desired, fleet.settings)
  const last = recordOf(deployment)
  // Facts recorded now let a later pass tell a change by the model's owner from the operator's own.
  const unknown = { ...now, template: templateHash(deployment), cause: 'model' as const }
  const record = model.spec.suspend ? last : keptRecord(last ?? unknown, now)
  const live = ({ kind, metadata }: KubernetesObject): KubernetesObject | undefined => {
    const resource = kinds.find((one) => one.kind === kind)
    return resource && cache.get(resource, model.metadata.namespace, metadata.name)
  }
  return { plan: heldPlan(plan, desired, { model, deployment, record, configMaps, live }), hold }
}

/**
 * A user's change passes at once, together with the operator's present settings. A change of the operator's own asks the fleet.
 * @returns the plan to carry out now
 */
export const takeTurn = (world: World, observed: Observed, plan: Plan): Turn => {
  const { model } = observed
  const deployment = standing(observed)
  const desired = desiredDeployment(observed, plan)
  if (!desired) return { plan, hold: undefined }
  const { fleet, cache } = world
  const now = facts(model, desired, fleet.settings)
  switch (changeOf(model, deployment, desired)) {
    case 'none': {
      const last = recordOf(deployment) ?? { ...now, cause: 'model' }
      return recorded(plan, desired, model.spec.suspend ? last : keptRecord(last, now))
    }
    case 'first':
    case 'model':
      return recorded(plan, desired, { ...now, cause: 'model' })
    case 'operator': {
      if (model.spec.suspend) return held(world, observed, plan, 'wait')
      const wasBroken = isBroken(cache, deployment, model)
      const verdict = fleet.ask(cache, `${model.metadata.namespace}/${model.metadata.name}`, wasBroken)
      if (verdict !== 'go') return held(world, observed, plan, verdict)
      return recorded(plan, desired, { ...now, cause: 'operator', ...(wasBroken ? { wasBroken } : {}) })
    }
  }
}
