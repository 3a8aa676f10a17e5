/** Whether a body is JSON, by what its request says of it. */
import type { IncomingHttpHeaders } from 'node:http'
import { Failure } from '../failures/errors.ts'

const jsonTypes = /^application\/(?:json|[\w.+-]+\+json)(?![\w.+-])/i

/** What a web page sends to other sites without being asked whether it may: the kinds of forms (Fetch, CORS-safelisted). */
const formTypes = /^(?:application\/x-www-form-urlencoded|text\/plain|multipart\/form-data)(?![\w.+-])/i

const refused = (message: string): Failure => new Failure('unsupported-media-type', message)

const notJson = (type: string): Failure =>
  formTypes.test(type)
    ? refused(
        `content-type ${type} belongs to forms; send application/json (curl: --json, or -H 'content-type: application/json' with -d)`,
      )
    : refused(`content-type ${type} is not known here; send application/json`)

/**
 * Absent, or JSON. A page sends a body without a type where it would otherwise be asked, so that pages have to say what they send.
 * @param others further types that are allowed here
 * @throws Failure unsupported-media-type
 */
export const checkJsonType = (
  { 'content-type': type, origin }: IncomingHttpHeaders,
  others?: RegExp,
): void => {
  if (type === 'application/json') return
  if (type === undefined) {
    if (origin === undefined) return
    throw refused('a web page has to send a content-type; send application/json')
  }
  if (!jsonTypes.test(type) && !others?.test(type)) throw notJson(type)
}
