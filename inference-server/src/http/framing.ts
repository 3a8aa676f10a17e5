/** Requests that Node reads, and that another server on the way may have read in another way. */
import type { IncomingMessage } from 'node:http'
import { Failure } from '../failures/errors.ts'

const hasTwoHosts = ({ rawHeaders }: IncomingMessage): boolean => {
  let hosts = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1
  }
  return hosts > 1
}

/** A name or an address, and a port (RFC 9110, 7.2); empty where the address has none. */
const hostForm = /^(?:[\w.~!$&'()*+,;=%-]*|\[[0-9a-f:.]+\])(?::\d*)?$/i

/** A check of each request; its connection is of no use after a failure. @throws Failure malformed, not-implemented */
export const createFramingCheck = (): ((request: IncomingMessage) => void) => {
  /** The latest Host that passed: callers repeat theirs, and it is not looked at again. */
  let wellFormed: string | undefined
  return (request) => {
    if (request.httpVersionMajor !== 1)
      throw new Failure('malformed', 'the request names no version of HTTP; send HTTP/1.1')
    if (hasTwoHosts(request)) throw new Failure('malformed', 'the request has several Host headers; send one')
    const { host, 'transfer-encoding': coding } = request.headers
    if (host !== undefined && host !== wellFormed) {
      if (!hostForm.test(host))
        throw new Failure('malformed', 'the Host header must be a name or an address, and a port if need be')
      wellFormed = host
    }
    if (coding !== undefined && coding.trim().toLowerCase() !== 'chunked')
      throw new Failure(
        'not-implemented',
        'the only transfer coding known here is chunked; say with Content-Encoding that a body is packed',
        { asked: true },
      )
  }
}
