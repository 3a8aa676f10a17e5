import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { resource, ScaledObject } from '@gantry/kube/resources.ts'
import { manualClock } from '@gantry/kube/testing/clock.ts'
import { silentLog } from '../testing/claims.ts'
import { createInformers } from './informers.ts'
import { optionalKind } from './optional-kind.ts'

const Model = resource('gantry.dev/v1alpha1', 'ModelDeployment', 'modeldeployments')

const scaled: KubernetesObject = {
  apiVersion: ScaledObject.apiVersion,
  kind: ScaledObject.kind,
  metadata: {
    ...{ name: 'm', namespace: 'shop', uid: 'u', resourceVersion: '1' },
    labels: { 'gantry.dev/model': 'm' },
  },
}

const world = (t: { after: (end: () => void) => void }, isUsed = true) => {
  const stop = new AbortController()
  t.after(() => stop.abort())
  const clock = manualClock()
  const cluster: { served: boolean | Error; readonly listed: string[] } = { served: false, listed: [] }
  const keda = optionalKind(ScaledObject, async () => {
    if (cluster.served instanceof Error) throw cluster.served
    return cluster.served
  })
  const woken: string[] = []
  const kind = { resource: Model, label: 'gantry.dev/model', owned: [], watched: [], related: [] }
  const informers = createInformers({
    ...{ kinds: [{ ...kind, optional: [ScaledObject] }], clock, log: silentLog, namespace: undefined },
    ...(isUsed ? { optional: [keda] } : {}),
    kube: {
      listAll: async (of) => {
        cluster.listed.push(of.kind)
        return { items: of === ScaledObject ? [scaled] : [], resourceVersion: '10' }
      },
      watch: async function* (_resource, _selector, { signal, onContact }) {
        onContact()
        await once(signal, 'abort').catch(() => {})
        yield* []
      },
    },
    onKey: (_, key) => woken.push(key),
  })
  void informers.run(stop.signal)
  const objects = (): number => informers.cache.all(ScaledObject).length
  return { cluster, clock, keda, informers, woken, objects }
}

test('a kind that is not there holds nothing up, is followed once it comes, and is forgotten when it goes', async (t) => {
  const { cluster, clock, keda, informers, woken, objects } = world(t)
  await informers.synced
  assert.deepEqual([keda.presence(), objects(), informers.unsynced()], ['absent', 0, []])
  assert.equal(informers.contactAgesMs().has('scaledobjects'), false)

  cluster.served = true
  await clock.advance(15_000)
  await clock.advance(0)
  assert.deepEqual([keda.presence(), objects(), woken], ['served', 1, ['shop/m']])
  assert.equal(informers.contactAgesMs().has('scaledobjects'), true)

  cluster.served = new Error('no answer')
  await clock.advance(15_000)
  assert.equal(keda.presence(), 'served', 'an API server that does not answer has said nothing')

  cluster.served = false
  await clock.advance(15_000)
  await clock.advance(0)
  assert.deepEqual([keda.presence(), objects(), woken], ['absent', 0, ['shop/m', 'shop/m']])
})

test('an installation that does not use the kind does not ask for it', async (t) => {
  const { cluster, clock, informers, objects } = world(t, false)
  cluster.served = true
  await informers.synced
  await clock.advance(60_000)
  assert.deepEqual([cluster.listed, objects()], [['ModelDeployment'], 0])
})
