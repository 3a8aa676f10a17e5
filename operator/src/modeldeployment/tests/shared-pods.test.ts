/** A canary with surge: 0, on a cluster that has no room for another pod. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { labels } from '@gantry/contract/labels.ts'
import { isReady, type LiveDeployment, type LivePod } from '@gantry/kube/live.ts'
import type { Draft } from '../../testing/cluster.ts'
import { modelDeployment } from '../../testing/model-deployment.ts'
import { triedCluster } from '../../testing/tried.ts'

const rollout = {
  strategy: 'Canary',
  surge: 0,
  steps: [10, 50].map((weight) => ({ weight, holdSeconds: 30 })),
} as const
const full = {
  phase: 'Pending',
  conditions: [
    {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message: '0/1 nodes are available: 1 Insufficient nvidia.com/gpu.',
    },
  ],
}

const isServer = ({ metadata }: LivePod): boolean => metadata.labels?.[labels.track] !== undefined

/** So many pods run as there are GPUs; the others wait for a node. */
const clusterOf = async (gpus: number, spec: object) => {
  const seen = { waited: 0, least: { all: gpus, stable: gpus } }
  let pods: () => readonly LivePod[] = () => []
  let isWatched = false
  const on = (track: string): readonly LivePod[] =>
    pods().filter((pod) => pod.metadata.labels?.[labels.track] === track)
  /** Counts after each step of the cluster. */
  const watch = (): void => {
    const ready = { stable: on('stable').filter(isReady).length, canary: on('canary').filter(isReady).length }
    seen.least = {
      all: Math.min(seen.least.all, ready.stable + ready.canary),
      stable: Math.min(seen.least.stable, ready.stable),
    }
  }
  const cluster = await triedCluster({
    model: modelDeployment({ spec: { replicas: gpus, rollout, ...spec } }),
    stuck: (pod) => {
      if (isWatched) watch()
      if (!isServer(pod) || isReady(pod)) return undefined
      const isFull = pods().filter((one) => isServer(one) && isReady(one)).length >= gpus
      if (isFull) seen.waited += 1
      return isFull ? full : undefined
    },
  })
  pods = () => cluster.all<LivePod>('Pod')
  isWatched = true
  const specOf = (name = 'intents-stable') => cluster.find<LiveDeployment>('Deployment', name)?.spec?.replicas
  return { ...cluster, seen, on, specOf }
}

test('a canary takes its pods from stable, as many as its weight asks for, and gives them back when it is promoted', async () => {
  const cluster = await clusterOf(4, {})
  const first = cluster.model().status?.activeVersion
  const shares = new Map<number, string>()
  cluster.publish('second')
  await cluster.until(() => {
    const { weight, phase } = cluster.canary() ?? {}
    if (phase === 'Progressing' && weight && !shares.has(weight))
      shares.set(weight, `${cluster.on('stable').length} and ${cluster.on('canary').length}`)
    return cluster.model().status?.activeVersion !== first && cluster.canary() === undefined
  })
  await cluster.settle()
  assert.deepEqual(
    [...shares],
    [
      [10, '3 and 1'],
      [50, '2 and 2'],
    ],
  )
  assert.equal(cluster.seen.waited, 0, 'a pod was made that had no room')
  assert.ok(cluster.seen.least.all >= 3 && cluster.seen.least.stable >= 1, JSON.stringify(cluster.seen.least))
  assert.deepEqual([cluster.specOf(), cluster.specOf('intents-canary')], [4, undefined])
  assert.equal(cluster.condition('Ready')?.status, 'True')
})

test('an abort gives the pods back once the canary is gone, before and while stable takes it over', async () => {
  for (const [step, action, isBySpec] of [
    [2, 'abort', false],
    [1, 'promote', false],
    [1, 'promote', true],
  ] as const) {
    const cluster = await clusterOf(4, {})
    const first = cluster.model().status?.activeVersion
    cluster.publish('second')
    await cluster.until(() => cluster.canary()?.step === step)
    const { version } = cluster.canary() ?? {}
    cluster.annotate(`${action}@${version}`)
    for (let count = 0; count < 3; count += 1) {
      await cluster.pass()
      cluster.step()
    }
    if (isBySpec) cluster.publish(first ?? '')
    else cluster.annotate(`abort@${version}`)
    await cluster.until(() => cluster.on('stable').filter(isReady).length === 4)
    await cluster.settle()
    assert.deepEqual(
      new Set(cluster.on('stable').map((pod) => pod.metadata.labels?.[labels.version])),
      new Set([first]),
    )
    assert.equal(cluster.seen.waited, 0, 'a pod was made that had no room')
    assert.ok(cluster.seen.least.stable >= 1, JSON.stringify(cluster.seen.least))
    assert.deepEqual([cluster.specOf(), cluster.specOf('intents-canary')], [4, undefined])
  }
})

test('an autoscaler rests while pods are shared, and goes on with the number that it had chosen', async () => {
  const cluster = await clusterOf(4, { replicas: undefined, autoscaling: { minReplicas: 2, maxReplicas: 8 } })
  cluster.edit('Deployment', ({ spec }: Draft) => {
    spec.replicas = 4
  })
  await cluster.settle()
  const policy = () => (cluster.find('HorizontalPodAutoscaler') as Draft).spec.behavior?.scaleUp?.selectPolicy
  cluster.publish('second')
  await cluster.until(() => cluster.canary()?.step === 2)
  assert.deepEqual([cluster.specOf(), cluster.specOf('intents-canary')], [2, 2])
  assert.equal(policy(), 'Disabled')
  cluster.annotate(`abort@${cluster.canary()?.version}`)
  await cluster.until(() => cluster.canary() === undefined)
  await cluster.settle()
  assert.deepEqual([cluster.specOf(), policy()], [4, undefined])
  assert.equal(cluster.seen.waited, 0)
})

test('a single pod is not shared, and the condition says what to do', async () => {
  const cluster = await clusterOf(1, {})
  cluster.publish('second')
  await cluster.settle(1_000)
  assert.equal(cluster.condition('Stalled')?.reason, 'TooFewPods')
  assert.match(cluster.condition('Stalled')?.message ?? '', /Set spec\.replicas to 2 or more/)
  assert.deepEqual([cluster.specOf(), cluster.on('stable').filter(isReady).length], [1, 1])
})

test('a canary beside stable that finds no node says that surge: 0 would fit', async () => {
  const cluster = await clusterOf(2, { rollout: { ...rollout, surge: undefined } })
  cluster.publish('second')
  await cluster.until(() => cluster.condition('Ready')?.reason === 'Unschedulable')
  assert.match(
    cluster.condition('Ready')?.message ?? '',
    /spec\.rollout\.surge: 0 takes the pods of a canary/,
  )
  assert.equal(cluster.condition('Available')?.status, 'True')
  assert.equal(cluster.on('stable').filter(isReady).length, 2)
})
