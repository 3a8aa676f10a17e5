import { type CallApi, foreignAnswer } from './call.ts'
import { ApiError } from './errors.ts'
import { isObject } from './json-object.ts'
import type { KubernetesObject, Resource, Selector } from './objects.ts'
import { pathOf, query, selection } from './path.ts'
import { TooLarge } from './transport.ts'

export interface Listed {
  readonly items: readonly KubernetesObject[]
  /** Version of the whole list, from which a watch continues. */
  readonly resourceVersion: string
}

/** @param keep what is kept of each object while further pages are read */
export type ListAll = (
  resource: Resource,
  selector: Selector,
  keep?: (object: KubernetesObject) => KubernetesObject,
) => Promise<Listed>

const pageSize = 500
/**
 * Most characters of one page: 500 ordinary pods are 6 million. Objects may have 1.5 MB, and a page of 500 such would
 * end the operator; it is asked for again in smaller pages.
 */
const mostOfPage = 16 * 2 ** 20

interface Page {
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string }
  readonly items: readonly KubernetesObject[]
}

/** @throws ApiError where it is no list of objects */
const checked = (path: string, page: Page): Page => {
  const isList = isObject(page.metadata) && Array.isArray(page.items)
  if (isList && page.items.every((item) => isObject(item) && isObject(item['metadata']))) return page
  throw foreignAnswer(`GET ${path}`)
}

/** Items of a list come without apiVersion and kind, those of a watch with: give both the same form. */
const complete = (resource: Resource, item: KubernetesObject): KubernetesObject => ({
  ...item,
  apiVersion: resource.apiVersion,
  kind: resource.kind,
})

/** Pages of one list. After a page that was too large, the following ones are smaller. */
const pages = (call: CallApi, resource: Resource, selector: Selector) => {
  let limit = Math.min(pageSize, selector.most ?? pageSize)
  const get = (size: number | undefined, next?: string): Promise<Page> => {
    const parameters = { ...selection(selector), limit: size, continue: next }
    const path = pathOf(resource, selector.namespace) + query(parameters)
    const bound = size !== undefined && size > 1 ? { most: mostOfPage } : {}
    return call<Page>('list', resource, { method: 'GET', path, ...bound }).then((page) => checked(path, page))
  }
  const page = (next?: string): Promise<Page> =>
    get(limit, next).catch((error: unknown) => {
      if (!(error instanceof TooLarge)) throw error
      limit = Math.max(Math.floor(limit / 4), 1)
      return page(next)
    })
  return { page, whole: () => get(undefined) }
}

export const createListAll =
  (call: CallApi): ListAll =>
  async (resource, selector, keep = (object) => object) => {
    const { page, whole } = pages(call, resource, selector)
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
