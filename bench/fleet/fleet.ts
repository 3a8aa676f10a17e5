/**
 * Many models on a cluster whose nodes and pods kwok simulates: what the operator takes to bring them up, beside the same objects
 * applied by kubectl, and what it costs once they are settled. Controllers, scheduler, API server and operator are the real ones.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually, type Kubectl, type Live } from '../../local-cluster/kubectl.ts'
import type { Effort } from '../options.ts'
import type { Row } from '../report.ts'
import { byHand, childrenIn } from './children.ts'
import { installOperator, passSeconds, type RunningOperator, writesIn } from './operator.ts'
import { type SimulatedCluster, startSimulatedCluster } from './simulated-cluster.ts'
import { models } from './sizes.ts'

const [ours, hand] = ['fleet', 'by-hand']
const patience = { timeoutMs: 3_600_000, intervalMs: 2_000 }
const soon = { timeoutMs: 900_000, intervalMs: 100 }
const settledMs = 60_000
/** Children that are changed, and deleted, one after the other. */
const samples = 5
/** The aim, in MB, for the operator with a thousand models. */
const mostMb = 150
/** The operator's default: every object gets a pass at least this often. What a watch tells must be handled long before. */
const resyncSeconds = 600

const nameOf = (index: number): string => `model-${index}`

const modelOf = (name: string): object => ({
  ...{ apiVersion: 'gantry.dev/v1alpha1', kind: 'ModelDeployment', metadata: { name, namespace: ours } },
  spec: { model: { task: 'tensor', source: { uri: 'https://models.example/iris.onnx' } } },
})

const words = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '')

const countOf = (kubectl: Kubectl, kind: string, namespace: string, path: string, value: string): number =>
  words(kubectl.run(['get', kind, '-n', namespace, '-o', `jsonpath={.items[*]${path}}`])).filter(
    (word) => word === value,
  ).length

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const since = performance.now()
  await work()
  return (performance.now() - since) / 1000
}

const readyByOperator = ({ kubectl }: SimulatedCluster, count: number): Promise<number> =>
  seconds(async () => {
    kubectl.apply(...Array.from({ length: count }, (_, index) => modelOf(nameOf(index))))
    const path = '.status.conditions[?(@.type=="Ready")].status'
    await eventually(
      'all models are Ready',
      () => countOf(kubectl, 'mdl', ours, path, 'True') === count,
      patience,
    )
  })

const readyByHand = (
  { kubectl }: SimulatedCluster,
  objects: readonly object[],
  count: number,
): Promise<number> =>
  seconds(async () => {
    kubectl.apply(...objects)
    const ready = (): boolean => countOf(kubectl, 'deployments', hand, '.status.readyReplicas', '1') === count
    await eventually('all Deployments are ready', ready, patience)
  })

/** Waits until nothing was written for a while. */
const untilQuiet = async ({ metrics }: RunningOperator): Promise<void> => {
  const quietMs = 10_000
  let last = writesIn(await metrics())
  await eventually(
    'the operator is settled',
    async () => {
      await sleep(quietMs)
      const before = last
      last = writesIn(await metrics())
      return last === before
    },
    patience,
  )
}

type Repair = (kubectl: Kubectl, child: Live) => Promise<void>

const restoresService: Repair = async (kubectl, { metadata: { name, uid } }) => {
  kubectl.run(['delete', 'service', name, '-n', ours, '--wait=false'])
  const isBack = (): boolean => (kubectl.get('service', name, ours)?.metadata.uid ?? uid) !== uid
  await eventually('a Service is back', isBack, soon)
}

const restoresDeployment: Repair = async (kubectl, { metadata: { name }, spec }) => {
  kubectl.run(['patch', 'deployment', name, '-n', ours, '-p', JSON.stringify({ spec: { replicas: 3 } })])
  const isBack = (): boolean => kubectl.get('deployment', name, ours)?.['spec'].replicas === spec.replicas
  await eventually('a Deployment is as it was', isBack, soon)
}

/** The longest of the seconds that the operator takes to mend some children. */
const repairSeconds = async (
  { kubectl }: SimulatedCluster,
  children: readonly Live[],
  repair: Repair,
): Promise<number> => {
  const taken: number[] = []
  for (const child of children.slice(0, samples)) taken.push(await seconds(() => repair(kubectl, child)))
  return Math.max(...taken)
}

/** Deletes all models. @returns seconds until their children are gone */
const removalSeconds = ({ kubectl }: SimulatedCluster): Promise<number> =>
  seconds(async () => {
    kubectl.run(['delete', 'mdl', '-n', ours, '--all', '--wait=false'])
    const left = (): number =>
      words(kubectl.run(['get', 'mdl,deployments,services,pvc', '-n', ours, '-o', 'name'])).length
    await eventually('all models are gone', () => left() === 0, patience)
  })

