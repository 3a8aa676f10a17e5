/** Which model a request is for, by its Host and its path. */
import type { IncomingMessage } from 'node:http'
import type { ServedModel } from '../balancing/served-model.ts'
import { Failure } from '../failure.ts'
import { modelOfConnection } from '../http/connections.ts'
import type { Models } from '../models/directory.ts'
import { nearNames } from '../models/near-names.ts'

export type Route =
  /** `path` is the pod's own, with its query. */
  | {
      readonly kind: 'model'
      readonly served: ServedModel
      readonly path: string
      /** All paths are the pod's own: the port is one that the model's Service leads to. */
      readonly isOwnPort?: true
    }
  /** The model stands in the body. */
  | { readonly kind: 'openai'; readonly path: string }
  /** `id` is NAMESPACE/NAME; undefined: all of them. */
  | { readonly kind: 'models'; readonly id: string | undefined }

/** NAME.NAMESPACE, with what a cluster appends to the names of Services. */
const hostForm = /^([a-z0-9-]+)\.([a-z0-9-]+)(?:\.svc(?:\.[a-z0-9.-]+)?)?\.?(?::\d+)?$/i
/** /NAMESPACE/NAME and the pod's path. */
const pathForm = /^\/([^/?]+)\/([^/?]+)(\/[^?]*)?(\?.*)?$/
const openaiForm = /^\/v1\/(?:completions|chat\/completions|embeddings)\/?(?:\?.*)?$/
const modelsForm = /^\/v1\/models(?:\/([^?]+?))?\/?(?:\?.*)?$/

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new Failure('malformed', 'the address does not decode')
  }
}

export const unknownModel = (asked: string, { all }: Models, field?: string): Failure => {
  const names = all().map(({ key }) => key)
  const near = nearNames(asked, names)
  const hint = near.length > 0 ? `did you mean ${near.join(' or ')}?` : 'GET /v1/models lists the models'
  return new Failure(
    'unknown-model',
    `there is no model ${JSON.stringify(asked.slice(0, 130))} here; ${hint}`,
    {
      ...(field !== undefined && { field }),
    },
  )
}

/** A proxy may be asked with the whole address (RFC 9112, 3.2.2); whose it is, the Host header says. */
const targetOf = ({ url = '/' }: IncomingMessage): string =>
  url[0] === '/' ? url : url.replace(/^https?:\/\/[\w.:[\]-]+(?=[/?]|$)/i, '') || '/'

/** @param host NAME.NAMESPACE.svc, with or without what follows @throws Failure forbidden */
export const modelOfHost = (host: string, models: Models): ServedModel | undefined => {
  const [, name, namespace] = hostForm.exec(host) ?? []
  if (name === undefined || namespace === undefined) return undefined
  return models.find(`${namespace.toLowerCase()}/${name.toLowerCase()}`)
}

/** The model that a port leads to, whatever a request names. @param key NAMESPACE/NAME @throws Failure unknown-model, forbidden */
export const modelOfPort = (key: string, models: Models): ServedModel => {
  const served = models.find(key)
  if (!served) throw unknownModel(key, models)
  return served
}

/** @throws Failure unknown-model, unknown-path, malformed, forbidden */
export const routeOf = (request: IncomingMessage, models: Models): Route => {
  const target = targetOf(request)
  const key = modelOfConnection(request.socket)
  return key === undefined
    ? sharedRoute(request, target, models)
    : { kind: 'model', served: modelOfPort(key, models), path: target, isOwnPort: true }
}

/** The port of all models: the request says which one it is for. */
const sharedRoute = (request: IncomingMessage, target: string, models: Models): Route => {
  const { host } = request.headers
  const hosted = host === undefined ? undefined : modelOfHost(host, models)
  if (hosted) return { kind: 'model', served: hosted, path: target }
  if (openaiForm.test(target)) return { kind: 'openai', path: target }
  const list = modelsForm.exec(target)
  if (list) return { kind: 'models', id: list[1] === undefined ? undefined : decoded(list[1]) }
  const [, namespace, name, path = '/', query = ''] = pathForm.exec(target) ?? []
  if (namespace === undefined || name === undefined)
    throw new Failure(
      'unknown-path',
      'the path names no model; ask /NAMESPACE/NAME/ and the path of its server, or GET /v1/models for the list',
    )
  const key = `${decoded(namespace)}/${decoded(name)}`
  const served = models.find(key)
  if (!served) throw unknownModel(key, models)
  return { kind: 'model', served, path: path + query }
}

/** @param asked NAMESPACE/NAME, or a NAME that only one model has @throws Failure unknown-model, ambiguous, forbidden */
export const modelNamed = (asked: string, models: Models): ServedModel => {
  const found = models.find(asked)
  if (found) return found
  const named = models.named(asked)
  const [only] = named
  if (only && named.length === 1) return only
  if (!only) throw unknownModel(asked, models, 'model')
  const keys = named.map(({ key }) => key)
  throw new Failure(
    'ambiguous',
    `several models are called ${JSON.stringify(asked)}: name ${keys.join(' or ')}`,
    {
      field: 'model',
    },
  )
}
