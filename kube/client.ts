import { createCall, createCallText, type OnCall } from './call.ts'
import { ApiError } from './errors.ts'
import { createListAll, type ListAll } from './list.ts'
import type { Kube, KubernetesObject, Resource } from './objects.ts'
import { pathOf, pathOfObject, query } from './path.ts'
import { Pod, resource } from './resources.ts'
import type { Call, Transport } from './transport.ts'
import { createWatch, type Watch } from './watch.ts'

/** An APIGroup or, of one version, an APIResourceList. */
export interface Discovered {
  readonly resources?: readonly { readonly name?: string }[]
}

/** Names discovery in what `onCall` is told. */
const ApiGroup = resource('v1', 'APIGroup', 'apigroups')

/** The verbs of a pass, and those that only the runtime needs. */
export interface KubeClient extends Kube {
  /** What the API server has of a group, or of GROUP/VERSION; undefined where it has none. Any account may ask. */
  readonly discover: (apis: string) => Promise<Discovered | undefined>
  readonly listAll: ListAll
  readonly watch: Watch
  /** PUT: an ApiError 409 when the object was written since its resourceVersion. */
  readonly replace: <T extends KubernetesObject>(resource: Resource, object: KubernetesObject) => Promise<T>
}

/** A server-side apply that takes over what other managers have set. */
const applied = (path: string, body: unknown, fieldManager: string, dryRun?: 'All'): Call => ({
  method: 'PATCH',
  path: path + query({ fieldManager, force: true, dryRun }),
  contentType: 'application/apply-patch+yaml', // JSON is YAML
  body,
})

const deletionOf = (path: string, uid: string | undefined, propagationPolicy: string): Call => ({
  method: 'DELETE',
  path,
  body: {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    propagationPolicy,
    ...(uid ? { preconditions: { uid } } : {}),
  },
})

const isNotFound = (error: unknown): boolean => error instanceof ApiError && error.code === 404

/** A delete with a uid is answered with 409 where another object has taken the name. */
const isTaken = (error: unknown): boolean => error instanceof ApiError && error.code === 409

export interface ClientOptions {
  /** Field manager of applied and of created objects. */
  readonly fieldManager: string
  readonly onCall?: OnCall
}

/** The only client of the API server. It passes JSON through unchanged, so that no unknown field is lost. */
export const createKube = (
  transport: Transport,
  { fieldManager, onCall = () => {} }: ClientOptions,
): KubeClient => {
  const call = createCall(transport, onCall)
  const callText = createCallText(transport, onCall)
  const listAll = createListAll(call)
  const get: Kube['get'] = (resource, namespace, name) =>
    call<never>('get', resource, { method: 'GET', path: pathOf(resource, namespace, name) }).catch(
      (error: unknown) => {
        if (isNotFound(error)) return undefined
        throw error
      },
    )
  const remove: Kube['remove'] = async (resource, namespace, name, uid, propagation = 'Background') => {
    const deletion = deletionOf(pathOf(resource, namespace, name), uid, propagation)
    await call('delete', resource, deletion).catch((error: unknown) => {
      if (!isNotFound(error) && !(uid && isTaken(error))) throw error
    })
  }
  return Object.freeze({
    get,
    list: async (of, selector) => (await listAll(of, selector)).items as readonly never[],
    log: (namespace, pod, { tailLines, limitBytes }) => {
      const path = pathOf(Pod, namespace, pod, 'log') + query({ tailLines, limitBytes })
      return callText('get', Pod, { method: 'GET', path, most: limitBytes })
    },
    create: (resource, body) => {
      const path = pathOf(resource, body.metadata.namespace) + query({ fieldManager })
      return call<never>('create', resource, { method: 'POST', path, body })
    },
    apply: (resource, object, manager = fieldManager) =>
      call<never>('apply', resource, applied(pathOfObject(resource, object), object, manager)),
    tryApply: async (resource, object) => {
      await call('dry-run', resource, applied(pathOfObject(resource, object), object, fieldManager, 'All'))
    },
    applyStatus: (resource, object) => {
      const path = pathOfObject(resource, object, 'status')
      return call<never>('apply-status', resource, applied(path, object, fieldManager))
    },
    replace: (resource, body) => {
      const path = pathOfObject(resource, body) + query({ fieldManager })
      return call<never>('update', resource, { method: 'PUT', path, body })
    },
    remove,
    discover: (apis) =>
      call<Discovered>('get', ApiGroup, { method: 'GET', path: `/apis/${apis}` }).catch((error: unknown) => {
        if (isNotFound(error)) return undefined
        throw error
      }),
    listAll,
    watch: createWatch(transport, onCall),
  } satisfies KubeClient)
}
