/**
 * Many models on a cluster whose nodes and pods kwok simulates: what the operator takes to bring them up, beside the same objects
 * applied by kubectl, and what it costs once they are settled. Controllers, scheduler, API server and operator are the real ones.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually, type Kubectl } from '../../local-cluster/kubectl.ts'
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
/** What CONTRIBUTING.md promises: MB of the operator with a thousand models. */
const mostMb = 150
/** Every object gets a pass at least this often; what a watch tells must be handled long before. */
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

/** Seconds until the operator has brought back what a user deleted, and undone what a user changed: the longest. */
const repairSeconds = async ({
  kubectl,
}: SimulatedCluster): Promise<{ deleted: number; changed: number }> => {
  let [deleted, changed] = [0, 0]
  const children = childrenIn(kubectl, ours)
  const of = (kind: string) => children.filter((child) => child.kind === kind).slice(0, samples)
  for (const { metadata } of of('Service')) {
    const taken = await seconds(async () => {
      kubectl.run(['delete', 'service', metadata.name, '-n', ours, '--wait=false'])
      await eventually(
        'a Service is back',
        () => {
          const found = kubectl.get('service', metadata.name, ours)
          return found !== undefined && found.metadata.uid !== metadata.uid
        },
        soon,
      )
    })
    deleted = Math.max(deleted, taken)
  }
  for (const { metadata, spec } of of('Deployment')) {
    const taken = await seconds(async () => {
      const patch = JSON.stringify({ spec: { replicas: 3 } })
      kubectl.run(['patch', 'deployment', metadata.name, '-n', ours, '-p', patch])
      const isBack = (): boolean =>
        kubectl.get('deployment', metadata.name, ours)?.['spec'].replicas === spec.replicas
      await eventually('a Deployment is as it was', isBack, soon)
    })
    changed = Math.max(changed, taken)
  }
  return { deleted, changed }
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

const measureOn = async (cluster: SimulatedCluster, count: number): Promise<readonly Row[]> => {
  const { kubectl } = cluster
  for (const name of [ours, hand]) kubectl.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  cluster.addVolumes(2 * count)
  const start = installOperator(cluster)
  const first = await start()
  const readyOurs = await readyByOperator(cluster, count)
  say(`${count} models are Ready after ${readyOurs.toFixed(1)} s`)
  await untilQuiet(first)
  const peak = first.memoryMb()
  const writes = await settledWrites(first)
  const pass = passSeconds(await first.metrics(), 0.99)
  say(`operator: ${peak.now.toFixed(0)} MB settled, ${peak.most.toFixed(0)} MB at most`)
  const repaired = await repairSeconds(cluster)
  await first.stop()
  const second = await start()
  await sleep(settledMs / 2)
  const takeover = writesIn(await second.metrics())
  const objects = childrenIn(kubectl, ours).map((child) => byHand(child, hand))
  say(`${objects.length} objects belong to the models`)
  const removed = await removalSeconds(cluster)
  await second.stop()
  const readyHand = await readyByHand(cluster, objects, count)
  const of = `of ${count} models`
  return [
    {
      what: `all Ready, ${of}`,
      ours: readyOurs,
      limit: 1.5 * readyHand,
      unit: 's',
      against: `1.5 times kubectl apply of their ${objects.length} objects`,
    },
    {
      what: `memory at most, ${of}`,
      ours: peak.most,
      limit: mostMb,
      unit: 'MB',
      against: 'aim for 1,000 models',
    },
    {
      what: `memory settled, ${of}`,
      ours: peak.now,
      limit: mostMb,
      unit: 'MB',
      against: 'aim for 1,000 models',
    },
    {
      what: 'writes settled, Leases apart',
      ours: writes,
      limit: 0,
      unit: 'per minute',
      against: 'nothing changes',
    },
    {
      what: 'writes of an operator that takes over',
      ours: takeover,
      limit: 0,
      unit: 'per minute',
      against: 'nothing changes',
    },
    { what: 'p99 of a pass', ours: pass * 1000, limit: 1000, unit: 'ms', against: 'a second' },
    {
      what: 'a deleted Service is back',
      ours: repaired.deleted,
      limit: resyncSeconds,
      unit: 's',
      against: 'the time between resyncs',
    },
    {
      what: 'a changed Deployment is as it was',
      ours: repaired.changed,
      limit: resyncSeconds,
      unit: 's',
      against: 'the time between resyncs',
    },
    {
      what: 'all models deleted are gone',
      ours: removed,
      limit: resyncSeconds,
      unit: 's',
      against: 'the time between resyncs',
    },
  ]
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
