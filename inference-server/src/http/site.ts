/**
 * Requests that a foreign web page makes the browser of this machine's user send. A server on loopback is reached by
 * them although no other machine reaches it, and it seldom has keys. Browsers say where a request comes from; a name that an attacker
 * has made to stand for 127.0.0.1 (DNS rebinding) is seen by the Host header.
 */
import type { IncomingMessage } from 'node:http'
import { isIP, isIPv4 } from 'node:net'
import { Failure } from '../failures/errors.ts'

/** The name in a Host header: lower case, without the port. */
const nameIn = (host: string): string => {
  const [name = ''] = /^(?:\[[^\]]*\]|[^:]*)/.exec(host) ?? []
  return name.toLowerCase().replace(/\.$/, '')
}

const isLoopbackName = (name: string): boolean =>
  name === 'localhost' ||
  name.endsWith('.localhost') ||
  name === '[::1]' ||
  (isIPv4(name) && name.startsWith('127.'))

/** @param address that a server listens on */
export const isLoopback = (address: string): boolean =>
  address === '::1' || address.startsWith('127.') || address.startsWith('::ffff:127.')

const foreignHost = (name: string): Failure =>
  new Failure(
    'forbidden',
    `this server does not answer to the name ${JSON.stringify(name.slice(0, 100))}; ask localhost, or name it with --allowed-hosts`,
  )

const foreignPage = (origin: string | undefined): Failure =>
  new Failure(
    'forbidden',
    origin === 'null'
      ? 'this server does not answer web pages of other sites, nor pages that have no host, such as an opened file; serve it from localhost, or name its host with --allowed-hosts'
      : 'this server does not answer web pages of other sites; name the host of the page with --allowed-hosts',
  )

/** @param origin of a page, `null` where it has none that others may know */
const nameOfOrigin = (origin: string): string => nameIn(/^https?:\/\/(.*)$/i.exec(origin)?.[1] ?? '')

/** A name can be made to stand for another machine (DNS rebinding); an address cannot. */
const isAddress = (name: string): boolean => isIP(name.replace(/^\[|\]$/g, '')) > 0

interface SiteOptions {
  /** Further host names of the server, in lower case. */
  readonly allowed: readonly string[]
  /** Whether the server listens on loopback only; otherwise its addresses are valid host names, too. */
  readonly isLocal: boolean
}

/** A check of each request. @throws Failure forbidden */
const createSiteCheck = ({ allowed, isLocal }: SiteOptions): ((request: IncomingMessage) => void) => {
  const isKnown = (name: string): boolean => isLoopbackName(name) || (name !== '' && allowed.includes(name))
  /** The latest Host that passed: callers repeat theirs, and it is not looked at again. */
  let known: string | undefined
  const checkHost = (host: string): void => {
    const name = nameIn(host)
    if (!isKnown(name) && (isLocal || !isAddress(name))) throw foreignHost(name)
    known = host
  }
  return ({ headers }) => {
    const { host, origin, 'sec-fetch-site': site } = headers
    // The header may be missing in HTTP/1.0, which browsers do not send.
    if (host !== undefined && host !== known) checkHost(host)
    if (origin === undefined) {
      if (site === 'cross-site') throw foreignPage(origin)
    } else if (!isKnown(nameOfOrigin(origin))) throw foreignPage(origin)
  }
}

export interface SiteRules {
  /** Further host names of the server, in lower case; '*': any. */
  readonly allowedHosts: readonly string[]
  /** Address of the option --host; undefined: all addresses. */
  readonly host: string | undefined
}

/** The check that a server needs, if any: on loopback always, elsewhere where host names are set. @param address that the server listens on */
export const siteCheckOf = (
  address: string,
  { allowedHosts, host }: SiteRules,
): ((request: IncomingMessage) => void) | undefined => {
  const isLocal = isLoopback(address)
  if (allowedHosts.includes('*') || (!isLocal && allowedHosts.length === 0)) return undefined
  return createSiteCheck({ allowed: [...allowedHosts, host?.toLowerCase() ?? ''], isLocal })
}
