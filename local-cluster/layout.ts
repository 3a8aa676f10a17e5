import { join } from 'node:path'
import type { Paths } from './paths.ts'

/** Names and numbers of the one local cluster of a machine. */
export const clusterName = 'gantry-local'
export const nodeName = 'gantry-node'
export const clusterDomain = 'cluster.local'

/**
 * Everything answers on the bridge's own address: it does not depend on the host's network, pods reach it
 * directly, and no other machine does.
 */
export const network = {
  bridge: 'gantry0',
  /** Locally administered and fixed, so that the bridge does not change its address as pods come and go. */
  bridgeMac: '02:00:0a:f4:00:01',
  address: '10.244.0.1',
  /** The node's share of `clusterCidr`, as the controller manager gives it to the first node. */
  podCidr: '10.244.0.0/24',
  clusterCidr: '10.244.0.0/16',
  serviceCidr: '10.96.0.0/16',
  kubernetesService: '10.96.0.1',
  dnsService: '10.96.0.10',
} as const

export const ports = {
  apiServer: 6443,
  etcd: 2379,
  etcdPeer: 2380,
  kubelet: 10250,
  kubeletHealth: 10248,
  proxyMetrics: 10249,
  proxyHealth: 10256,
  controllerManager: 10257,
  scheduler: 10259,
  dns: 10053,
  dnsReady: 10054,
  metricsServer: 4443,
} as const

/** Folders and files of the running cluster. */
export const layoutOf = ({ state }: Paths) => ({
  root: state,
  kubeconfig: join(state, 'kubeconfig'),
  certificates: join(state, 'certificates'),
  processes: join(state, 'processes'),
  logs: join(state, 'logs'),
  podLogs: join(state, 'logs', 'pods'),
  config: join(state, 'config'),
  etcd: join(state, 'etcd'),
  kubelet: join(state, 'kubelet'),
  containerd: join(state, 'containerd'),
  cni: join(state, 'cni'),
  volumes: join(state, 'volumes'),
  /** What was different on the host before; `down` puts it back. */
  host: join(state, 'host.json'),
  /** Sockets and mounts of running pods: a short path (a socket's may have 107 characters) that a reboot empties. */
  run: '/run/gantry',
  containerdSocket: '/run/gantry/containerd.sock',
})

export type Layout = ReturnType<typeof layoutOf>
