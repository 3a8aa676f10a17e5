/** The operator as its chart installs it, but as a process of this machine: its settings, its account, its rights, its admission policies. */
import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadAll } from 'js-yaml'
import { operatorMetrics } from '../../contract/metrics.ts'
import { certificatesOf } from '../../local-cluster/api-server.ts'
import { binFolder } from '../../local-cluster/binaries/binaries.ts'
import { eventually, type Live } from '../../local-cluster/kubectl.ts'
import { end } from '../../local-cluster/machine/child.ts'
import { freePort } from '../../local-cluster/machine/ports.ts'
import { pathsFrom } from '../../local-cluster/paths.ts'
import type { SimulatedCluster } from './simulated-cluster.ts'

const root = join(import.meta.dirname, '../..')
const system = 'gantry-system'

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

/** A kubeconfig of the operator's account. */
const accountConfig = ({ kubectl, server, folder }: SimulatedCluster, account: string): string => {
  const token = kubectl.run(['create', 'token', account, '-n', system, '--duration=6h']).trim()
  const ca = readFileSync(certificatesOf(server.kubeconfig).authority.cert).toString('base64')
  const config = {
    ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'operator' },
    contexts: [{ name: 'operator', context: { cluster: 'operator', user: 'operator' } }],
    clusters: [{ name: 'operator', cluster: { server: server.url, 'certificate-authority-data': ca } }],
    users: [{ name: 'operator', user: { token } }],
  }
  const path = join(folder, 'operator.kubeconfig')
  writeFileSync(path, JSON.stringify(config), { mode: 0o600 })
  return path
}

const megabytes = (pid: number, member: string): number => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return (Number(new RegExp(`^${member}:\\s+(\\d+)`, 'm').exec(status)?.[1]) * 1024) / 1e6
}

/** Starts the operator, with the settings and the heap that its chart and image give it. It is ready when this resolves. */
const start = async (
  cluster: SimulatedCluster,
  deployment: Live,
  kubeconfig: string,
): Promise<RunningOperator> => {
  const variables: readonly Variable[] = deployment['spec'].template.spec.containers[0].env
  const given = Object.fromEntries(variables.flatMap(({ name, value }) => (value ? [[name, value]] : [])))
  const port = await freePort()
  const env = {
    ...given,
    ...{ PATH: process.env['PATH'], KUBECONFIG: kubeconfig, HTTP_PORT: `${port}` },
    ...{ POD_NAME: 'operator', POD_NAMESPACE: system, POD_UID: randomUUID() },
  }
  const main = join(root, 'operator/src/main.ts')
  const child = cluster.spawn(
    'operator',
    process.execPath,
    ['--disable-warning=ExperimentalWarning', main],
    env,
  )
  const url = `http://127.0.0.1:${port}`
  await eventually('the operator is ready', async () => (await fetch(`${url}/readyz`)).ok)
  const pid = child.pid ?? 0 // setpriv becomes the program that it starts
  return {
    metrics: async () => (await fetch(`${url}/metrics`)).text(),
    memoryMb: () => ({ now: megabytes(pid, 'VmRSS'), most: megabytes(pid, 'VmHWM') }),
    stop: () => end(child, 'SIGTERM'),
  }
}

/** Installs the chart's rights. @returns a function that starts an operator with them */
export const installOperator = (cluster: SimulatedCluster): (() => Promise<RunningOperator>) => {
  const deployment = install(cluster)
  const kubeconfig = accountConfig(cluster, deployment['spec'].template.spec.serviceAccountName)
  return () => start(cluster, deployment, kubeconfig)
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
