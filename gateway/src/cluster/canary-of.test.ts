import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keptModel, type LiveModel } from './live.ts'
import { modelOf } from './model-of.ts'

const tried: LiveModel = {
  apiVersion: 'gantry.dev/v1alpha1',
  kind: 'ModelDeployment',
  metadata: { name: 'intents', namespace: 'shop' },
  spec: {
    rollout: { abort: { latencyMargin: 0.5, maxLatencyP95Ms: 80 }, sticky: { header: 'X-Session' } },
  },
  status: { conditions: [], canary: { run: 'a-1', step: 2, weight: 50, slowMs: 10 } },
}

const canaryIn = (model: LiveModel) => modelOf(keptModel(model), []).canary

test('the share of a canary, what is slow and what names a session are those of status and spec', () => {
  assert.deepEqual(canaryIn(tried), {
    revision: 'a-1',
    step: 2,
    weight: 50,
    slowMs: { stable: 10, canary: 15 },
    limitMs: 80,
    sticky: 'x-session',
  })
})

test('a canary may be a tenth slower where spec does not say', () => {
  assert.deepEqual(canaryIn({ ...tried, spec: {} })?.slowMs, { stable: 10, canary: 11 })
})

test('before the first step nothing is slow, and without a canary there is no share', () => {
  const start = { run: 'a-1', step: 0, weight: 0 }
  assert.equal(canaryIn({ ...tried, status: { conditions: [], canary: start } })?.slowMs, undefined)
  assert.equal(canaryIn({ ...tried, status: { conditions: [] } }), undefined)
})

test('a shadow compares as the task asks for, and writes what the request log of the model would', () => {
  const shadowIn = (task: string, shadow: object, requestLog?: object) =>
    canaryIn({
      ...tried,
      spec: { model: { task }, serve: { ...requestLog }, rollout: { shadow: { percent: 5, ...shadow } } },
    } as LiveModel)?.shadow
  const bounds = { maxDifference: 0.01, minCosine: 0.99 }
  assert.deepEqual(shadowIn('tensor', {}), { percent: 5, logMode: 'off', compare: 'top1', ...bounds })
  assert.equal(shadowIn('feature-extraction', {})?.compare, 'cosine')
  assert.equal(shadowIn('translation', {})?.compare, 'text')
  assert.deepEqual(
    shadowIn('tensor', { compare: 'maxAbs', maxDifference: 2 }, { requestLog: { mode: 'full' } }),
    { percent: 5, logMode: 'full', compare: 'maxAbs', maxDifference: 2, minCosine: 0.99 },
  )
})
