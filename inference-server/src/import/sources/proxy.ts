/** The proxy that a download goes through, as the variables HTTP_PROXY, HTTPS_PROXY and NO_PROXY name it. */
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { BlockList, isIP, isIPv4 } from 'node:net'
import { StartError } from '../../failures/errors.ts'

export interface Proxies {
  readonly http: URL | undefined
  readonly https: URL | undefined
  /** Hosts that are reached without a proxy: names, networks, or `*` for all. */
  readonly noProxy: readonly string[]
}

export const noProxies: Proxies = { http: undefined, https: undefined, noProxy: [] }

/** Both spellings of the variables are in use. */
const textOf = (env: NodeJS.ProcessEnv, name: string): string =>
  env[name.toLowerCase()]?.trim() || env[name]?.trim() || ''

const addressOf = (env: NodeJS.ProcessEnv, name: string): URL | undefined => {
  const value = textOf(env, name)
  if (value === '') return undefined
  const url = URL.parse(value.includes('://') ? value : `http://${value}`)
  if (url?.protocol === 'http:' && url.hostname !== '') return url
  throw new StartError(
    `${name} is no address of a proxy that is spoken to over http, such as http://proxy.example:3128`,
    2,
  )
}

/** @throws StartError with exit code 2 for a proxy that cannot be used */
export const readProxies = (env: NodeJS.ProcessEnv): Proxies => ({
  http: addressOf(env, 'HTTP_PROXY'),
  https: addressOf(env, 'HTTPS_PROXY'),
  noProxy: textOf(env, 'NO_PROXY')
    .split(/[\s,]+/)
    .filter((entry) => entry !== ''),
})

const bare = (host: string): string => host.replace(/^\[|\]$/g, '').replace(/\.$/, '')
const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIPv4(address) ? 'ipv4' : 'ipv6')

const isInNetwork = (address: string, entry: string): boolean => {
  const [network = '', prefix = ''] = entry.split('/')
  const bits = isIPv4(network) ? 32 : 128
  if (isIP(network) === 0 || isIP(address) === 0 || !/^\d+$/.test(prefix) || Number(prefix) > bits)
    return false
  const list = new BlockList()
  list.addSubnet(network, Number(prefix), familyOf(network))
  return list.check(address, familyOf(address))
}

/** `example.com` stands for itself and what is below it, `.example.com` and `*.example.com` for what is below it. */
const isNamed = (host: string, entry: string): boolean => {
  const name = entry.replace(/^\*\./, '.')
  return name.startsWith('.')
    ? host.endsWith(name)
    : host === name || (isIP(host) === 0 && host.endsWith(`.${name}`))
}

const portOf = ({ port, protocol }: URL): string => port || (protocol === 'https:' ? '443' : '80')

const isExcepted = (url: URL, written: string): boolean => {
  const host = bare(url.hostname)
  const entry = written.toLowerCase()
  if (entry === '*' || isInNetwork(host, entry)) return true
  const [, name = entry, port] = /^(\[.*\]|[^:]*):(\d+)$/.exec(entry) ?? []
  return (port === undefined || port === portOf(url)) && isNamed(host, bare(name))
}

/** @returns undefined where `url` is called directly */
export const proxyFor = (url: URL, proxies: Proxies): URL | undefined => {
  const proxy = url.protocol === 'https:' ? proxies.https : proxies.http
  return proxy && !proxies.noProxy.some((entry) => isExcepted(url, entry)) ? proxy : undefined
}

/** Node speaks to the proxy: it asks for a tunnel where the source is https, and for the whole address where it is http. */
export const agentThrough = ({ href }: URL, { protocol }: URL): HttpAgent =>
  protocol === 'https:'
    ? new HttpsAgent({ proxyEnv: { HTTPS_PROXY: href } })
    : new HttpAgent({ proxyEnv: { HTTP_PROXY: href } })
