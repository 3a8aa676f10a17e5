/** Which addresses an import connects to: whoever names a source also names a host, and pods reach more than people do. */
import { type LookupAddress, type LookupOptions, lookup } from 'node:dns'
import { BlockList, isIP, isIPv4, type LookupFunction } from 'node:net'

export interface AddressRules {
  /** 127.0.0.0/8 and ::1, for a store on the machine of a developer. */
  readonly allowLoopback: boolean
  /** Networks that are not of the internet: most stores of a cluster are there. */
  readonly allowPrivate: boolean
}

/** Why an address is refused: it is never a store, or it is of a private network and those are switched off. */
export type Refusal = 'local' | 'private'

const listOf = (...subnets: readonly string[]): BlockList => {
  const list = new BlockList()
  for (const subnet of subnets) {
    const [network = '', prefix] = subnet.split('/')
    list.addSubnet(network, Number(prefix), isIPv4(network) ? 'ipv4' : 'ipv6')
  }
  return list
}

const loopback = listOf('127.0.0.0/8', '::1/128')

/** What answers there is the machine itself, its cloud, or nobody; never a store. */
const local = listOf(
  ...['0.0.0.0/8', '::/128'], // this host
  ...['169.254.0.0/16', 'fe80::/10'], // link-local, where most clouds have their metadata
  ...['100.100.100.200/32', '168.63.129.16/32', '192.0.0.0/24'], // metadata of Alibaba, Azure and Oracle
  ...['fd00:ec2::/32', 'fd20:ce::254/128', 'fd00:42::42/128', 'fd00:c1::a9fe:a9fe/128'], // of Amazon, Google, Scaleway, Oracle
  ...['224.0.0.0/4', '240.0.0.0/4', 'ff00::/8'], // multicast, reserved, broadcast
  ...['fec0::/10', '100::/64', '2001::/32', '64:ff9b:1::/48'], // site-local, discard, Teredo, translation of one network
)

const privateNetworks = listOf(
  ...['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '198.18.0.0/15', 'fc00::/7'],
)

/** Prefixes whose addresses carry one of IPv4, and the group of 16 bits that it begins with. */
const embeddings = [
  { list: listOf('::ffff:0:0/96', '::ffff:0:0:0/96', '64:ff9b::/96', '::/96'), group: 6 },
  { list: listOf('2002::/16'), group: 1 },
] as const

/** The eight groups of an IPv6 address, which the URL parser writes without dots and in its shortest form. */
const groupsOf = (address: string): readonly number[] => {
  const bare = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1)
  const [left = '', right] = bare.split('::')
  const read = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16))
  if (right === undefined) return read(left)
  const [head, tail] = [read(left), read(right)]
  return [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => 0), ...tail]
}

/** The IPv4 address that this one stands for, where it does. */
const embeddedIn = (address: string): string | undefined => {
  const found = embeddings.find(({ list }) => list.check(address, 'ipv6'))
  if (!found) return undefined
  const [high = 0, low = 0] = groupsOf(address).slice(found.group)
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}

/** @returns undefined for an address that may be connected to */
export const refusalOf = (address: string, rules: AddressRules): Refusal | undefined => {
  const bare = address.replace(/%.*$/, '')
  const family = isIPv4(bare) ? 'ipv4' : 'ipv6'
  if (loopback.check(bare, family)) return rules.allowLoopback ? undefined : 'local'
  if (local.check(bare, family)) return 'local'
  const embedded = family === 'ipv6' ? embeddedIn(bare) : undefined
  if (embedded !== undefined) return refusalOf(embedded, rules)
  return privateNetworks.check(bare, family) && !rules.allowPrivate ? 'private' : undefined
}

export const isPrivate = (address: string): boolean =>
  refusalOf(address, { allowLoopback: false, allowPrivate: false }) !== undefined

/** An address that a host stands for may not be connected to. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused'
  readonly refusal: Refusal
  /** For the log only: who names a host need not know what it resolves to. */
  readonly address: string

  constructor(refusal: Refusal, address: string) {
    super(`a ${refusal} address`)
    this.refusal = refusal
    this.address = address
  }
}

/** @throws AddressRefused for a host that is itself an address, which no connection looks up */
export const checkHost = ({ hostname }: URL, rules: AddressRules): void => {
  const address = hostname.replace(/^\[|\]$/g, '')
  if (isIP(address) === 0) return
  const refusal = refusalOf(address, rules)
  if (refusal) throw new AddressRefused(refusal, address)
}

export type Resolve = (
  host: string,
  options: LookupOptions & { readonly all: true },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

/**
 * A lookup for a connection. What it answers has been checked, all of it, and the connection goes to one of these addresses:
 * nothing is resolved a second time.
 * @param resolve the name service
 */
export const guardedLookup =
  (rules: AddressRules, resolve: Resolve = lookup): LookupFunction =>
  (host, options, done) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? []
      if (error || !first) return done(error ?? notFound(host), [])
      for (const { address } of addresses) {
        const refusal = refusalOf(address, rules)
        if (refusal) return done(new AddressRefused(refusal, address), [])
      }
      if (options.all) return done(null, addresses)
      return done(null, first.address, first.family)
    })
  }

const notFound = (host: string): NodeJS.ErrnoException =>
  Object.assign(new Error(`${host} has no address`), { code: 'ENOTFOUND' })
