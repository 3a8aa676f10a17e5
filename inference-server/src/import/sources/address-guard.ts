/** Which addresses an import connects to: the author of a source chooses its host, and pods reach more hosts than that author may. */
import { type LookupAddress, type LookupOptions, lookup } from 'node:dns'
import { isIP, isIPv4, type LookupFunction } from 'node:net'
import { listOf, localNetworks, loopbackNetworks, privateNetworks } from '@gantry/contract/networks.ts'

export interface AddressRules {
  /** Admits 127.0.0.0/8 and ::1, for a store on the machine of a developer. */
  readonly allowLoopback: boolean
  /** Admits networks that are not on the internet: most stores of a cluster are there. */
  readonly allowPrivate: boolean
  /** The name service; without one, the machine's own. */
  readonly resolve?: Resolve
}

/** Why an address is refused: it is never a store, or it is of a private network and those are switched off. */
export type Refusal = 'local' | 'private'

const loopback = listOf(loopbackNetworks)
const local = listOf(localNetworks)
const privates = listOf(privateNetworks)

/** Prefixes whose addresses carry one of IPv4, and the group of 16 bits that it begins with. */
const embeddings = [
  { list: listOf(['::ffff:0:0/96', '::ffff:0:0:0/96', '64:ff9b::/96', '::/96']), group: 6 },
  { list: listOf(['2002::/16']), group: 1 },
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

/** The IPv4 address that is embedded in this IPv6 address, if any. */
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
  return privates.check(bare, family) && !rules.allowPrivate ? 'private' : undefined
}

/** The host resolves to an address that the import must not connect to. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused'
  readonly refusal: Refusal
  /** The address, for the log only: the author of a source need not know what its host resolves to. */
  readonly address: string

  constructor(refusal: Refusal, address: string) {
    super(`a ${refusal} address`)
    this.refusal = refusal
    this.address = address
  }
}

export type Resolve = (
  host: string,
  options: LookupOptions & { readonly all: true },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

/** The host of one connection. */
export interface GuardedHost {
  /**
   * The lookup function for the connection. All addresses of its answer have been checked, and the connection goes to one of these:
   * nothing is resolved a second time.
   */
  readonly lookup: LookupFunction
  /** Whether it stands for an address that is not of the internet; false as long as it was not looked up. */
  readonly isPrivate: () => boolean
}

/** @throws AddressRefused for a host that is itself an address, which no connection looks up */
export const guardHost = ({ hostname }: URL, rules: AddressRules): GuardedHost => {
  const literal = hostname.replace(/^\[|\]$/g, '')
  let isPrivate = false
  const check = (address: string): AddressRefused | undefined => {
    isPrivate ||= refusalOf(address, onlyInternet) !== undefined
    const refusal = refusalOf(address, rules)
    return refusal && new AddressRefused(refusal, address)
  }
  const refused = isIP(literal) === 0 ? undefined : check(literal)
  if (refused) throw refused
  const look: LookupFunction = (host, options, done) => {
    const resolve = rules.resolve ?? lookup
    resolve(host, { ...options, all: true }, (error, addresses) => {
      const problem = error ?? checkedAll(host, addresses, check)
      if (problem) return done(problem, [])
      if (options.all) return done(null, addresses)
      const [{ address, family } = { address: '', family: 0 }] = addresses
      return done(null, address, family)
    })
  }
  return { lookup: look, isPrivate: () => isPrivate }
}

const onlyInternet: AddressRules = { allowLoopback: false, allowPrivate: false }

/** One address that is refused refuses the name: which of them a connection takes is decided later, and not here. */
const checkedAll = (
  host: string,
  addresses: readonly LookupAddress[],
  check: (address: string) => AddressRefused | undefined,
): Error | undefined => {
  if (addresses.length === 0) return Object.assign(new Error(`${host} has no address`), { code: 'ENOTFOUND' })
  return addresses.map(({ address }) => check(address)).find((refused) => refused !== undefined)
}
