import type { KubernetesObject, Resource, Selector } from './objects.ts'

/** Path of a resource's objects: all of them, those of a namespace, or one by its name. */
export const pathOf = (
  resource: Resource,
  namespace: string | undefined,
  ...rest: readonly string[]
): string => {
  const root = resource.apiVersion.includes('/') ? '/apis' : '/api'
  const scope = namespace ? ['namespaces', namespace] : []
  const segments = [...scope, resource.plural, ...rest].map(encodeURIComponent)
  return [root, resource.apiVersion, ...segments].join('/')
}

export const pathOfObject = (
  resource: Resource,
  { metadata }: KubernetesObject,
  ...rest: readonly string[]
): string => pathOf(resource, metadata.namespace, metadata.name, ...rest)

export const query = (
  parameters: Readonly<Record<string, string | number | boolean | undefined>>,
): string => {
  const given = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) given.set(name, `${value}`)
  return given.size === 0 ? '' : `?${given}`
}

/** What of a selector goes into the query; its namespace is part of the path. */
export const selection = ({ labelSelector, fieldSelector }: Selector) => ({ labelSelector, fieldSelector })
