import { rm, rmdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { addonObjects, coredns, metricsServer, storageProvisioner, writeAddonConfig } from './addons.ts'
import { binFolder, ensureBinaries } from './binaries/binaries.ts'
import { allBinaries } from './binaries/build.ts'
import { etcd, kubeApiserver, kubeControllerManager, kubeScheduler } from './control-plane/control-plane.ts'
import { ensureIdentities } from './control-plane/identities.ts'
import { imageStore } from './images/images.ts'
import { applyObjects, kubectlFor } from './kubectl-command.ts'
import { clusterName, type Layout, layoutOf } from './layout.ts'
import { tryRun } from './machine/command.ts'
import { rememberHost, requireOwnCluster, restoreHost } from './machine/host.ts'
import { unmountBelow } from './machine/mounts.ts'
import { type ProcessSpec, type ProcessTable, processTable } from './machine/processes.ts'
import { ensurePrograms, requireRoot } from './machine/requirements.ts'
import { endContainers } from './node/containers.ts'
import { containerd, kubelet, kubeProxy, writeNodeConfig } from './node/node.ts'
import { ensureNodeNetwork, removeNodeNetwork } from './node/node-network.ts'
import type { Paths } from './paths.ts'
import { during, type Log, noProgress, type Progress } from './progress.ts'
import {
  advertiseGpus,
  apiServerIsReady,
  dnsAnswers,
  metricsAreServed,
  nodeIsReady,
  whenUp,
} from './readiness.ts'

/** The order in which parts are stopped: no part is left that would start again what has just been stopped. */
const stopOrder = [
  ...['kubelet', 'kube-proxy', 'metrics-server', 'coredns', 'storage-provisioner'],
  ...['kube-scheduler', 'kube-controller-manager', 'kube-apiserver', 'etcd'],
] as const

type Surroundings = { readonly paths: Paths; readonly env: NodeJS.ProcessEnv; readonly progress: Progress }

const tableOf = (layout: Layout, env: NodeJS.ProcessEnv): ProcessTable =>
  processTable(layout.processes, layout.logs, env)

/** Makes sure that a part runs, and says so when it did not. */
const starter =
  (processes: ProcessTable, { line }: Progress) =>
  async (spec: ProcessSpec): Promise<void> => {
    const result = await processes.ensure(spec)
    if (result !== 'running') line(`${spec.name} … ${result}`)
  }

const ensureControlPlane = async (bin: string, { paths, env, progress }: Surroundings): Promise<void> => {
  const layout = layoutOf(paths)
  const processes = tableOf(layout, env)
  const start = starter(processes, progress)
  const identities = await ensureIdentities(layout)
  await start(etcd(bin, layout))
  await start(kubeApiserver(bin, identities))
  await whenUp(processes, 'kube-apiserver', 'the API server is ready', apiServerIsReady(identities))
  await start(kubeControllerManager(bin, identities))
  await start(kubeScheduler(bin, identities))
}

const ensureRuntime = async ({ paths, env, progress }: Surroundings): Promise<void> => {
  const layout = layoutOf(paths)
  const processes = tableOf(layout, env)
  const images = imageStore(paths, env, progress)
  const pause = await images.ensurePause()
  await starter(processes, progress)(containerd(layout))
  const answers = async () => (await tryRun('ctr', ['-a', layout.containerdSocket, 'version'])) !== undefined
  await whenUp(processes, 'containerd', 'containerd answers', answers)
  await images.load(pause.name)
}

const ensureNode = async (bin: string, { paths, env, progress }: Surroundings): Promise<void> => {
  const layout = layoutOf(paths)
  const processes = tableOf(layout, env)
  const start = starter(processes, progress)
  await writeAddonConfig(layout)
  await start(kubelet(bin, layout))
  await start(kubeProxy(bin, layout))
  await start(coredns(bin, layout))
  await start(storageProvisioner(layout))
  await start(metricsServer(bin, layout))
  const kubectl = kubectlFor(bin, layout.kubeconfig)
  await applyObjects(kubectl, addonObjects())
  await whenUp(processes, 'kubelet', 'the node is Ready', nodeIsReady(kubectl))
  await advertiseGpus(kubectl)
  await whenUp(processes, 'coredns', 'the cluster DNS answers', dnsAnswers)
  await whenUp(processes, 'metrics-server', 'the metrics API answers', metricsAreServed(kubectl))
}

/** Brings up what is not up. Repeating it is safe, also after a crash of any part or of the machine. */
export const up = async (paths: Paths, env: NodeJS.ProcessEnv, progress: Progress): Promise<void> => {
  requireRoot()
  const surroundings = { paths, env, progress }
  const layout = layoutOf(paths)
  await requireOwnCluster(layout)
  await ensurePrograms(env, progress)
  const bin = await ensureBinaries(paths, allBinaries, progress, env)
  const start = performance.now()
  await rememberHost(layout)
  await ensureIdentities(layout)
  await ensureNodeNetwork(layout)
  await writeNodeConfig(layout)
  await during(progress, 'starting the cluster', async () => {
    await Promise.all([ensureControlPlane(bin, surroundings), ensureRuntime(surroundings)])
    await ensureNode(bin, surroundings)
  })
  progress.line(`${clusterName} is up after ${((performance.now() - start) / 1000).toFixed(1)} s`)
}

/** Stops the API server, and starts it again. All else runs on. */
export const restartApiServer = async (
  paths: Paths,
  env: NodeJS.ProcessEnv,
  progress: Progress,
): Promise<void> => {
  await tableOf(layoutOf(paths), env).stop('kube-apiserver')
  await up(paths, env, progress)
}

/** Ends the cluster and removes everything it brought, except the caches. Safe when it is not up at all. */
export const down = async (paths: Paths, env: NodeJS.ProcessEnv, log: Log): Promise<void> => {
  requireRoot()
  const layout = layoutOf(paths)
  await requireOwnCluster(layout)
  const processes = tableOf(layout, env)
  for (const name of stopOrder) await processes.stop(name)
  await endContainers(layout)
  await processes.stop('containerd')
  for (const folder of [layout.run, layout.root]) await unmountBelow(folder)
  await imageStore(paths, env, noProgress).close()
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

export const status = async (paths: Paths, env: NodeJS.ProcessEnv): Promise<Status> => {
  const layout = layoutOf(paths)
  const processes = tableOf(layout, env)
  const all = ['containerd', ...[...stopOrder].reverse()].map(async (name) => {
    return { name, pid: (await processes.alive(name))?.identity.pid }
  })
  const nodeReady = await nodeIsReady(kubectlFor(binFolder(paths), layout.kubeconfig))().catch(() => false)
  return { processes: await Promise.all(all), nodeReady, kubeconfig: layout.kubeconfig }
}
