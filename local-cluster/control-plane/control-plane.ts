import { join } from 'node:path'
import { type Layout, network, ports } from '../layout.ts'
import { onLoopback } from '../machine/ports.ts'
import type { ProcessSpec } from '../machine/processes.ts'
import type { Identities } from './identities.ts'

const etcdUrl = `http://127.0.0.1:${ports.etcd}`

export const etcd = (bin: string, layout: Layout): ProcessSpec => {
  const peer = `http://127.0.0.1:${ports.etcdPeer}`
  return {
    name: 'etcd',
    command: join(bin, 'etcd'),
    listens: onLoopback(ports.etcd, ports.etcdPeer),
    args: [
      ...['--name=gantry', `--data-dir=${layout.etcd}`, '--log-level=warn'],
      '--unsafe-no-fsync', // a local cluster may be lost with its machine; the disk is shared with everything else
      ...[`--listen-client-urls=${etcdUrl}`, `--advertise-client-urls=${etcdUrl}`],
      ...[`--listen-peer-urls=${peer}`, `--initial-advertise-peer-urls=${peer}`],
      `--initial-cluster=gantry=${peer}`,
    ],
  }
}

const serving = (identities: Identities): readonly string[] => {
  const { cert, key } = identities.of('kube-apiserver')
  return [
    // All addresses, so that a kubeconfig can say 127.0.0.1 while pods use the bridge; node-network.ts shuts out the rest.
    ...[
      '--bind-address=0.0.0.0',
      `--secure-port=${ports.apiServer}`,
      `--advertise-address=${network.address}`,
    ],
    ...[`--tls-cert-file=${cert}`, `--tls-private-key-file=${key}`],
    `--service-cluster-ip-range=${network.serviceCidr}`,
  ]
}

const authentication = (identities: Identities): readonly string[] => {
  const kubelet = identities.of('kube-apiserver-kubelet-client')
  return [
    ...[`--client-ca-file=${identities.authority.cert}`, '--authorization-mode=Node,RBAC'],
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-key-file=${identities.signingKey}.pub`,
    `--service-account-signing-key-file=${identities.signingKey}`,
    ...[`--kubelet-client-certificate=${kubelet.cert}`, `--kubelet-client-key=${kubelet.key}`],
    `--kubelet-certificate-authority=${identities.authority.cert}`,
  ]
}

/** How requests for aggregated APIs (here: metrics.k8s.io) are passed on with the caller's name. */
const aggregation = (identities: Identities): readonly string[] => [
  ...[
    `--proxy-client-cert-file=${identities.frontProxy.cert}`,
    `--proxy-client-key-file=${identities.frontProxy.key}`,
  ],
  `--requestheader-client-ca-file=${identities.frontProxyAuthority.cert}`,
  '--requestheader-allowed-names=front-proxy-client',
  '--requestheader-username-headers=X-Remote-User',
  '--requestheader-group-headers=X-Remote-Group',
  '--requestheader-extra-headers-prefix=X-Remote-Extra-',
  '--enable-aggregator-routing=true', // straight to the endpoint: no ClusterIP is needed to reach it
]

export const kubeApiserver = (bin: string, identities: Identities): ProcessSpec => ({
  name: 'kube-apiserver',
  command: join(bin, 'kube-apiserver'),
  listens: [{ host: '0.0.0.0', port: ports.apiServer }],
  args: [
    `--etcd-servers=${etcdUrl}`,
    ...serving(identities),
    ...authentication(identities),
    ...aggregation(identities),
    ...['--enable-admission-plugins=NodeRestriction', '--allow-privileged=true'],
    '--kubelet-preferred-address-types=InternalIP',
    '--shutdown-delay-duration=0s',
  ],
})

export const kubeControllerManager = (bin: string, identities: Identities): ProcessSpec => ({
  name: 'kube-controller-manager',
  command: join(bin, 'kube-controller-manager'),
  listens: onLoopback(ports.controllerManager),
  args: [
    `--kubeconfig=${identities.kubeconfig('kube-controller-manager')}`,
    ...['--bind-address=127.0.0.1', `--secure-port=${ports.controllerManager}`],
    ...['--leader-elect=false', '--use-service-account-credentials'],
    ...['--allocate-node-cidrs', `--cluster-cidr=${network.clusterCidr}`],
    `--root-ca-file=${identities.authority.cert}`,
    `--service-account-private-key-file=${identities.signingKey}`,
    `--cluster-signing-cert-file=${identities.authority.cert}`,
    `--cluster-signing-key-file=${identities.authority.key}`,
    // The defaults (15 s, 5 min) are made for large clusters; here someone waits for the answer.
    '--horizontal-pod-autoscaler-sync-period=5s',
    '--horizontal-pod-autoscaler-initial-readiness-delay=10s',
    '--horizontal-pod-autoscaler-cpu-initialization-period=30s',
  ],
})

export const kubeScheduler = (bin: string, identities: Identities): ProcessSpec => ({
  name: 'kube-scheduler',
  command: join(bin, 'kube-scheduler'),
  listens: onLoopback(ports.scheduler),
  args: [
    `--kubeconfig=${identities.kubeconfig('kube-scheduler')}`,
    ...['--bind-address=127.0.0.1', `--secure-port=${ports.scheduler}`],
    '--leader-elect=false',
  ],
})
