import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Identities, identitiesOf } from '../control-plane/identities.ts'
import { pause } from '../images/base-images.ts'
import { clusterDomain, type Layout, network, nodeName, ports } from '../layout.ts'
import { configFile, writeConfigFile } from '../machine/config-file.ts'
import { onLoopback } from '../machine/ports.ts'
import type { ProcessSpec } from '../machine/processes.ts'
import { cniConfigFolder } from './node-network.ts'

const containerdConfig = (layout: Layout): string => `version = 2
root = "${layout.containerd}"
state = "${layout.run}/containerd"
disabled_plugins = [
  "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs",
]

[grpc]
  address = "${layout.containerdSocket}"

[plugins."io.containerd.internal.v1.opt"]
  path = "${layout.containerd}/opt"

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${pause.name}"
  # Where root lacks CAP_SYS_RESOURCE a negative score is refused, and with it every sandbox.
  restrict_oom_score_adj = true
  # Network namespaces of pods then lie in our folder, so \`down\` can tell them from others.
  netns_mounts_under_state_dir = true

[plugins."io.containerd.grpc.v1.cri".cni]
  bin_dir = "/usr/lib/cni"
  conf_dir = "${cniConfigFolder(layout)}"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"
  options = { Root = "${layout.run}/runc" }
`

const kubeletConfig = (layout: Layout, identities: Identities) => ({
  apiVersion: 'kubelet.config.k8s.io/v1beta1',
  kind: 'KubeletConfiguration',
  address: network.address,
  port: ports.kubelet,
  ...{ healthzBindAddress: '127.0.0.1', healthzPort: ports.kubeletHealth },
  tlsCertFile: identities.of('kubelet-server').cert,
  tlsPrivateKeyFile: identities.of('kubelet-server').key,
  authentication: {
    anonymous: { enabled: false },
    webhook: { enabled: true },
    x509: { clientCAFile: identities.authority.cert },
  },
  authorization: { mode: 'Webhook' },
  containerRuntimeEndpoint: `unix://${layout.containerdSocket}`,
  ...{ cgroupDriver: 'cgroupfs', cgroupRoot: '/', failCgroupV1: false, failSwapOn: false },
  ...{ clusterDNS: [network.dnsService], clusterDomain },
  // The machine is shared with its owner's work: a full disk must not throw pods out before it hurts.
  evictionHard: { 'memory.available': '100Mi', 'nodefs.available': '1%', 'imagefs.available': '1%' },
  imageGCHighThresholdPercent: 100, // off: an image that was loaded by hand cannot be pulled again
  podLogsDir: layout.podLogs,
  volumePluginDir: join(layout.kubelet, 'volume-plugins'),
  makeIPTablesUtilChains: false,
})

const proxyConfig = (identities: Identities) => ({
  apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
  kind: 'KubeProxyConfiguration',
  mode: 'nftables',
  clientConnection: { kubeconfig: identities.kubeconfig('kube-proxy') },
  hostnameOverride: nodeName,
  clusterCIDR: network.clusterCidr,
  healthzBindAddress: `127.0.0.1:${ports.proxyHealth}`,
  metricsBindAddress: `127.0.0.1:${ports.proxyMetrics}`,
  // Zero leaves the host's own limits as they are.
  conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
})

const json = (value: unknown): string => JSON.stringify(value, null, 2)

const files = (layout: Layout) => {
  const identities = identitiesOf(layout)
  return {
    containerd: configFile(layout, 'containerd.toml', containerdConfig(layout)),
    kubelet: configFile(layout, 'kubelet.json', json(kubeletConfig(layout, identities))),
    proxy: configFile(layout, 'kube-proxy.json', json(proxyConfig(identities))),
  }
}

/** Writes what containerd, the kubelet and kube-proxy read when they start. */
export const writeNodeConfig = async (layout: Layout): Promise<void> => {
  for (const folder of [layout.run, layout.podLogs]) await mkdir(folder, { recursive: true })
  for (const file of Object.values(files(layout))) await writeConfigFile(file)
}

export const containerd = (layout: Layout): ProcessSpec => ({
  name: 'containerd',
  command: 'containerd',
  args: ['--config', files(layout).containerd.path, '--log-level', 'warn'],
})

export const kubelet = (bin: string, layout: Layout): ProcessSpec => ({
  name: 'kubelet',
  command: join(bin, 'kubelet'),
  listens: [{ host: network.address, port: ports.kubelet }, ...onLoopback(ports.kubeletHealth)],
  args: [
    `--config=${files(layout).kubelet.path}`,
    `--kubeconfig=${identitiesOf(layout).kubeconfig('kubelet')}`,
    ...[`--root-dir=${layout.kubelet}`, `--cert-dir=${join(layout.kubelet, 'pki')}`],
    ...[`--hostname-override=${nodeName}`, `--node-ip=${network.address}`],
  ],
})

export const kubeProxy = (bin: string, layout: Layout): ProcessSpec => ({
  name: 'kube-proxy',
  command: join(bin, 'kube-proxy'),
  listens: onLoopback(ports.proxyHealth, ports.proxyMetrics),
  args: [`--config=${files(layout).proxy.path}`],
})
