/** An API server, the controllers and the scheduler of Kubernetes, and kwok in the place of kubelets. No container runs. */
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type ApiServer, startApiServer } from '../../local-cluster/api-server.ts'
import { certificatesOf } from '../../local-cluster/control-plane/identity.ts'
import { ensureBinaries } from '../../local-cluster/binaries/binaries.ts'
import { eventually, type Kubectl, kubectl } from '../../local-cluster/kubectl.ts'
import { end, hasEnded, lastLines, spawnChild } from '../../local-cluster/machine/child.ts'
import { freePort } from '../../local-cluster/machine/ports.ts'
import { pathsFrom } from '../../local-cluster/paths.ts'
import { filtered, progressOn } from '../../local-cluster/progress.ts'
import { stages } from './stages.ts'

export interface SimulatedCluster {
  readonly kubectl: Kubectl
  readonly server: ApiServer
  /** Where files of the cluster are; it goes with the cluster. */
  readonly folder: string
  /** Starts a program that ends with the cluster. */
  readonly spawn: (
    name: string,
    command: string,
    args: readonly string[],
    env?: NodeJS.ProcessEnv,
  ) => ReturnType<typeof spawnChild>
  /** Adds volumes that claims of any size up to 10 GiB are bound to. */
  readonly addVolumes: (count: number) => void
  readonly stop: () => Promise<void>
}

/** Pods of a node as a kubelet takes by default are 110; some room is left for those that end. */
const podsPerNode = 90

/**
 * Those that the children of a model need. The controllers of EndpointSlices are left out: all pods answer at one loopback
 * address, which no slice may have.
 */
const controllers = [
  'deployment-controller',
  'replicaset-controller',
  'job-controller',
  'garbage-collector-controller',
  'node-lifecycle-controller',
  'persistentvolume-binder-controller',
  'persistentvolumeclaim-protection-controller',
  'disruption-controller',
]

/** The defaults, 20 calls a second and bursts of 30, would be what is measured. */
const apiRate = ['--kube-api-qps=300', '--kube-api-burst=600']

/** A lease that is renewed: without one, nodes count as lost after 50 s, and their pods never come back. */
const nodeLease = '--node-lease-duration-seconds=40'

const storageClass = 'fleet'

const volume = (index: number): object => ({
  ...{ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: `volume-${index}` } },
  spec: {
    ...{ capacity: { storage: '10Gi' }, accessModes: ['ReadWriteOnce'], storageClassName: storageClass },
    hostPath: { path: '/nonexistent' },
  },
})

const defaultStorageClass = {
  ...{ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', provisioner: 'kubernetes.io/no-provisioner' },
  metadata: {
    name: storageClass,
    annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
  },
}

const nodeOf = (index: number): object => ({
  ...{ apiVersion: 'v1', kind: 'Node', metadata: { name: `node-${index}` } },
})

/** A loopback address that nobody else is likely to use: the port of pods is taken at it. */
const addressOfPods = (): string =>
  `127.${[1, 2, 3].map(() => 2 + Math.floor(Math.random() * 250)).join('.')}`

const controllerManagerFlags = async ({ kubeconfig }: ApiServer): Promise<readonly string[]> => [
  ...[`--kubeconfig=${kubeconfig}`, '--leader-elect=false', '--bind-address=127.0.0.1'],
  ...[`--secure-port=${await freePort()}`, `--controllers=${controllers.join(',')}`, ...apiRate],
  `--service-account-private-key-file=${certificatesOf(kubeconfig).signingKey}`,
]

const schedulerFlags = async ({ kubeconfig }: ApiServer): Promise<readonly string[]> => [
  ...[`--kubeconfig=${kubeconfig}`, '--leader-elect=false', '--bind-address=127.0.0.1'],
  ...[`--secure-port=${await freePort()}`, ...apiRate],
]

const kwokFlags = ({ kubeconfig }: ApiServer, config: string): readonly string[] => [
  ...[`--kubeconfig=${kubeconfig}`, `--config=${config}`, '--manage-all-nodes=true', nodeLease],
]

const nodesAreReady = (client: Kubectl, count: number): Promise<unknown> =>
  eventually(`${count} simulated nodes are ready`, () => {
    const nodes = client.list('nodes')
    return (
      nodes.length === count &&
      nodes.every(({ spec, status }) =>
        status.conditions?.some(
          (one: { type: string; status: string }) => one.type === 'Ready' && one.status === 'True',
        )
          ? (spec.taints ?? []).length === 0
          : false,
      )
    )
  })

const programs = ['kube-controller-manager', 'kube-scheduler', 'kwok', 'helm'] as const

const startOn = async (server: ApiServer, bin: string, pods: number): Promise<SimulatedCluster> => {
  const folder = dirname(server.kubeconfig)
  const children: ReturnType<typeof spawnChild>[] = []
  const spawn: SimulatedCluster['spawn'] = (name, command, args, env) => {
    const child = spawnChild(join(folder, name), command, args, env)
    children.push(child)
    return child
  }
  const podIp = addressOfPods()
  const stop = async (): Promise<void> => {
    await Promise.all(children.map((child) => end(child, 'SIGKILL')))
    await server.stop()
  }
  const client = kubectl([server.kubectl, '--kubeconfig', server.kubeconfig])
  try {
    const config = join(folder, 'kwok.yaml')
    writeFileSync(
      config,
      stages(podIp)
        .map((one) => JSON.stringify(one))
        .join('\n---\n'),
    )
    spawn('pods', process.execPath, [join(import.meta.dirname, 'pods.ts'), podIp])
    spawn('controllers', join(bin, 'kube-controller-manager'), await controllerManagerFlags(server))
    spawn('scheduler', join(bin, 'kube-scheduler'), await schedulerFlags(server))
    spawn('kwok', join(bin, 'kwok'), kwokFlags(server, config))
    const nodes = Math.ceil(pods / podsPerNode) + 1
    client.apply(defaultStorageClass, ...Array.from({ length: nodes }, (_, index) => nodeOf(index)))
    await nodesAreReady(client, nodes)
    if (children.some(hasEnded)) throw new Error('a program of the simulated cluster has ended')
  } catch (error) {
    const logs = await Promise.all(
      ['pods', 'controllers', 'scheduler', 'kwok'].map((name) => lastLines(join(folder, `${name}.log`))),
    )
    await stop()
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${logs.join('\n')}`, {
      cause: error,
    })
  }
  let volumes = 0
  const addVolumes = (count: number): void => {
    client.apply(...Array.from({ length: count }, (_, index) => volume(volumes + index)))
    volumes += count
  }
  return { kubectl: client, server, folder, spawn, addVolumes, stop }
}

/** @param pods that are to run at the same time */
export const startSimulatedCluster = async (pods: number): Promise<SimulatedCluster> => {
  const progress = filtered(progressOn(process.stderr), (line) => !line.endsWith('cached'))
  const bin = await ensureBinaries(pathsFrom(process.env), programs, progress)
  const server = await startApiServer({ progress })
  return startOn(server, bin, pods)
}
