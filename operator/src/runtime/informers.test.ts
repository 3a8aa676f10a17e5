import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { Pod, resource } from '@gantry/kube/resources.ts'
import { manualClock } from '@gantry/kube/testing/clock.ts'
import { silentLog } from '../testing/claims.ts'
import { createInformers, type Watched } from './informers.ts'

const Winner = resource('example.dev/v1', 'Winner', 'winners')
const Model = resource('example.dev/v1', 'Model', 'models')

const object = (kind: string, name: string): KubernetesObject => ({
  apiVersion: 'example.dev/v1',
  kind,
  metadata: { name, namespace: 'shop', uid: `uid-of-${name}`, resourceVersion: '1' },
})

test('a change of a related object wakes the objects that it concerns, of their own kind alone', async (t) => {
  const stop = new AbortController()
  t.after(() => stop.abort())
  const kind = (of: typeof Model, related: Watched['related'] = []): Watched => ({
    ...{ resource: of, label: `example.dev/${of.kind}`, owned: [], optional: [], watched: [Pod], related },
  })
  const models = kind(Model, [
    { resource: Winner, keysOf: (_, { metadata }) => [`${metadata.namespace}/takes-${metadata.name}`] },
  ])
  const woken: string[] = []
  const informers = createInformers({
    ...{ kinds: [models, kind(Winner)], clock: manualClock(), log: silentLog, namespace: undefined },
    kube: {
      listAll: async ({ kind: name }) => ({
        items: name === 'Pod' ? [] : [object(name, 'm')],
        resourceVersion: '10',
      }),
      watch: async function* (_resource, _selector, { signal, onContact }) {
        onContact()
        await once(signal, 'abort').catch(() => {})
        yield* []
      },
    },
    onKey: ({ resource: { kind: name } }, key) => woken.push(`${name} ${key}`),
  })
  void informers.run(stop.signal)
  await informers.synced
  assert.deepEqual(woken.sort(), ['Model shop/m', 'Model shop/takes-m', 'Winner shop/m'])
})
