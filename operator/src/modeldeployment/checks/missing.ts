/** What a pod refers to and does not find: the kubelet tells its name, and the field of spec that has it is looked up. */
import { components, labels } from '@gantry/contract/labels.ts'
import type { LivePod } from '@gantry/kube/live.ts'
import type { Finding } from '../../runtime/finding.ts'
import { type Reference, references } from '../desired/references.ts'
import type { ModelDeployment } from '../model-deployment.ts'

type Kind = Reference['kind']

const reasons = {
  Secret: 'MissingSecret',
  ConfigMap: 'MissingConfigMap',
  PersistentVolumeClaim: 'MissingClaim',
} as const

export const missing = (
  kind: Kind,
  name: string,
  { metadata }: ModelDeployment,
  field = 'spec.model.source',
): Finding => ({
  reason: reasons[kind],
  message: `${kind} ${name} does not exist in namespace ${metadata.namespace}. Create it, and the pod starts by itself, or correct its name in ${field}.`,
  retry: 'never',
})

/** What podTemplate has this pod use; nothing for import pods, which get none of it. */
const added = ({ metadata }: LivePod, { spec }: ModelDeployment): readonly Reference[] =>
  metadata.labels?.[labels.component] === components.import ? [] : references(spec.serve?.podTemplate ?? {})

export const hasAddedClaim = (pod: LivePod, model: ModelDeployment): boolean =>
  added(pod, model).some(({ kind }) => kind === 'PersistentVolumeClaim')

/**
 * The field of podTemplate that names an object of this pod.
 * @param prefix of the field that is meant where several name it
 */
export const addedField = (
  pod: LivePod,
  model: ModelDeployment,
  { kind, name }: Pick<Reference, 'kind' | 'name'>,
  prefix = '',
): string | undefined => {
  const named = added(pod, model).filter((one) => one.kind === kind && one.name === name)
  const found = named.find(({ field }) => field.startsWith(prefix)) ?? named[0]
  return found && `spec.serve.podTemplate.${found.field}`
}

const asKind = (text: string | undefined): 'Secret' | 'ConfigMap' =>
  text?.toLowerCase() === 'secret' ? 'Secret' : 'ConfigMap'

/**
 * What a container waits for, in the kubelet's words; undefined where they are about something else.
 * @param prefix of the field that is meant where several name the object
 */
export const missingObject = (
  pod: LivePod,
  model: ModelDeployment,
  words: string,
  prefix = '',
): Finding | undefined => {
  const [, kindOfObject, name] = /(secret|configmap) "([^"]+)" not found/.exec(words) ?? []
  if (name) {
    const kind = asKind(kindOfObject)
    return missing(kind, name, model, addedField(pod, model, { kind, name }, prefix))
  }
  const [, key, kindOfKey, holder = ''] =
    /couldn't find key (\S+) in (Secret|ConfigMap) \S+\/(\S+)/.exec(words) ?? []
  if (!key) return undefined
  const kind = asKind(kindOfKey)
  const field = addedField(pod, model, { kind, name: holder }, prefix)
  return field === undefined
    ? undefined
    : {
        reason: reasons[kind],
        message: `${kind} ${holder} in namespace ${model.metadata.namespace} has no key ${key}, which ${field} names. Add the key, and the pod starts by itself, or correct it in ${field}.`,
        retry: 'never',
      }
}
