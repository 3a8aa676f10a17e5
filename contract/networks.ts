/** Networks, for what looks at an address that is connected to: the import itself, and the NetworkPolicy of its pod. */
import { BlockList, isIPv4 } from 'node:net'

/** Loopback of IPv4 and of IPv6. */
export const loopbackNetworks = ['127.0.0.0/8', '::1/128'] as const

/** Networks of the machine itself, of its cloud's metadata, and networks without hosts. A store of models is in none of them. */
export const localNetworks = [
  ...['0.0.0.0/8', '::/128'], // this host
  ...['169.254.0.0/16', 'fe80::/10'], // link-local, where most clouds have their metadata
  ...['100.100.100.200/32', '168.63.129.16/32', '192.0.0.0/24'], // metadata of Alibaba, Azure and Oracle
  ...['fd00:ec2::/32', 'fd20:ce::254/128', 'fd00:42::42/128', 'fd00:c1::a9fe:a9fe/128'], // metadata of Amazon, Google, Scaleway, Oracle
  ...['224.0.0.0/4', '240.0.0.0/4', 'ff00::/8'], // multicast, reserved, broadcast
  ...['fec0::/10', '100::/64', '2001::/32', '64:ff9b:1::/48'], // site-local, discard, Teredo, translation of one network
] as const

/** Networks that are not of the internet: pods, Services, nodes and most stores of a company are there. */
export const privateNetworks = [
  ...['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '198.18.0.0/15'],
  'fc00::/7',
] as const

/** @returns a list that can be asked whether an address is in one of the networks */
export const listOf = (networks: readonly string[]): BlockList => {
  const list = new BlockList()
  for (const one of networks) {
    const [network = '', prefix] = one.split('/')
    list.addSubnet(network, Number(prefix), isIPv4(network) ? 'ipv4' : 'ipv6')
  }
  return list
}
