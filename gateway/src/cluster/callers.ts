/**
 * Who may call which model by the address of its pod. The servers see the gateway's address, so what the NetworkPolicy of a model says
 * about callers is the gateway's to keep: pods of the model's namespace, and of namespaces with the label for it.
 */
import { labels } from '@gantry/contract/labels.ts'
import { keyOf, type Model } from '../models/model.ts'

export interface CallersWorld {
  /** Namespaces of the pods that have an address. */
  readonly namespacesOf: (address: string) => ReadonlySet<string>
  /** Whether pods of the namespace may call models of other namespaces. */
  readonly isClient: (namespace: string) => boolean
}

/** Whether a caller that belongs to all of these namespaces may call a model. */
export const isAdmitted = (
  namespaces: ReadonlySet<string>,
  model: Model,
  { isClient }: Pick<CallersWorld, 'isClient'>,
): boolean => [...namespaces].every((namespace) => namespace === model.namespace || isClient(namespace))

export const mayCall = (namespaces: ReadonlySet<string>, model: Model, world: CallersWorld): boolean =>
  // Whoever is no pod is told apart by a key, which the model's servers check.
  namespaces.size === 0 ? model.asksForKeys === true : isAdmitted(namespaces, model, world)

/** Why a caller may not, and what to do. */
export const refusalOf = (address: string, namespaces: ReadonlySet<string>, model: Model): string => {
  const key = keyOf(model)
  if (namespaces.size === 0)
    return `no pod is known by the address ${address}, and ${key} asks for no API keys: call it from a pod of its namespace, or set spec.serve.auth`
  const from = [...namespaces].join(', ')
  return `pods of namespace ${from} may not call ${key}: call it from a pod of namespace ${model.namespace}, or label your namespace ${labels.client}=true`
}
