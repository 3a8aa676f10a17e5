/** What of a plan goes on while the operator's own change of a model has to wait. */
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
  /** What it is to say of its template; undefined to say nothing. */
  readonly record: RollRecord | undefined
  readonly configMaps: readonly LiveConfigMap[]
  /** What stands under the name of an object. */
  readonly live: (object: KubernetesObject) => KubernetesObject | undefined
}

/** Whether the Deployment that stands is taking over the pods of one without a track: that goes on with the pods that there are. */
const isTakingOver = (wished: KubernetesObject, live: LiveDeployment): boolean =>
  wished.metadata.name === live.metadata.name &&
  wished.metadata.annotations?.[annotations.scaledBy] === 'takeover'

/** What it says of the number of pods: of a Deployment without a track, what the model says. */
const replicasOf = (wished: KubernetesObject, { model, deployment: live }: Standing) => {
  const { replicas } = wished['spec'] as { readonly replicas?: number }
  const { [annotations.takesOver]: takesOver, [annotations.scaledBy]: scaledBy = '' } =
    wished.metadata.annotations ?? {}
  if (isTakingOver(wished, live)) return { owner: scaledBy, replicas, takesOver }
  const bySpec = replicasBySpec(model)
  return { owner: bySpec.owner, replicas: bySpec.owner === 'spec' ? bySpec.count : undefined }
}

/** The Deployment as it is wished, but for its pods: replicas are the user's, and are changed at once. */
const withPodsOf = (wished: KubernetesObject, standing: Standing): KubernetesObject => {
  const { deployment: live, record } = standing
  const { [rollAnnotation]: _, [annotations.takesOver]: __, ...others } = wished.metadata.annotations ?? {}
  const { selector, template } = live.spec as Record<string, unknown>
  const { replicas: ___, ...spec } = wished['spec'] as Record<string, unknown>
  const { owner, replicas, takesOver } = replicasOf(wished, standing)
  const held = {
    ...wished,
    metadata: {
      ...wished.metadata,
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

/** Whether an object that has its say on how pods are reached was wished otherwise before: what others did to it is put right at once. */
const isChangedByUs = (wished: KubernetesObject, live: KubernetesObject | undefined): boolean =>
  live !== undefined && live.metadata.annotations?.[desiredHash] !== fingerprint(wished, 16)

const settingsOf = ({ spec }: LiveDeployment): readonly (string | undefined)[] =>
  (spec?.template?.spec?.volumes ?? []).map(({ configMap }) => configMap?.name)

/** Whether it belongs to the new pods, so that the old ones do without it, or would not be reached any more. */
const waitsWithPods = (
  object: KubernetesObject,
  wished: KubernetesObject,
  { deployment, live }: Standing,
): boolean => {
  switch (object.kind) {
    case ConfigMap.kind:
      return !settingsOf(deployment).includes(object.metadata.name)
    case HorizontalPodAutoscaler.kind:
      return wished.metadata.name !== deployment.metadata.name // it would scale what is not there yet
    case Service.kind:
      return isChangedByUs(object, live(object))
    case NetworkPolicy.kind:
      // That of the imports has a dot in its name, and nothing to do with these pods.
      return !object.metadata.name.includes('.') && isChangedByUs(object, live(object))
    default:
      return false
  }
}

/**
 * The pods stay as they are, with what reaches them; everything else is done. Pure.
 * @param wished the Deployment in the plan
 */
export const heldPlan = (plan: Plan, wished: KubernetesObject, standing: Standing): Plan => {
  const { deployment, configMaps, live } = standing
  const held = withPodsOf(wished, standing)
  const isSettled = covers(deployment, held) && !needsHandover(held, deployment)
  const others = plan.apply.filter((object) => object !== wished)
  const waiting = others.filter((object) => waitsWithPods(object, wished, standing))
  const apply = plan.apply
    .filter((object) => !waiting.includes(object))
    .flatMap((object) => (object === wished ? (isSettled ? [] : [held]) : [object]))
  const standingStill = waiting.flatMap((object) => live(object) ?? [])
  const adjust = isTakingOver(wished, deployment) ? plan.adjust : []
  return { ...plan, apply, adjust, retain: [...plan.retain, deployment, ...configMaps, ...standingStill] }
}
