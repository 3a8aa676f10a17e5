/**
 * Who may call which model. The servers see the gateway's address, so what the NetworkPolicy of a model says about callers is
 * the gateway's to keep: pods of the model's namespace, and of namespaces with the label for it.
 */
import { labels } from '@gantry/contract/labels.ts'
import { Failure } from '../failure.ts'
import type { Models } from '../models/directory.ts'
import { keyOf, type Model } from '../models/model.ts'

export interface CallersWorld {
  /** Namespaces of the pods that have an address. */
  readonly namespacesOf: (address: string) => ReadonlySet<string>
  /** Whether pods of the namespace may call models of other namespaces. */
  readonly isClient: (namespace: string) => boolean
}

const mayCall = (namespaces: ReadonlySet<string>, model: Model, { isClient }: CallersWorld): boolean => {
  // Whoever is no pod is told apart by a key, which the model's servers check.
  if (namespaces.size === 0) return model.asksForKeys === true
  return [...namespaces].every((namespace) => namespace === model.namespace || isClient(namespace))
}

const forbidden = (address: string, namespaces: ReadonlySet<string>, model: Model): Failure => {
  const key = keyOf(model)
  if (namespaces.size === 0)
    return new Failure(
      'forbidden',
      `no pod is known by the address ${address}, and ${key} asks for no API keys: call it from a pod of its namespace, or set spec.serve.auth`,
    )
  const from = [...namespaces].join(', ')
  return new Failure(
    'forbidden',
    `pods of namespace ${from} may not call ${key}: call it from a pod of namespace ${model.namespace}, or label your namespace ${labels.client}=true`,
  )
}

/** @returns the models, as the caller at an address may see them */
export const createViews =
  (models: Models, world: CallersWorld): ((address: string | undefined) => Models) =>
  (address = '') => {
    const namespaces = world.namespacesOf(address)
    const may = (model: Model): boolean => mayCall(namespaces, model, world)
    return {
      find: (key) => {
        const served = models.find(key)
        if (served && !may(served.model())) throw forbidden(address, namespaces, served.model())
        return served
      },
      named: (name) => models.named(name).filter((served) => may(served.model())),
      all: () => models.all().filter((served) => may(served.model())),
      // Keys are checked by the servers, and those of a model that sleeps are not there.
      mayWake: namespaces.size > 0,
    }
  }
