/** The operator as its chart installs it, but as a process of this machine: its settings, its account, its rights, its admission policies. */
import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadAll } from 'js-yaml'
import { operatorMetrics } from '../../contract/metrics.ts'
import { certificatesOf } from '../../local-cluster/control-plane/identity.ts'
import { binFolder } from '../../local-cluster/binaries/binaries.ts'
import { eventually, type Live } from '../../local-cluster/kubectl.ts'
import { end } from '../../local-cluster/machine/child.ts'
import { freePort } from '../../local-cluster/machine/ports.ts'
import { pathsFrom } from '../../local-cluster/paths.ts'
import type { SimulatedCluster } from './simulated-cluster.ts'

const root = join(import.meta.dirname, '../..')
const system = 'gantry-system'
/** What the image of the operator is made of. */
const rooms = ['contract', 'evaluation', 'kube', 'operator'] as const

export interface RunningOperator {
  readonly metrics: () => Promise<string>
  /** Resident memory in MB: now, and the most that it ever was. */
  readonly memoryMb: () => { readonly now: number; readonly most: number }
  readonly stop: () => Promise<void>
}

const rendered = (): readonly Live[] => {
  const helm = join(binFolder(pathsFrom(process.env)), 'helm')
  const args = ['template', 'gantry', join(root, 'helm/gantry'), '-n', system, '--include-crds']
  const { status, stdout, stderr } = spawnSync(helm, args, { encoding: 'utf8', maxBuffer: 64 << 20 })
  if (status !== 0) throw new Error(`helm template: ${stderr}`)
  return (loadAll(stdout) as (Live | null)[]).filter((one) => one !== null)
}

const isOperator = ({ kind, spec }: Live): boolean =>
  kind === 'Deployment' && spec.template.spec.containers[0].name === 'operator'

type Variable = { readonly name: string; readonly value?: string }

/** Installs everything but pods. @returns the operator's Deployment */
const install = ({ kubectl }: SimulatedCluster): Live => {
  const all = rendered()
  const crds = all.filter(({ kind }) => kind === 'CustomResourceDefinition')
  kubectl.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: system } }, ...crds)
  for (const { metadata } of crds)
    kubectl.run(['wait', '--for=condition=Established', `crd/${metadata.name}`, '--timeout=60s'])
  const isOurs = ({ apiVersion, kind }: Live): boolean =>
    /^(rbac|admissionregistration)\./.test(apiVersion) || kind === 'ServiceAccount'
  kubectl.apply(...all.filter(isOurs))
  const operator = all.find(isOperator)
  if (!operator) throw new Error('the chart has no operator')
  return operator
}

const accountFolder = '/run/secrets/kubernetes.io/serviceaccount'

/**
 * A shell's command that runs a program in a mount namespace of its own, in which a pod's token lies where a kubelet would put it. With a
 * kubeconfig the operator would load a client library that its image does not have, and that would be measured.
 */
const inPod = `mount -t tmpfs tmpfs /run && mkdir -p ${accountFolder} && cp "$0"/* ${accountFolder} && exec "$@"`

/** Users other than root get a user namespace in which they may mount. */
const unshare = process.getuid?.() === 0 ? ['--mount'] : ['--user', '--map-root-user', '--mount']

/** Writes what a pod of the operator's account finds in its file system. @returns the folder */
const accountFiles = ({ kubectl, server, folder }: SimulatedCluster, account: string): string => {
  const files = join(folder, 'account')
  mkdirSync(files, { mode: 0o700 })
  const token = kubectl.run(['create', 'token', account, '-n', system, '--duration=6h']).trim()
  writeFileSync(join(files, 'token'), token, { mode: 0o600 })
  copyFileSync(certificatesOf(server.kubeconfig).authority.cert, join(files, 'ca.crt'))
  return files
}

