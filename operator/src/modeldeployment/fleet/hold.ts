/** The part of a plan that is carried out while the operator's own change of a model waits. */
import { covers } from '@gantry/kube/covers.ts'
import { fingerprint } from '@gantry/kube/fingerprint.ts'
import type { LiveConfigMap, LiveDeployment } from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { ConfigMap, HorizontalPodAutoscaler, NetworkPolicy, Service } from '@gantry/kube/resources.ts'
import { desiredHash, type Plan } from '../../runtime/converge.ts'
import { annotations } from '../desired/metadata.ts'
import { needsHandover } from '../handover.ts'
import type { ModelDeployment } from '../model-deployment.ts'
import { replicasBySpec } from '../replicas.ts'
import { type RollRecord, rollAnnotation, withRecord } from './record.ts'

interface Standing {
  readonly model: ModelDeployment
  readonly deployment: LiveDeployment
  /** The record that the Deployment gets; undefined for none. */
  readonly record: RollRecord | undefined
  readonly configMaps: readonly LiveConfigMap[]
  /** The live object of the same name. */
  readonly live: (object: KubernetesObject) => KubernetesObject | undefined
}

/** Whether the live Deployment is taking over the pods of one without a track. The takeover continues with the present pods. */
const isTakingOver = (desired: KubernetesObject, live: LiveDeployment): boolean =>
  desired.metadata.name === live.metadata.name &&
  desired.metadata.annotations?.[annotations.scaledBy] === 'takeover'

/** The replica count that the held Deployment gets. Unless it is taking over pods, that is the model's. */
const replicasOf = (desired: KubernetesObject, { model, deployment: live }: Standing) => {
  const { replicas } = desired['spec'] as { readonly replicas?: number }
  const { [annotations.takesOver]: takesOver, [annotations.scaledBy]: scaledBy = '' } =
    desired.metadata.annotations ?? {}
  if (isTakingOver(desired, live)) return { owner: scaledBy, replicas, takesOver }
  const bySpec = replicasBySpec(model)
  return { owner: bySpec.owner, replicas: bySpec.owner === 'spec' ? bySpec.count : undefined }
}

/** The desired Deployment with the pods of the live one. Replicas are the user's, and are changed at once. */
const withPodsOf = (desired: KubernetesObject, standing: Standing): KubernetesObject => {
  const { deployment: live, record } = standing
  const { [rollAnnotation]: _, [annotations.takesOver]: __, ...others } = desired.metadata.annotations ?? {}
  const { selector, template } = live.spec as Record<string, unknown>
  const { replicas: ___, ...spec } = desired['spec'] as Record<string, unknown>
  const { owner, replicas, takesOver } = replicasOf(desired, standing)
  const held = {
    ...desired,
    metadata: {
      ...desired.metadata,
      name: live.metadata.name,
      annotations: {
        ...others,
        [annotations.scaledBy]: owner,
        ...(takesOver === undefined ? {} : { [annotations.takesOver]: takesOver }),
      },
    },
    spec: { ...spec, ...(replicas === undefined ? {} : { replicas }), selector, template },
  }
  return record ? withRecord(held, record) : held
}

/** Whether the operator itself has changed an object that decides how pods are reached. Changes by other clients are corrected at once. */
const isChangedByUs = (desired: KubernetesObject, live: KubernetesObject | undefined): boolean =>
  live !== undefined && live.metadata.annotations?.[desiredHash] !== fingerprint(desired, 16)

const settingsOf = ({ spec }: LiveDeployment): readonly (string | undefined)[] =>
  (spec?.template?.spec?.volumes ?? []).map(({ configMap }) => configMap?.name)

/** Whether the object belongs to the new pods: the old pods do not need it, or it would cut them off. */
const waitsWithPods = (
  object: KubernetesObject,
  desired: KubernetesObject,
  { deployment, live }: Standing,
): boolean => {
  switch (object.kind) {
    case ConfigMap.kind:
      return !settingsOf(deployment).includes(object.metadata.name)
    case HorizontalPodAutoscaler.kind:
      return desired.metadata.name !== deployment.metadata.name // it would scale a Deployment that does not exist yet
    case Service.kind:
      return isChangedByUs(object, live(object))
    case NetworkPolicy.kind:
      // The policy of imports has a dot in its name; it does not select these pods.
      return !object.metadata.name.includes('.') && isChangedByUs(object, live(object))
    default:
      return false
  }
}

/**
 * Keeps the pods, and the objects by which they are reached, as they are; everything else is applied. Pure.
 * @param desired the Deployment in the plan
 */
export const heldPlan = (plan: Plan, desired: KubernetesObject, standing: Standing): Plan => {
  const { model, deployment, configMaps, live } = standing
  const held = withPodsOf(desired, standing)
  const isSettled = covers(deployment, held) && !needsHandover(model, held, deployment)
  const others = plan.apply.filter((object) => object !== desired)
  const waiting = others.filter((object) => waitsWithPods(object, desired, standing))
  const apply = plan.apply
    .filter((object) => !waiting.includes(object))
    .flatMap((object) => (object === desired ? (isSettled ? [] : [held]) : [object]))
  const standingStill = waiting.flatMap((object) => live(object) ?? [])
  // A takeover of pods waits until it has begun; a model that is to fall asleep or to wake does not.
  const adjust = desired.metadata.name === deployment.metadata.name ? plan.adjust : []
  return { ...plan, apply, adjust, retain: [...plan.retain, deployment, ...configMaps, ...standingStill] }
}
