import { ApiError } from './errors.ts'
import type { Kube, KubernetesObject, Resource, Selector } from './objects.ts'
import { type Answer, type Call, TooLarge, type Transport } from './transport.ts'
import { type WatchEvent, watchEvents } from './watch.ts'

export interface Listed {
  readonly items: readonly KubernetesObject[]
  /** Version of the whole list, from which a watch continues. */
  readonly resourceVersion: string
}

export interface WatchOptions {
  readonly resourceVersion: string
  /** Time after which the API server ends the watch. */
  readonly timeoutSeconds: number
  readonly signal: AbortSignal
  /** Called with every answer or chunk of the API server. */
  readonly onContact: () => void
}

/** The verbs of a pass, and those that only the runtime needs. */
export interface KubeClient extends Kube {
  /** @param keep what is kept of each object while further pages are read */
  readonly listAll: (
    resource: Resource,
    selector: Selector,
    keep?: (object: KubernetesObject) => KubernetesObject,
  ) => Promise<Listed>
  /**
   * Changes after `resourceVersion`. Ends when the API server ends it; throws ApiError 410 when the resourceVersion
   * is too old: the API server may say so by status 410 or by an ERROR event.
   */
  readonly watch: (
    resource: Resource,
    selector: Selector,
    options: WatchOptions,
  ) => AsyncGenerator<WatchEvent>
  /** PUT: an ApiError 409 when the object was written since its resourceVersion. */
  readonly replace: <T extends KubernetesObject>(resource: Resource, object: KubernetesObject) => Promise<T>
}

/** Called for every answered call. `verb` is Kubernetes' own name for it. */
export type OnCall = (call: {
  readonly verb: string
  readonly resource: string
  readonly code: number
}) => void

const pageSize = 500
/**
 * Most characters of one page: 500 ordinary pods are 6 million. Objects may have 1.5 MB, and a page of 500 such would
 * end the operator; it is asked for again in smaller pages.
 */
const mostOfPage = 16 * 2 ** 20

const pathOf = (resource: Resource, namespace: string | undefined, ...rest: readonly string[]): string => {
  const root = resource.apiVersion.includes('/') ? '/apis' : '/api'
  const scope = namespace ? ['namespaces', namespace] : []
  const segments = [...scope, resource.plural, ...rest].map(encodeURIComponent)
  return [root, resource.apiVersion, ...segments].join('/')
}

const pathOfObject = (resource: Resource, { metadata }: KubernetesObject, ...rest: readonly string[]) =>
  pathOf(resource, metadata.namespace, metadata.name, ...rest)

const query = (parameters: Readonly<Record<string, string | number | boolean | undefined>>): string => {
  const given = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) given.set(name, `${value}`)
  return given.size === 0 ? '' : `?${given}`
}

const selection = ({ labelSelector, fieldSelector }: Selector) => ({ labelSelector, fieldSelector })

interface Page {
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string }
  readonly items: readonly KubernetesObject[]
}

interface StatusBody {
  readonly reason?: string
  readonly message?: string
  readonly details?: { readonly retryAfterSeconds?: number }
}

const statusOf = (body: string): StatusBody => {
  try {
    return JSON.parse(body) as StatusBody
  } catch {
    return {} // something between us and the API server answered in its own way
  }
}

/** @param named what was asked, for a message that makes sense without the request */
const refusal = (named: string, { code, headers, body }: Answer): ApiError => {
  const status = statusOf(body)
  const seconds = Number(headers['retry-after'] ?? status.details?.retryAfterSeconds)
  const retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : undefined
  const message = status.message ?? `${named} was answered with HTTP ${code}`
  return new ApiError(code, status.reason ?? 'Unknown', message, retryAfterMs)
}