/** Compiles the modules, as the image is built: a start without this takes a third more memory. @returns the folder */
const compileCache = ({ folder }: SimulatedCluster): string => {
  const cache = join(folder, 'compile-cache')
  const args = ['--disable-warning=ExperimentalWarning', 'scripts/compile-cache.ts', ...rooms]
  const env = { ...process.env, NODE_COMPILE_CACHE: cache }
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, env, encoding: 'utf8' })
  if (status !== 0) throw new Error(`scripts/compile-cache.ts: ${stderr}`)
  return cache
}

const megabytes = (pid: number, member: string): number => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return (Number(new RegExp(`^${member}:\\s+(\\d+)`, 'm').exec(status)?.[1]) * 1024) / 1e6
}

/** Starts the operator, with the settings and the heap that its chart and image give it. It is ready when this resolves. */
const start = async (
  cluster: SimulatedCluster,
  deployment: Live,
  { account, cache }: { readonly account: string; readonly cache: string },
): Promise<RunningOperator> => {
  const variables: readonly Variable[] = deployment['spec'].template.spec.containers[0].env
  const given = Object.fromEntries(variables.flatMap(({ name, value }) => (value ? [[name, value]] : [])))
  const port = await freePort()
  const env = {
    ...given,
    ...{ PATH: process.env['PATH'], HTTP_PORT: `${port}` },
    KUBERNETES_SERVICE_HOST: '127.0.0.1',
    KUBERNETES_SERVICE_PORT: new URL(cluster.server.url).port,
    NODE_COMPILE_CACHE: cache,
    NODE_ENV: 'production',
    ...{ POD_NAME: 'operator', POD_NAMESPACE: system, POD_UID: randomUUID() },
  }
  const main = join(root, 'operator/src/main.ts')
  const program = [process.execPath, '--disable-warning=ExperimentalWarning', main]
  const args = [...unshare, 'sh', '-c', inPod, account, ...program]
  const child = cluster.spawn('operator', 'unshare', args, env)
  const url = `http://127.0.0.1:${port}`
  await eventually('the operator is ready', async () => (await fetch(`${url}/readyz`)).ok)
  const pid = child.pid ?? 0 // setpriv, unshare and the shell become the program that they start
  return {
    metrics: async () => (await fetch(`${url}/metrics`)).text(),
    memoryMb: () => ({ now: megabytes(pid, 'VmRSS'), most: megabytes(pid, 'VmHWM') }),
    stop: () => end(child, 'SIGTERM'),
  }
}

/** Installs the chart's rights. @returns a function that starts an operator with them */
export const installOperator = (cluster: SimulatedCluster): (() => Promise<RunningOperator>) => {
  const deployment = install(cluster)
  const account = accountFiles(cluster, deployment['spec'].template.spec.serviceAccountName)
  const cache = compileCache(cluster)
  return () => start(cluster, deployment, { account, cache })
}

/** Writes of an operator so far, those of leader election left out. */
export const writesIn = (metrics: string): number =>
  [...metrics.matchAll(new RegExp(`^${operatorMetrics.writes}\\{([^}]*)\\} (\\d+)`, 'gm'))]
    .filter(([, tags = '']) => !tags.includes('resource="leases"'))
    .reduce((sum, [, , count]) => sum + Number(count), 0)

/**
 * The duration below which a share of the passes stays, as Prometheus' histogram_quantile reads it: evenly spread within a bucket.
 * @returns seconds
 */
export const passSeconds = (metrics: string, share: number): number => {
  const line = new RegExp(`^${operatorMetrics.reconcileDuration}_bucket\\{.*le="([^"]+)".*\\} (\\d+)`, 'gm')
  const buckets = [...metrics.matchAll(line)].map(([, le = '', count = '']) => ({
    le: le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le),
    count: Number(count),
  }))
  const rank = (buckets.at(-1)?.count ?? 0) * share
  const index = buckets.findIndex(({ count }) => count >= rank)
  const [below, bucket] = [buckets[index - 1] ?? { le: 0, count: 0 }, buckets[index]]
  if (!bucket || bucket.count === 0) return Number.NaN
  if (!Number.isFinite(bucket.le)) return below.le
  return below.le + (bucket.le - below.le) * ((rank - below.count) / (bucket.count - below.count))
}
