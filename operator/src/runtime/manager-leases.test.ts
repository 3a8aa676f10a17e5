import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ApiError } from '@gantry/kube/errors.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { manualClock } from '@gantry/kube/testing/clock.ts'
import { managerLeases } from './manager-leases.ts'

const lease = (
  resourceVersion: string,
  renewTime = '2026-11-23T10:00:00.000000Z',
  watches?: string,
): KubernetesObject => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: {
    ...{ name: 'gantry-operator', namespace: 'a', uid: 'u', resourceVersion },
    annotations: watches ? { 'gantry.dev/watches': watches } : {},
  },
  spec: { holderIdentity: 'pod', renewTime },
})

/** Looks at a Lease every half minute. */
const watching = () => {
  const clock = manualClock()
  const asked: string[] = []
  let answer: () => KubernetesObject | undefined = () => lease('1')
  const get = async (_: unknown, namespace: string | undefined, name: string) => {
    asked.push(`${namespace}/${name}`)
    return answer() as never
  }
  const { standing } = managerLeases({ get }, clock)
  return {
    ...{ clock, asked, standing },
    answers: (next: typeof answer): void => {
      answer = next
    },
    /** @returns how it stands after so many seconds of looking */
    look: async (seconds: number) => {
      let last = await standing('a/gantry', 'shop')
      for (let passed = 0; passed < seconds; passed += 30) {
        await clock.advance(Math.min(30, seconds - passed) * 1000)
        last = await standing('a/gantry', 'shop')
      }
      return last.kind
    },
  }
}

test('a Lease that stays unchanged for five minutes is stale, whatever its renewTime', async () => {
  const { look, answers } = watching()
  answers(() => lease('1', '2099-01-01T00:00:00.000000Z'))
  assert.equal(await look(299), 'atWork')
  assert.equal(await look(1), 'atWork', 'a look is shared for five seconds')
  assert.equal(await look(30), 'gone')
})

test('a Lease that tells an old time and is renewed is at work: its clock is another one', async () => {
  const { look, answers } = watching()
  let version = 1
  answers(() => {
    version += 1
    return lease(`${version}`, '1999-01-01T00:00:00.000000Z')
  })
  assert.equal(await look(3_600), 'atWork')
})

test('time in which the Lease was not read does not count', async () => {
  const { look, clock } = watching()
  assert.equal(await look(240), 'atWork')
  await clock.advance(600_000) // this process was stopped, or the API server was not there
  assert.equal(await look(0), 'atWork')
  assert.equal(await look(270), 'atWork')
  assert.equal(await look(30), 'gone')
})

test('where the API server does not answer, the error is told and the next look asks again', async () => {
  const { standing, answers, asked } = watching()
  answers(() => {
    throw new Error('ECONNREFUSED')
  })
  await assert.rejects(standing('a/gantry', 'shop'), /ECONNREFUSED/)
  answers(() => lease('1'))
  assert.equal((await standing('a/gantry', 'shop')).kind, 'atWork')
  assert.equal(asked.length, 2)
})

test('a Lease that may not be read says nothing, however long', async () => {
  const { look, answers } = watching()
  answers(() => {
    throw new ApiError(403, 'Forbidden', 'no')
  })
  assert.equal(await look(3_600), 'unknown')
})

test('models of one manager share a look', async () => {
  const { standing, asked } = watching()
  await Promise.all([standing('a/gantry', 'shop'), standing('a/gantry', 'shop'), standing('b/prod', 'shop')])
  await standing('a/gantry', 'shop')
  assert.deepEqual(asked, ['a/gantry-operator', 'b/prod-gantry-operator'])
})

test('a release that watches another namespace alone does not manage this one, though it is at work', async () => {
  const { standing, answers, clock } = watching()
  const watches = async (namespace: string) => {
    answers(() => lease('1', undefined, namespace))
    await clock.advance(5_000)
    return (await standing('a/gantry', 'shop')).kind
  }
  assert.equal(await watches('lab'), 'gone')
  assert.equal(await watches('shop'), 'atWork')
  assert.equal(await watches('*'), 'atWork')
})
