/**
 * Requests that may not go on: those that another server on the way may read in another way, and those that a foreign web page
 * makes the browser of this machine's user send. The pods see the gateway's connection, so the check is the gateway's.
 */
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { Failure } from '../failure.ts'

/** A name or an address, and a port (RFC 9110, 7.2). */
const hostForm = /^(?:[\w.~!$&'()*+,;=%-]*|\[[0-9a-f:.]+\])(?::\d*)?$/i

const hasTwoHosts = ({ rawHeaders }: IncomingMessage): boolean => {
  let hosts = 0
  for (let at = 0; at < rawHeaders.length; at += 2)
    if (rawHeaders[at]?.length === 4 && rawHeaders[at]?.toLowerCase() === 'host') hosts += 1
  return hosts > 1
}

/** Whether the address names a host (RFC 9112, 3.2.2), and the Host header another one. */
const contradictsHost = ({ url = '/', headers: { host = '' } }: IncomingMessage): boolean => {
  if (url[0] === '/') return false
  const named = /^https?:\/\/([^/?#]*)/i.exec(url)?.[1]
  return named !== undefined && named.toLowerCase() !== host.toLowerCase()
}

/** Node bounds their bytes only; each one costs an endpoint as much again. Browsers send about twenty. */
const mostHeaders = 200

/** @throws Failure malformed, not-implemented, headers-too-large */
const checkFraming = (request: IncomingMessage): void => {
  const { host, 'transfer-encoding': coding } = request.headers
  if (request.httpVersionMajor !== 1)
    throw new Failure('malformed', 'the request names no version of HTTP; send HTTP/1.1')
  if (request.rawHeaders.length > 2 * mostHeaders)
    throw new Failure('headers-too-large', `the request has more than ${mostHeaders} headers; send fewer`)
  if (hasTwoHosts(request)) throw new Failure('malformed', 'the request has several Host headers; send one')
  if (host !== undefined && !hostForm.test(host))
    throw new Failure('malformed', 'the Host header must be a name or an address, and a port if need be')
  if (contradictsHost(request))
    throw new Failure(
      'malformed',
      'the address and the Host header name different hosts; send the same in both',
    )
  if (coding !== undefined && request.httpVersionMinor === 0)
    throw new Failure('malformed', 'HTTP/1.0 has no transfer codings; send HTTP/1.1')
  if (coding !== undefined && coding.trim().toLowerCase() !== 'chunked')
    throw new Failure('not-implemented', 'the only transfer coding known here is chunked')
}

/** The name in a Host header, in lower case and without the port. */
const nameIn = (host: string): string =>
  (/^(?:\[[^\]]*\]|[^:]*)/.exec(host)?.[0] ?? '').toLowerCase().replace(/\.$/, '')

const isLoopbackName = (name: string): boolean =>
  name === 'localhost' ||
  name.endsWith('.localhost') ||
  name === '[::1]' ||
  (isIP(name) === 4 && name.startsWith('127.'))

const isLoopback = (address: string): boolean =>
  address === '::1' ||
  address === 'localhost' ||
  address.startsWith('127.') ||
  address.startsWith('::ffff:127.')

/** Others, such as support.shop, are names that anybody may own on the internet and have stand for 127.0.0.1. */
const serviceForm = /\.svc(?:\.cluster\.local)?$/

export interface SiteRules {
  /** Address that the gateway listens on. */
  readonly host: string
  /** Further names, in lower case; '*': any. */
  readonly allowedHosts: readonly string[]
  /** Whether a Host names a model, such as NAME.NAMESPACE.svc. */
  readonly isModelHost: (host: string) => boolean
}

/** @throws Failure forbidden */
const createSiteCheck = ({ allowedHosts, isModelHost }: SiteRules): ((request: IncomingMessage) => void) => {
  const isOwn = (name: string): boolean => isLoopbackName(name) || allowedHosts.includes(name)
  const isForeignHost = (host: string): boolean =>
    !isOwn(nameIn(host)) && !(serviceForm.test(nameIn(host)) && isModelHost(host))
  const isForeignPage = (origin: string): boolean => {
    const name = nameIn(/^https?:\/\/(.*)$/i.exec(origin)?.[1] ?? '')
    return name === '' || !isOwn(name)
  }
  return ({ headers: { host, origin, 'sec-fetch-site': site } }) => {
    if (host !== undefined && isForeignHost(host))
      throw new Failure(
        'forbidden',
        `this gateway does not answer to the name ${JSON.stringify(nameIn(host).slice(0, 100))}; ask localhost, or name it with --allowed-hosts`,
      )
    if (origin === undefined ? site === 'cross-site' : isForeignPage(origin))
      throw new Failure(
        'forbidden',
        'this gateway does not answer web pages of other sites; name the host of the page with --allowed-hosts',
      )
  }
}

/** A check of each request. @throws Failure malformed, not-implemented, forbidden: the connection is of no use afterwards */
export const createAdmission = (rules: SiteRules): ((request: IncomingMessage) => void) => {
  const { host, allowedHosts } = rules
  const isOpen = allowedHosts.includes('*') || (!isLoopback(host) && allowedHosts.length === 0)
  const checkSite = isOpen ? () => {} : createSiteCheck(rules)
  return (request) => {
    checkFraming(request)
    checkSite(request)
  }
}
