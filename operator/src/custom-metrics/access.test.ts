import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Kube, KubernetesObject } from '@gantry/kube/objects.ts'
import { manualClock } from '@gantry/kube/testing/clock.ts'
import { createAccess } from './access.ts'
import type { MetricAddress } from './address.ts'

const address: MetricAddress = {
  ...{ kind: 'metric', version: 'v1beta2', namespace: 'shop', pod: '*', metric: 'gantry_queue_length' },
  ...{ labelSelector: '', metricLabelSelector: '' },
}
const user = (name: string) => ({ user: name, groups: ['scalers'], extra: {} })

const world = (answer: (spec: unknown) => boolean) => {
  const clock = manualClock()
  const asked: unknown[] = []
  const create = async (_: unknown, { spec }: KubernetesObject) => {
    asked.push(spec)
    return { status: { allowed: answer(spec) } }
  }
  return { clock, asked, access: createAccess({ create } as unknown as Pick<Kube, 'create'>, clock) }
}

test('an answer is remembered for ten seconds, for that caller and that metric alone', async () => {
  const { access, asked, clock } = world(() => true)
  await Promise.all([access(user('a'), address), access(user('a'), address)])
  assert.equal(asked.length, 1)
  assert.deepEqual(asked[0], {
    ...user('a'),
    resourceAttributes: {
      ...{ group: 'custom.metrics.k8s.io', version: 'v1beta2', verb: 'get', namespace: 'shop' },
      ...{ resource: 'pods', subresource: 'gantry_queue_length', name: '*' },
    },
  })
  await access(user('b'), address)
  await access(user('a'), { ...address, namespace: 'bank' })
  await access(user('a'), { ...address, metric: 'gantry_tokens_per_second' })
  assert.equal(asked.length, 4)
  await clock.advance(10_000)
  await access(user('a'), address)
  assert.equal(asked.length, 5)
})

test('a refusal says who may not read what, and a question that failed is asked again', async () => {
  let isDown = true
  const { access } = world(() => {
    if (isDown) throw new Error('no answer')
    return false
  })
  await assert.rejects(access(user('a'), address), /no answer/)
  isDown = false
  assert.match(
    String(await access(user('a'), address)),
    /^a may not get pods\/gantry_queue_length of the pods in namespace shop/,
  )
})

test('however many callers there are, what is remembered is bounded', async () => {
  const { access, asked } = world(() => true)
  for (let one = 0; one < 4_200; one += 1) await access(user(`${one}`), address)
  await access(user('0'), address)
  await access(user('4199'), address)
  assert.equal(asked.length, 4_201)
})
