/** Reads the Gateways that routes are attached to, and their classes. */
import type { Clock } from '@gantry/kube/clock.ts'
import { ApiError } from '@gantry/kube/errors.ts'
import type { Kube, KubernetesObject, Resource } from '@gantry/kube/objects.ts'
import { Gateway, GatewayClass } from '@gantry/kube/resources.ts'
import type { ModelDeployment } from '../model-deployment.ts'
import type { LiveGateway, LiveGatewayClass, Parent, Read } from './parents.ts'

/** The Gateways of a model's routes. @throws what the API server answers but 403 and 404 */
export type ReadParents = (model: ModelDeployment) => Promise<readonly Parent[]>

/** All models together read a Gateway once in this time. It is no more than two passes of a canary. */
const rememberedMs = 10_000

const isForbidden = (error: unknown): boolean => error instanceof ApiError && error.code === 403

export const createReadParents = ({
  kube,
  clock,
}: {
  readonly kube: Pick<Kube, 'get'>
  readonly clock: Pick<Clock, 'elapsed'>
}): ReadParents => {
  const known = new Map<string, { readonly atMs: number; readonly object: Promise<Read<KubernetesObject>> }>()

  const forget = (): void => {
    for (const [key, { atMs }] of known) if (clock.elapsed() - atMs >= rememberedMs) known.delete(key)
  }

  const read = <Object extends KubernetesObject>(
    resource: Resource,
    namespace: string | undefined,
    name: string,
  ): Promise<Read<Object>> => {
    const key = `${resource.kind} ${namespace ?? ''}/${name}`
    const before = known.get(key)
    if (before) return before.object as Promise<Read<Object>>
    const object = kube.get<Object>(resource, namespace, name).catch((error: unknown): Read<Object> => {
      known.delete(key)
      if (isForbidden(error)) return 'unreadable'
      throw error
    })
    known.set(key, { atMs: clock.elapsed(), object })
    return object
  }

  return async ({ metadata, spec }) => {
    forget()
    const refs = spec.rollout?.gatewayApi?.parentRefs ?? []
    return Promise.all(
      refs.map(async (ref) => {
        const namespace = ref.namespace ?? metadata.namespace
        const gateway = await read<LiveGateway>(Gateway, namespace, ref.name)
        const className = typeof gateway === 'object' ? gateway.spec?.gatewayClassName : undefined
        const gatewayClass =
          className === undefined
            ? undefined
            : await read<LiveGatewayClass>(GatewayClass, undefined, className)
        return { ref, name: `${namespace}/${ref.name}`, gateway, gatewayClass }
      }),
    )
  }
}
