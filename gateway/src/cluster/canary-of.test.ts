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