const say = (text: string): void => console.log(text)

const settledWrites = async (operator: RunningOperator): Promise<number> => {
  const before = writesIn(await operator.metrics())
  await sleep(settledMs)
  return ((writesIn(await operator.metrics()) - before) * 60_000) / settledMs
}

interface Figures {
  readonly readySeconds: number
  readonly memory: ReturnType<RunningOperator['memoryMb']>
  readonly writes: number
  readonly passMs: number
  readonly serviceSeconds: number
  readonly deploymentSeconds: number
}

const figuresOf = async (
  cluster: SimulatedCluster,
  operator: RunningOperator,
  count: number,
): Promise<Figures> => {
  const readySeconds = await readyByOperator(cluster, count)
  say(`${count} models are Ready after ${readySeconds.toFixed(1)} s`)
  await untilQuiet(operator)
  const memory = operator.memoryMb()
  const passMs = passSeconds(await operator.metrics(), 0.99) * 1000
  const writes = await settledWrites(operator)
  const children = childrenIn(cluster.kubectl, ours)
  const of = (kind: string) => children.filter((child) => child.kind === kind)
  return {
    ...{ readySeconds, memory, writes, passMs },
    serviceSeconds: await repairSeconds(cluster, of('Service'), restoresService),
    deploymentSeconds: await repairSeconds(cluster, of('Deployment'), restoresDeployment),
  }
}

const rowsOf = (
  figures: Figures,
  others: {
    readonly count: number
    readonly objects: number
    readonly byHandSeconds: number
    readonly takeover: number
    readonly removedSeconds: number
  },
): readonly Row[] => {
  const { memory, readySeconds, serviceSeconds, deploymentSeconds } = figures
  const mb = { unit: 'MB', limit: mostMb, against: 'the aim for 1,000 models' } as const
  const quiet = { unit: 'per minute', limit: 0, against: 'nothing changes, so nothing is written' } as const
  const resync = { unit: 's', limit: resyncSeconds, against: 'the time between resyncs' } as const
  const kubectl = `kubectl apply of their ${others.objects} objects`
  return [
    {
      ...{ what: `${others.count} models from nothing to Ready`, ours: readySeconds, unit: 's' },
      ...{ limit: others.byHandSeconds, against: kubectl },
    },
    { ...mb, what: 'resident memory of the operator, at most', ours: memory.most },
    { ...mb, what: 'the same, settled', ours: memory.now },
    { ...quiet, what: 'writes of a settled operator, Leases apart', ours: figures.writes },
    { ...quiet, what: 'writes of an operator that takes over', ours: others.takeover },
    { what: 'p99 of a pass', ours: figures.passMs, unit: 'ms', limit: 1000, against: 'a second' },
    { ...resync, what: 'a deleted Service is back', ours: serviceSeconds },
    { ...resync, what: 'a changed Deployment is as it was', ours: deploymentSeconds },
    { ...resync, what: 'all models are deleted, with their children', ours: others.removedSeconds },
  ]
}

const measureOn = async (cluster: SimulatedCluster, count: number): Promise<readonly Row[]> => {
  for (const name of [ours, hand])
    cluster.kubectl.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  cluster.addVolumes(2 * count)
  const start = installOperator(cluster)
  const first = await start()
  const figures = await figuresOf(cluster, first, count)
  await first.stop()
  const second = await start()
  await sleep(settledMs)
  const takeover = writesIn(await second.metrics())
  const objects = childrenIn(cluster.kubectl, ours).map((child) => byHand(child, hand))
  const removedSeconds = await removalSeconds(cluster)
  await second.stop()
  const byHandSeconds = await readyByHand(cluster, objects, count)
  return rowsOf(figures, { count, objects: objects.length, byHandSeconds, takeover, removedSeconds })
}

const measureCount = async (count: number): Promise<readonly Row[]> => {
  // Each model has a pod of its import and one that serves, in both namespaces.
  const cluster = await startSimulatedCluster(4 * count)
  try {
    return await measureOn(cluster, count)
  } finally {
    await cluster.stop()
  }
}

/** Measures the largest number of models, or those that were chosen. */
export const measure = async ({ models: wanted }: Effort): Promise<readonly Row[]> => {
  const counts = wanted.length > 0 ? models.filter((count) => wanted.includes(count)) : ['1000']
  const rows: Row[] = []
  for (const count of counts) rows.push(...(await measureCount(Number(count))))
  return rows
}
