/** What the address of a request says: its path, the endpoint and the model that it asks for. */
import type { IncomingMessage } from 'node:http'
import { Failure } from '../failures/errors.ts'
import type { Endpoint } from '../requests/endpoint.ts'

const inferPath = /^\/v2\/models\/([^/]+)(?:\/versions\/([^/]+))?\/infer$/

const explainPath = /^\/(?:v2\/models\/[^/]+(?:\/versions\/[^/]+)?\/)?explain$/

const plainPath = /^\/(?:(predict|chat|analyze)|v1\/((?:chat\/)?completions|embeddings))$/

export const isInferPath = (path: string): boolean => inferPath.test(path)

/** undefined: none that is counted. */
export const endpointOf = (path: string): Endpoint | undefined => {
  if (isInferPath(path)) return 'infer'
  if (explainPath.test(path)) return 'explain'
  const [, plain, openai] = plainPath.exec(path) ?? []
  return (plain ?? openai) as Endpoint | undefined
}

const decode = (part: string): string => {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new Failure('malformed', 'the address does not decode')
  }
}

/** The model, and maybe its version, whose inference a path asks for. @throws Failure malformed */
export const modelIn = (path: string): readonly [name: string, version: string | undefined] => {
  const [, asked = '', version] = inferPath.exec(path) ?? []
  return [decode(asked), version === undefined ? undefined : decode(version)]
}

/** The path without a slash at its end, which express ignores too. */
export const pathOf = (request: IncomingMessage): string => {
  const given = request.url ?? '/'
  // A proxy may be asked with the whole address (RFC 9112, 3.2.2); whose it is, is not looked at in the Host header either.
  const url = given[0] === '/' ? given : given.replace(/^https?:\/\/[\w.:[\]-]+(?=[/?]|$)/i, '')
  const query = url.indexOf('?')
  const end = query < 0 ? url.length : query
  return url.slice(0, end > 1 && url[end - 1] === '/' ? end - 1 : end)
}
