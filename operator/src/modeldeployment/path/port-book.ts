/** Which port of the gateway leads to which model: one port for each model, the same for as long as it needs one. */
import { modelPorts } from '@gantry/contract/gateway.ts'
import type { Cache } from '@gantry/kube/cache.ts'
import { fingerprint } from '@gantry/kube/fingerprint.ts'
import type { ModelDeployment } from '../model-deployment.ts'
import { ModelDeployment as modelDeployments } from '../resources.ts'

export interface PortBook {
  /** A port that no other model of this manager has; undefined where all are taken. It stays reserved until it is freed. */
  readonly take: (cache: Cache, model: ModelDeployment) => number | undefined
  /** The model needs no port any more. */
  readonly free: (model: ModelDeployment) => void
}

const count = modelPorts.last - modelPorts.first + 1

const keyOf = ({ metadata }: ModelDeployment): string => `${metadata.namespace}/${metadata.name}`

/** The port follows from the name of the model, so that an operator that starts anew finds the same one. */
const firstChoice = (model: ModelDeployment): number =>
  Number.parseInt(fingerprint(keyOf(model), 8), 16) % count

/** Other models that the same release manages: gateways open ports for those of their own release only. */
const othersOf = (cache: Cache, model: ModelDeployment): readonly ModelDeployment[] =>
  cache
    .all<ModelDeployment>(modelDeployments)
    .filter((other) => other.status?.managedBy === model.status?.managedBy && keyOf(other) !== keyOf(model))

/** The older model keeps a port that two have; names decide within a second. */
const ageOf = (model: ModelDeployment): string => `${model.metadata.creationTimestamp ?? ''} ${keyOf(model)}`

/**
 * Whether an older model has the port of this one. Two operators that lead one after the other may give one port twice, where the
 * later one has not yet seen what the other wrote last.
 */
export const hasLostPort = (cache: Cache, model: ModelDeployment): boolean => {
  const port = model.status?.gatewayPort
  return (
    port !== undefined &&
    othersOf(cache, model).some((other) => other.status?.gatewayPort === port && ageOf(other) < ageOf(model))
  )
}

export const createPortBook = (): PortBook => {
  /** Ports that were given, by model: passes over other models may not see them in the cache yet. */
  const reserved = new Map<string, number>()
  const takenBy = (cache: Cache, model: ModelDeployment): ReadonlySet<number> => {
    const others = othersOf(cache, model)
    const known = new Set(cache.all<ModelDeployment>(modelDeployments).map(keyOf))
    for (const key of reserved.keys()) if (!known.has(key)) reserved.delete(key)
    const given = [...reserved].filter(([key]) => key !== keyOf(model)).map(([, port]) => port)
    return new Set([...given, ...others.flatMap(({ status }) => status?.gatewayPort ?? [])])
  }
  return {
    take: (cache, model) => {
      const own = model.status?.gatewayPort
      const taken = takenBy(cache, model)
      if (own !== undefined && !hasLostPort(cache, model)) {
        reserved.set(keyOf(model), own)
        return own
      }
      const start = firstChoice(model)
      for (let step = 0; step < count; step += 1) {
        const port = modelPorts.first + ((start + step) % count)
        if (taken.has(port)) continue
        reserved.set(keyOf(model), port)
        return port
      }
      return undefined
    },
    free: (model) => void reserved.delete(keyOf(model)),
  }
}
