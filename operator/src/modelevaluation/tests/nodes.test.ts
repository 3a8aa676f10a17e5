/** Evaluations and the nodes where they run. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { labels } from '@gantry/contract/labels.ts'
import type { LivePod } from '@gantry/kube/live.ts'
import {
  type EvaluationCluster,
  type EvaluationClusterOptions,
  evaluationCluster,
  settledEvaluation,
} from '../../testing/evaluation-cluster.ts'
import { measurement } from '../../testing/simulated-evaluation.ts'
import { unscheduled, waits } from '../../testing/trouble.ts'

const isOurs = ({ metadata }: LivePod): boolean => metadata.namespace === 'demo'

/** A pod of another evaluation. */
const other = (name: string, more: object): LivePod => ({
  ...{ apiVersion: 'v1', kind: 'Pod' },
  metadata: {
    ...{ name: `${name}-measure-1-x`, namespace: 'shop', uid: `uid-of-${name}` },
    labels: {
      ...{ [labels.managedBy]: labels.manager, [labels.component]: 'evaluate' },
      [labels.evaluation]: name,
    },
  },
  ...more,
})
const running = (name: string, node: string): LivePod =>
  other(name, { spec: { nodeName: node }, status: { phase: 'Running' } })
const waiting = other('reviews', {
  status: unscheduled("1 node(s) didn't match pod anti-affinity rules."),
})

const behind = async (scheduler: string, others: readonly LivePod[]): Promise<string> => {
  const stuck = (pod: LivePod) => (isOurs(pod) ? unscheduled(scheduler) : pod.status)
  const cluster = evaluationCluster({ stuck })
  for (const pod of others) cluster.store.store(pod)
  await cluster.settle(1_000)
  assert.equal(cluster.condition('Reconciling')?.reason, 'EvaluationQueued')
  assert.equal(cluster.condition('Stalled')?.status, 'False')
  return cluster.condition('Reconciling')?.message ?? ''
}
const inTheWay = (count: number): string =>
  `0/9 nodes are available: ${count} node(s) didn't match pod anti-affinity rules, 2 Insufficient memory.`

test('a pod that waits for its node tells behind whom, where the evaluations of all nodes are in its way', async () => {
  const pods = [running('reviews', 'node-1'), running('faces', 'node-2')]
  assert.match(await behind(inTheWay(2), pods), /waits behind shop\/faces, shop\/reviews: only one/)
  assert.match(await behind(inTheWay(1), pods.slice(0, 1)), /waits behind shop\/reviews: only one/)
})

test('a pod that could not run on some of the nodes tells how many of the evaluations are in its way', async () => {
  const pods = ['a', 'b', 'c', 'd', 'e'].map((name, index) => running(name, `node-${index}`))
  assert.match(await behind(inTheWay(1), pods.slice(0, 2)), /waits behind one of shop\/a, shop\/b: only one/)
  assert.match(
    await behind(inTheWay(2), pods),
    /waits behind 2 of shop\/a, shop\/b, shop\/c and 2 more: only/,
  )
})

test('an evaluation in a namespace that the operator does not watch has no name', async () => {
  assert.match(await behind(inTheWay(1), []), /waits behind another evaluation: only one/)
})

test('the node of a measurement is the one of its pod, whatever the report says', async () => {
  const hardware = { ...measurement('x').hardware, node: 'made-up' }
  const cluster = await settledEvaluation({
    evaluates: () => ({ kind: 'candidates', of: () => ({ hardware }) }),
  })
  const nodes = cluster.status().results?.map((one) => one.hardware?.node)
  assert.deepEqual(nodes, ['node-1', 'node-1', 'node-1'])
})

/** Pods that have a node and whose image cannot be pulled. */
const holding = (isPulled: () => boolean = () => false): EvaluationCluster => {
  const stuck: EvaluationClusterOptions['stuck'] = (pod) =>
    isOurs(pod) && !isPulled() ? waits('ErrImagePull', 'no such image') : isOurs(pod) ? undefined : pod.status
  const cluster = evaluationCluster({ stuck })
  cluster.faults.after = ({ kind }) => {
    if (kind === 'Job') while (cluster.step());
    for (const pod of cluster.all<LivePod>('Pod').filter(isOurs))
      cluster.store.store({ ...pod, spec: { ...pod.spec, nodeName: 'node-1' } })
  }
  return cluster
}

test('a pod that cannot start gives its node to an evaluation that waits, and is tried again a minute later', async () => {
  const cluster = holding()
  await cluster.pass()
  await cluster.pass()
  assert.equal(cluster.condition('Stalled')?.reason, 'ImagePull')
  cluster.store.store(waiting)
  await cluster.pass()
  assert.equal(cluster.jobs().length, 1, 'what it waits for may still come')
  cluster.advance(60_000)
  const result = await cluster.pass()
  assert.equal(cluster.jobs().length, 0)
  assert.deepEqual([result.kind, 'afterMs' in result && result.afterMs], ['waiting', 60_000])
  assert.equal(cluster.condition('Stalled')?.reason, 'ImagePull')
  await cluster.pass()
  assert.equal(cluster.jobs().length, 0)
  cluster.advance(60_000)
  await cluster.pass()
  assert.equal(cluster.jobs().length, 1)
})

/** Conditions that somebody sees who watches, without the names of pods. */
const seen = (cluster: EvaluationCluster): string =>
  JSON.stringify(
    ['Ready', 'Reconciling', 'Stalled'].map((type) => {
      const { status, reason, message = '' } = cluster.condition(type) ?? {}
      return [type, status, reason, message.replaceAll(/intents-measure-\S+/g, 'POD')]
    }),
  )

test('a pod that gives way again and again tells the same all the time, and goes on once the cause is gone', async () => {
  let isPulled = false
  const cluster = holding(() => isPulled)
  await cluster.pass()
  await cluster.pass()
  cluster.store.store(waiting)
  const told = new Set([seen(cluster)])
  for (let round = 0; round < 16; round += 1) {
    cluster.advance(30_000)
    await cluster.pass()
    told.add(seen(cluster))
  }
  const made = cluster.writes.filter(({ kind, verb }) => kind === 'Job' && verb === 'create')
  assert.ok(made.length >= 3, 'it gave way several times')
  assert.deepEqual([...told], [...told].slice(0, 1))
  assert.match(cluster.condition('Reconciling')?.message ?? '', /goes on by itself once the cause is fixed/)
  isPulled = true
  await cluster.settle()
  assert.equal(cluster.condition('Ready')?.status, 'True')
})

test('a pod that has just been made again tells why the one before gave way, until it starts', async () => {
  const cluster = holding()
  await cluster.pass()
  await cluster.pass()
  cluster.store.store(waiting)
  cluster.advance(60_000)
  await cluster.pass()
  cluster.faults.after = undefined
  cluster.advance(60_000)
  await cluster.pass()
  assert.equal(cluster.jobs().length, 1)
  assert.equal(cluster.condition('Stalled')?.reason, 'ImagePull')
})

test('a pod stays where nobody waits for its node, and nothing is written', async () => {
  const cluster = holding()
  await cluster.pass()
  await cluster.pass()
  cluster.advance(3_600_000)
  cluster.writes.length = 0
  await cluster.pass()
  assert.equal(cluster.jobs().length, 1)
  assert.deepEqual(cluster.writes, [])
})
