import { readFile, rm, rmdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { addonObjects, coredns, metricsServer, storageProvisioner, writeAddonConfig } from './addons.ts'
import { allBinaries, binFolder, ensureBinaries, type Log } from './binaries.ts'
import { tryRun } from './command.ts'
import { endContainers } from './containers.ts'
import { etcd, kubeApiserver, kubeControllerManager, kubeScheduler } from './control-plane.ts'
import { rememberHost, restoreHost } from './host.ts'
import { httpsStatus } from './http-probe.ts'
import { apiServerUrl, ensureIdentities, type Identities } from './identities.ts'
import { imageStore } from './images.ts'
import { applyObjects, type Kubectl, kubectlFor } from './kubectl.ts'
import { clusterName, type Layout, layoutOf, network, nodeName, ports } from './layout.ts'
import { unmountBelow } from './mounts.ts'
import { containerd, kubelet, kubeProxy, writeNodeConfig } from './node.ts'
import { ensureNodeNetwork, removeNodeNetwork } from './node-network.ts'
import type { Paths } from './paths.ts'
import { requirePort } from './ports.ts'
import { type ProcessSpec, type ProcessTable, processTable } from './processes.ts'
import { ensurePrograms, requireRoot } from './requirements.ts'
import { waitFor } from './wait.ts'

const readyTimeoutMs = 90_000 // about 10 s when nothing else runs

/** In this order they end: nothing is left that would start again what has just been stopped. */
const stopOrder = [
  ...['kubelet', 'kube-proxy', 'metrics-server', 'coredns', 'storage-provisioner'],
  ...['kube-scheduler', 'kube-controller-manager', 'kube-apiserver', 'etcd'],
] as const

const portsOf: Readonly<Record<string, readonly { host: string; port: number }[]>> = {
  etcd: [ports.etcd, ports.etcdPeer].map((port) => ({ host: '127.0.0.1', port })),
  'kube-apiserver': [{ host: '0.0.0.0', port: ports.apiServer }],
  'kube-controller-manager': [{ host: '127.0.0.1', port: ports.controllerManager }],
  'kube-scheduler': [{ host: '127.0.0.1', port: ports.scheduler }],
  kubelet: [
    { host: network.address, port: ports.kubelet },
    { host: '127.0.0.1', port: ports.kubeletHealth },
  ],
  'kube-proxy': [ports.proxyHealth, ports.proxyMetrics].map((port) => ({ host: '127.0.0.1', port })),
  coredns: [
    { host: network.address, port: ports.dns },
    { host: '127.0.0.1', port: ports.dnsReady },
  ],
  'metrics-server': [{ host: network.address, port: ports.metricsServer }],
}

const table = (layout: Layout): ProcessTable => processTable(layout.processes, layout.logs)

const ensureProcess = async (processes: ProcessTable, spec: ProcessSpec, log: Log): Promise<void> => {
  if (!(await processes.alive(spec.name))) {
    for (const endpoint of portsOf[spec.name] ?? []) await requirePort(spec.name, endpoint)
  }
  const result = await processes.ensure(spec)
  if (result !== 'running') log(`${spec.name} … ${result}`)
}

/** Waits for `ask`; a process that ended meanwhile is an error with its last words. */
const whenUp = async (
  processes: ProcessTable,
  name: string,
  what: string,
  ask: () => Promise<boolean>,
): Promise<void> => {
  const stillUp = async (): Promise<boolean> => {
    if (!(await processes.alive(name))) {
      throw new Error(
        `${name} ended before ${what}. Its log, ${processes.logOf(name)}, ends with:\n${await processes.tail(name)}`,
      )
    }
    return ask()
  }
  await waitFor(what, stillUp, { timeoutMs: readyTimeoutMs, detail: () => processes.tail(name) })
}

const apiServerReady = async (identities: Identities): Promise<() => Promise<boolean>> => {
  const admin = identities.of('admin')
  const [ca, cert, key] = await Promise.all(
    [identities.authority.cert, admin.cert, admin.key].map((path) => readFile(path, 'utf8')),
  )
  const probe = { url: `${apiServerUrl}/readyz`, ca: ca ?? '', cert: cert ?? '', key: key ?? '' }
  return async () => (await httpsStatus(probe)) === 200
}

const nodeIsReady = (kubectl: Kubectl) => async (): Promise<boolean> => {
  const jsonpath = '{.status.conditions[?(@.type=="Ready")].status}'
  const answer = await kubectl(['get', 'node', nodeName, '--ignore-not-found', '-o', `jsonpath=${jsonpath}`])
  return answer === 'True'
}

/** An extended resource without a device behind it: enough for the scheduler, the kubelet and quotas. */
const advertiseGpus = async (kubectl: Kubectl): Promise<void> => {
  const count = { 'nvidia.com/gpu': '2' }
  const patch = JSON.stringify({ status: { capacity: count, allocatable: count } })
  const advertised = async (): Promise<boolean> => {
    const path = 'jsonpath={.status.allocatable.nvidia\\.com/gpu}'
    if ((await kubectl(['get', 'node', nodeName, '-o', path])) === '2') return true
    await kubectl(['patch', 'node', nodeName, '--subresource=status', '--type=merge', '-p', patch])
    return false
  }
  // A kubelet that has just started sets unknown resources to zero; once registered it keeps them.
  await waitFor('the node advertises nvidia.com/gpu', advertised, {
    timeoutMs: readyTimeoutMs,
    intervalMs: 500,
  })
}

const ensureControlPlane = async (bin: string, layout: Layout, log: Log): Promise<void> => {
  const processes = table(layout)
  const identities = await ensureIdentities(layout)
  await ensureProcess(processes, etcd(bin, layout), log)
  await ensureProcess(processes, kubeApiserver(bin, identities), log)
  const ready = await apiServerReady(identities)
  await whenUp(processes, 'kube-apiserver', 'the API server is ready', ready)
  await ensureProcess(processes, kubeControllerManager(bin, identities), log)
  await ensureProcess(processes, kubeScheduler(bin, identities), log)
}

const ensureRuntime = async (paths: Paths, env: NodeJS.ProcessEnv, log: Log): Promise<void> => {
  const layout = layoutOf(paths)
  const processes = table(layout)
  const images = imageStore(paths, env, log)
  const pause = await images.ensurePause()
  await ensureProcess(processes, containerd(layout), log)
  const answers = async () => (await tryRun('ctr', ['-a', layout.containerdSocket, 'version'])) !== undefined
  await whenUp(processes, 'containerd', 'containerd answers', answers)
  await images.load(pause.name)
}

const ensureNode = async (bin: string, layout: Layout, log: Log): Promise<void> => {
  const processes = table(layout)
  await writeAddonConfig(layout)
  await ensureProcess(processes, kubelet(bin, layout), log)
  await ensureProcess(processes, kubeProxy(bin, layout), log)
  await ensureProcess(processes, coredns(bin, layout), log)
  await ensureProcess(processes, storageProvisioner(layout), log)
  await ensureProcess(processes, metricsServer(bin, layout), log)
}

const dnsAnswers = async (): Promise<boolean> =>
  fetch(`http://127.0.0.1:${ports.dnsReady}/ready`).then(
    (response) => response.ok,
    () => false,
  )

const metricsAreServed = (kubectl: Kubectl) => async (): Promise<boolean> => {
  const answer = await kubectl(['get', '--raw', '/apis/metrics.k8s.io/v1beta1/nodes']).catch(() => '')
  return answer.includes(nodeName)
}

const awaitCluster = async (layout: Layout, kubectl: Kubectl): Promise<void> => {
  const processes = table(layout)
  await whenUp(processes, 'kubelet', 'the node is Ready', nodeIsReady(kubectl))
  await advertiseGpus(kubectl)
  await whenUp(processes, 'coredns', 'the cluster DNS answers', dnsAnswers)
  await whenUp(processes, 'metrics-server', 'the metrics API answers', metricsAreServed(kubectl))
}

const seconds = (start: number): string => ((performance.now() - start) / 1000).toFixed(1)

/** Brings up what is not up. Repeating it is safe, also after a crash of any part or of the machine. */
export const up = async (paths: Paths, env: NodeJS.ProcessEnv, log: Log): Promise<void> => {
  requireRoot()
  const layout = layoutOf(paths)
  await ensurePrograms(env, log)
  const bin = await ensureBinaries(paths, allBinaries, log)
  const start = performance.now()
  await rememberHost(layout)
  await ensureIdentities(layout)
  await ensureNodeNetwork(layout)
  await writeNodeConfig(layout)
  await Promise.all([ensureControlPlane(bin, layout, log), ensureRuntime(paths, env, log)])
  await ensureNode(bin, layout, log)
  const kubectl = kubectlFor(bin, layout.kubeconfig)
  await applyObjects(kubectl, addonObjects())
  await awaitCluster(layout, kubectl)
  log(`${clusterName} is up after ${seconds(start)} s`)
  log(`  export KUBECONFIG=${layout.kubeconfig}`)
  log(`  export PATH=${bin}:$PATH`)
}

/** Ends the cluster and removes everything it brought, except the caches. Safe when it is not up at all. */
export const down = async (paths: Paths, log: Log): Promise<void> => {
  requireRoot()
  const layout = layoutOf(paths)
  const processes = table(layout)
  for (const name of stopOrder) await processes.stop(name)
  await endContainers(layout)
  await processes.stop('containerd')
  for (const folder of [layout.run, layout.root]) await unmountBelow(folder)
  await removeNodeNetwork()
  await restoreHost(layout)
  for (const folder of [layout.run, layout.root]) await rm(folder, { recursive: true, force: true })
  await rmdir(dirname(layout.root)).catch(() => undefined) // the project's own state folder, when nothing else is in it
  log(`${clusterName} is down; built binaries and images stay in ${paths.cache}`)
}

export type Status = {
  readonly processes: readonly { readonly name: string; readonly pid: number | undefined }[]
  readonly nodeReady: boolean
  readonly kubeconfig: string
}

export const status = async (paths: Paths): Promise<Status> => {
  const layout = layoutOf(paths)
  const processes = table(layout)
  const list = await Promise.all(
    ['containerd', ...[...stopOrder].reverse()].map(async (name) => {
      return { name, pid: (await processes.alive(name))?.identity.pid }
    }),
  )
  const kubectl = kubectlFor(binFolder(paths), layout.kubeconfig)
  const nodeReady = await nodeIsReady(kubectl)().catch(() => false)
  return { processes: list, nodeReady, kubeconfig: layout.kubeconfig }
}