/** Items of a list come without apiVersion and kind, those of a watch with: give both the same form. */
const complete = (resource: Resource, item: KubernetesObject): KubernetesObject => ({
  ...item,
  apiVersion: resource.apiVersion,
  kind: resource.kind,
})

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
  const call = async <T>(verb: string, resource: Resource, request: Call): Promise<T> => {
    const answer = await transport.send(request)
    onCall({ verb, resource: resource.plural, code: answer.code })
    if (answer.code >= 300) throw refusal(`${request.method} ${request.path}`, answer)
    return JSON.parse(answer.body) as T
  }
  const patch = (path: string, body: unknown, manager: string = fieldManager, dryRun?: 'All'): Call => ({
    method: 'PATCH',
    path: path + query({ fieldManager: manager, force: true, dryRun }),
    contentType: 'application/apply-patch+yaml', // JSON is YAML
    body,
  })

  const get: Kube['get'] = (resource, namespace, name) =>
    call<never>('get', resource, { method: 'GET', path: pathOf(resource, namespace, name) }).catch(
      (error: unknown) => {
        if (error instanceof ApiError && error.code === 404) return undefined
        throw error
      },
    )

  /** Pages of one list. After a page that was too large, the following ones are smaller. */
  const pages = (resource: Resource, selector: Selector) => {
    let limit = Math.min(pageSize, selector.most ?? pageSize)
    const get = (size: number | undefined, next?: string): Promise<Page> => {
      const parameters = { ...selection(selector), limit: size, continue: next }
      const path = pathOf(resource, selector.namespace) + query(parameters)
      const bound = size !== undefined && size > 1 ? { most: mostOfPage } : {}
      return call<Page>('list', resource, { method: 'GET', path, ...bound })
    }
    const page = (next?: string): Promise<Page> =>
      get(limit, next).catch((error: unknown) => {
        if (!(error instanceof TooLarge)) throw error
        limit = Math.max(Math.floor(limit / 4), 1)
        return page(next)
      })
    return { page, whole: () => get(undefined) }
  }

  const listAll: KubeClient['listAll'] = async (resource, selector, keep = (object) => object) => {
    const { page, whole } = pages(resource, selector)
    const { most = Number.POSITIVE_INFINITY } = selector
    const items: KubernetesObject[] = []
    let last: Page | undefined
    do {
      const next = last?.metadata.continue
      last = await page(next).catch(async (error: unknown) => {
        if (!next || !(error instanceof ApiError) || error.code !== 410) throw error
        items.length = 0 // the pages took longer than etcd keeps history: once more, in one piece
        return whole()
      })
      for (const item of last.items) items.push(keep(complete(resource, item)))
    } while (last.metadata.continue && items.length < most)
    return {
      items,
      resourceVersion: last.metadata.resourceVersion,
    }
  }

  const watch: KubeClient['watch'] = async function* (resource, selector, options) {
    const { resourceVersion, timeoutSeconds, signal, onContact } = options
    const following = { watch: true, allowWatchBookmarks: true, resourceVersion, timeoutSeconds }
    const path = pathOf(resource, selector.namespace) + query({ ...selection(selector), ...following })
    const response = await transport.open({ method: 'GET', path }, signal)
    const code = response.statusCode ?? 0
    onCall({ verb: 'watch', resource: resource.plural, code })
    response.setEncoding('utf8')
    if (code !== 200) {
      const body = (await response.toArray()).join('')
      throw refusal(`watch of ${resource.plural}`, { code, headers: response.headers, body })
    }
    onContact()
    try {
      yield* watchEvents(response, onContact)
    } finally {
      response.destroy()
    }
  }

  const remove: Kube['remove'] = async (resource, namespace, name, uid) => {
    const body = {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      propagationPolicy: 'Background',
      ...(uid ? { preconditions: { uid } } : {}),
    }
    const path = pathOf(resource, namespace, name)
    await call('delete', resource, { method: 'DELETE', path, body }).catch((error: unknown) => {
      const gone = error instanceof ApiError && (error.code === 404 || (uid && error.code === 409))
      if (!gone) throw error // a delete with a uid is answered with 409 where another object has taken the name
    })
  }

  return Object.freeze({
    get,
    list: async (resource: Resource, selector: Selector) =>
      (await listAll(resource, selector)).items as readonly never[],
    create: (resource: Resource, object: KubernetesObject) =>
      call<never>('create', resource, {
        method: 'POST',
        path: pathOf(resource, object.metadata.namespace) + query({ fieldManager }),
        body: object,
      }),
    apply: (resource: Resource, object: KubernetesObject, manager?: string) =>
      call<never>('apply', resource, patch(pathOfObject(resource, object), object, manager)),
    tryApply: async (resource: Resource, object: KubernetesObject): Promise<void> => {
      await call('dry-run', resource, patch(pathOfObject(resource, object), object, fieldManager, 'All'))
    },
    applyStatus: (resource: Resource, object: KubernetesObject) =>
      call<never>('apply-status', resource, patch(pathOfObject(resource, object, 'status'), object)),
    replace: (resource: Resource, object: KubernetesObject) =>
      call<never>('update', resource, {
        method: 'PUT',
        path: pathOfObject(resource, object) + query({ fieldManager }),
        body: object,
      }),
    remove,
    listAll,
    watch,
  })
}
