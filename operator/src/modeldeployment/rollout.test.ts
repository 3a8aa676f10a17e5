/** What the status of a Deployment says of its rollout. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LiveDeployment } from '@gantry/kube/live.ts'
import { isComplete } from './rollout.ts'

const complete: LiveDeployment = {
  ...{ apiVersion: 'apps/v1', kind: 'Deployment' },
  metadata: { name: 'added-stable', namespace: 'shop', generation: 3 },
  status: {
    ...{ observedGeneration: 3, replicas: 2, updatedReplicas: 2 },
    conditions: [{ type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' }],
  },
}

test('a rollout is complete when its pods were available and no others are left', () => {
  assert.ok(isComplete(complete))
})

test('a template that comes back is not complete before its pods are there, though the reason of the rollout before still stands', () => {
  assert.ok(!isComplete({ ...complete, status: { ...complete.status, updatedReplicas: 0 } }))
  assert.ok(!isComplete({ ...complete, status: { ...complete.status, replicas: 3 } }))
})

test('a Deployment whose controller has not seen the present template is not complete', () => {
  assert.ok(!isComplete({ ...complete, metadata: { ...complete.metadata, generation: 4 } }))
})
