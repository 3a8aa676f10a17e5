import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keptModel, type LiveModel } from './live.ts'
import { modelOf } from './model-of.ts'

const model: LiveModel = {
  apiVersion: 'gantry.dev/v1alpha1',
  kind: 'ModelDeployment',
  metadata: { name: 'intents', namespace: 'shop' },
  spec: { autoscaling: { minReplicas: 0 } },
  status: { conditions: [], activeVersion: 'v_20261123_100000' },
}

const sleepOf = (changed: LiveModel) => modelOf(keptModel(changed), []).sleep

test('a model with minReplicas 0 may sleep, and any other may not', () => {
  assert.deepEqual(sleepOf(model), { mayBeWoken: true })
  assert.equal(sleepOf({ ...model, spec: { autoscaling: { minReplicas: 1 } } }), undefined)
  assert.equal(sleepOf({ ...model, spec: {} }), undefined)
})

test('a model that has never served, and one that is suspended, are woken by nobody', () => {
  assert.deepEqual(sleepOf({ ...model, status: { conditions: [] } }), { mayBeWoken: false })
  assert.deepEqual(sleepOf({ ...model, spec: { ...model.spec, suspend: true } }), { mayBeWoken: false })
})
