import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Layout, network, ports } from '../layout.ts'
import { run, tryRun } from '../machine/command.ts'
import { writeIfChanged } from '../machine/config-file.ts'

const table = 'gantry'

/**
 * Pods reach the world behind the host's address. The API server listens on all addresses, but only this machine
 * and its pods may come in. Applying it again replaces it.
 */
const firewall = `table ip ${table}
delete table ip ${table}
table ip ${table} {
  chain outgoing {
    type nat hook postrouting priority 100; policy accept;
    ip saddr ${network.clusterCidr} ip daddr != { ${network.clusterCidr}, ${network.serviceCidr} } masquerade
  }
  chain incoming {
    type filter hook input priority 0; policy accept;
    tcp dport ${ports.apiServer} iifname != { "lo", "${network.bridge}" } drop
  }
}
`

/** Docker sets the policy of FORWARD to drop, which would cut pods off from Services and the world. */
const forwardRules = [
  ['-i', network.bridge, '-j', 'ACCEPT'],
  ['-o', network.bridge, '-j', 'ACCEPT'],
] as const

const allowForwarding = async (): Promise<void> => {
  const policy = await tryRun('iptables', ['-S', 'FORWARD'])
  if (!policy?.includes('-P FORWARD DROP')) return
  for (const rule of forwardRules) {
    const present = await tryRun('iptables', ['-C', 'FORWARD', ...rule])
    if (present === undefined) await run('iptables', ['-I', 'FORWARD', ...rule])
  }
}

/** Where the CNI plugins keep which address is whose: in our folder, not in the host's. */
const cniConfig = (layout: Layout) => ({
  cniVersion: '1.0.0',
  name: 'gantry',
  plugins: [
    {
      type: 'bridge',
      bridge: network.bridge,
      isGateway: true,
      hairpinMode: true,
      ipam: {
        type: 'host-local',
        dataDir: join(layout.cni, 'addresses'),
        ranges: [[{ subnet: network.podCidr, gateway: network.address }]],
        routes: [{ dst: '0.0.0.0/0' }],
      },
    },
  ],
})

export const cniConfigFolder = (layout: Layout): string => join(layout.cni, 'conf')

/** Creates or completes the bridge, its routes and rules, and the CNI configuration. */
export const ensureNodeNetwork = async (layout: Layout): Promise<void> => {
  const { bridge, bridgeMac, address, serviceCidr } = network
  if ((await tryRun('ip', ['link', 'show', bridge])) === undefined) {
    await run('ip', ['link', 'add', bridge, 'address', bridgeMac, 'type', 'bridge'])
  }
  await run('ip', ['link', 'set', bridge, 'up'])
  await run('ip', ['address', 'replace', `${address}/24`, 'dev', bridge])
  // A host that has no default route could not use a ClusterIP without this one.
  await run('ip', ['route', 'replace', serviceCidr, 'dev', bridge])
  await writeFile('/proc/sys/net/ipv4/ip_forward', '1')
  await run('nft', ['-f', '-'], { input: firewall })
  await allowForwarding()
  const conflist = join(cniConfigFolder(layout), '10-gantry.conflist')
  await writeIfChanged(conflist, JSON.stringify(cniConfig(layout), null, 2))
}

const linksOn = async (bridge: string): Promise<readonly string[]> => {
  const links = await tryRun('ip', ['-json', 'link', 'show', 'master', bridge])
  return links ? (JSON.parse(links || '[]') as { ifname: string }[]).map(({ ifname }) => ifname) : []
}

/** Takes back everything that `ensureNodeNetwork`, the CNI plugins and kube-proxy made. */
export const removeNodeNetwork = async (): Promise<void> => {
  for (const link of await linksOn(network.bridge)) await tryRun('ip', ['link', 'delete', link])
  await tryRun('ip', ['link', 'delete', network.bridge])
  for (const [family, name] of [
    ['ip', table],
    ['ip', 'kube-proxy'],
    ['ip6', 'kube-proxy'],
  ] as const) {
    await tryRun('nft', ['delete', 'table', family, name])
  }
  for (const rule of forwardRules) await tryRun('iptables', ['-D', 'FORWARD', ...rule])
}
