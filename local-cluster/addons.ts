import { join } from 'node:path'
import { apiServerUrl, identitiesOf } from './control-plane/identities.ts'
import { clusterDomain, type Layout, network, nodeName, ports } from './layout.ts'
import { type ConfigFile, configFile, writeConfigFile } from './machine/config-file.ts'
import { onLoopback } from './machine/ports.ts'
import type { ProcessSpec } from './machine/processes.ts'
import { storageClasses } from './storage/classes.ts'

/** Short lives for answers about the cluster: a test that makes a Service looks it up at once. */
const corefile = (layout: Layout): string => `.:${ports.dns} {
  bind ${network.address}
  errors
  ready 127.0.0.1:${ports.dnsReady}
  kubernetes ${clusterDomain} in-addr.arpa ip6.arpa {
    kubeconfig ${layout.kubeconfig}
    pods insecure
    ttl 5
    fallthrough in-addr.arpa ip6.arpa
  }
  forward . /etc/resolv.conf
  cache 30 {
    denial 1000 5
  }
  loadbalance
}
`

const corefileOf = (layout: Layout): ConfigFile => configFile(layout, 'Corefile', corefile(layout))

export const writeAddonConfig = (layout: Layout): Promise<void> => writeConfigFile(corefileOf(layout))

export const coredns = (bin: string, layout: Layout): ProcessSpec => ({
  name: 'coredns',
  command: join(bin, 'coredns'),
  listens: [{ host: network.address, port: ports.dns }, ...onLoopback(ports.dnsReady)],
  args: ['-conf', corefileOf(layout).path],
})

export const metricsServer = (bin: string, layout: Layout): ProcessSpec => ({
  name: 'metrics-server',
  command: join(bin, 'metrics-server'),
  listens: [{ host: network.address, port: ports.metricsServer }],
  args: [
    ...[`-kubeconfig=${layout.kubeconfig}`, `-bind-address=${network.address}`],
    `-secure-port=${ports.metricsServer}`,
  ],
})

export const storageProvisioner = (layout: Layout): ProcessSpec => {
  const identities = identitiesOf(layout)
  const admin = identities.of('admin')
  return {
    name: 'storage-provisioner',
    command: process.execPath,
    args: [
      join(import.meta.dirname, 'storage', 'provisioner.ts'),
      ...[
        '--server',
        apiServerUrl,
        '--ca',
        identities.authority.cert,
        '--cert',
        admin.cert,
        '--key',
        admin.key,
      ],
      ...['--volumes', layout.volumes],
    ],
  }
}

type Port = {
  readonly name: string
  readonly protocol: 'TCP' | 'UDP'
  readonly port: number
  readonly target: number
}

/** A Service whose endpoint is a process on the host instead of a pod: no image has to be there before it works. */
const hostService = (name: string, clusterIP: string | undefined, servicePorts: readonly Port[]) => [
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'kube-system', labels: { 'k8s-app': name } },
    spec: {
      ...(clusterIP ? { clusterIP } : {}),
      ports: servicePorts.map(({ target, ...port }) => ({ ...port, targetPort: target })),
    },
  },
  {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `${name}-host`,
      namespace: 'kube-system',
      labels: {
        'kubernetes.io/service-name': name,
        'endpointslice.kubernetes.io/managed-by': 'gantry.dev',
      },
    },
    addressType: 'IPv4',
    endpoints: [{ addresses: [network.address], conditions: { ready: true } }],
    ports: servicePorts.map(({ name: port, protocol, target }) => ({ name: port, protocol, port: target })),
  },
]

const metricsApi = {
  apiVersion: 'apiregistration.k8s.io/v1',
  kind: 'APIService',
  metadata: { name: 'v1beta1.metrics.k8s.io' },
  spec: {
    ...{ group: 'metrics.k8s.io', version: 'v1beta1', groupPriorityMinimum: 100, versionPriority: 100 },
    service: { name: 'metrics-server', namespace: 'kube-system', port: 443 },
    insecureSkipTLSVerify: true, // it signs its own certificate at each start
  },
}

/**
 * The Node authorizer lets a kubelet read the claims of its pods, and learns of a pod later than the kubelet does where the
 * machine is busy. The kubelet is refused then and waits about 15 s before it asks again. There is but one node here.
 */
const claimsOfTheNode = [
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'gantry-local-node' },
    rules: [{ apiGroups: [''], resources: ['persistentvolumeclaims', 'persistentvolumes'], verbs: ['get'] }],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'gantry-local-node' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'gantry-local-node' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: `system:node:${nodeName}` }],
  },
]

/** Objects that tell the cluster about the programs which run beside it. */
export const addonObjects = () => [
  ...storageClasses(),
  ...hostService('kube-dns', network.dnsService, [
    { name: 'dns', protocol: 'UDP', port: 53, target: ports.dns },
    { name: 'dns-tcp', protocol: 'TCP', port: 53, target: ports.dns },
  ]),
  ...hostService('metrics-server', undefined, [
    { name: 'https', protocol: 'TCP', port: 443, target: ports.metricsServer },
  ]),
  metricsApi,
  ...claimsOfTheNode,
]
