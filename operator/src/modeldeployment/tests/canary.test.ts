/** Pods of the canary track beside those that serve. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { labels } from '@gantry/contract/labels.ts'
import type { LivePod } from '@gantry/kube/live.ts'
import { canaryCluster } from '../../testing/canary-track.ts'
import { testManager } from '../../testing/claims.ts'
import type { TestCluster } from '../../testing/cluster.ts'
import { memoryCache } from '../../testing/memory-cache.ts'
import { activeVersion } from '../active-version.ts'
import { costedModels } from '../costed.ts'
import { observe } from '../observe.ts'

const canary = 'v_20270101_000000'

const trackOf = ({ metadata }: LivePod): string | undefined => metadata.labels?.[labels.track]

const observed = (cluster: TestCluster) => {
  const cache = memoryCache(cluster.store)
  cache.sync()
  return observe({ ...cluster.world, cache }, cluster.model())
}

test('pods of a canary do not count as those that serve', async () => {
  const cluster = await canaryCluster(canary)
  const active = cluster.model().status?.activeVersion
  const { servingPods, canaryPods, tracks, ...rest } = await observed(cluster)
  assert.deepEqual(new Set(servingPods.map(trackOf)), new Set(['stable']))
  assert.deepEqual(new Set(canaryPods.map(trackOf)), new Set(['canary']))
  assert.ok(tracks.canary)
  assert.equal(activeVersion({ ...rest, servingPods, canaryPods, tracks }), active)
})

test('pods of a canary cost what they ask for', async () => {
  const cluster = await canaryCluster(canary)
  const cache = memoryCache(cluster.store)
  cache.sync()
  const versions = costedModels(cache, testManager).flatMap(({ pods }) => pods.map(({ version }) => version))
  assert.deepEqual(new Set(versions), new Set([cluster.model().status?.activeVersion, canary]))
})

test('a Deployment of the canary track that nobody asks for is deleted, and what serves goes on', async () => {
  const cluster = await canaryCluster(canary)
  await cluster.settle()
  assert.equal(cluster.find('Deployment', 'intents-canary'), undefined)
  assert.equal(cluster.condition('Ready')?.status, 'True')
})
