import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { isSignificant, keyOf } from './changes.ts'

const models = {
  resource: { apiVersion: 'gantry.dev/v1alpha1', kind: 'ModelDeployment', plural: 'modeldeployments' },
  label: 'gantry.dev/model',
}

const object = (kind: string, apiVersion: string, rest: object = {}): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name: 'x', namespace: 'shop', resourceVersion: '1' },
  ...rest,
})

const withMetadata = (base: KubernetesObject, metadata: object): KubernetesObject => ({
  ...base,
  metadata: { ...base.metadata, ...metadata },
})

const owner = (apiVersion: string, kind: string) => ({
  ownerReferences: [{ apiVersion, kind, name: 'owner', uid: 'u', controller: true }],
})

test('a model is its own key; what it owns is found by label or by owner', () => {
  const pod = object('Pod', 'v1')
  assert.equal(keyOf(models, object('ModelDeployment', 'gantry.dev/v1alpha1')), 'shop/x')
  assert.equal(keyOf(models, withMetadata(pod, { labels: { 'gantry.dev/model': 'm' } })), 'shop/m')
  assert.equal(
    keyOf(models, withMetadata(pod, owner('gantry.dev/v1alpha1', 'ModelDeployment'))),
    'shop/owner',
  )
  assert.equal(keyOf(models, withMetadata(pod, owner('apps/v1', 'ReplicaSet'))), undefined)
  assert.equal(keyOf(models, pod), undefined)
})

test('what appears and what vanishes is significant', () => {
  const pod = object('Pod', 'v1')
  assert.ok(isSignificant(undefined, pod))
  assert.ok(isSignificant(pod, undefined))
})

test('a new resourceVersion alone is not, any other field is', () => {
  const before = object('Deployment', 'apps/v1', { spec: { replicas: 1 }, status: { readyReplicas: 0 } })
  const touched = withMetadata(before, { resourceVersion: '2' })
  assert.ok(!isSignificant(before, touched))
  assert.ok(isSignificant(before, { ...touched, spec: { replicas: 2 } }))
  assert.ok(isSignificant(before, { ...touched, status: { readyReplicas: 1 } }))
  assert.ok(isSignificant(before, withMetadata(touched, { annotations: { a: 'b' } })))
  assert.ok(isSignificant(before, withMetadata(touched, { deletionTimestamp: '2026-01-01T00:00:00Z' })))
})

test('measurements of an autoscaler are not, its decisions are', () => {
  const status = (cpu: number, desiredReplicas: number, able: string) => ({
    currentReplicas: 1,
    desiredReplicas,
    currentMetrics: [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: cpu } } }],
    conditions: [{ type: 'AbleToScale', status: able, reason: 'X', message: `cpu ${cpu}` }],
  })
  const scaler = (...given: Parameters<typeof status>) =>
    object('HorizontalPodAutoscaler', 'autoscaling/v2', { status: status(...given) })
  assert.ok(!isSignificant(scaler(10, 1, 'True'), scaler(90, 1, 'True')))
  assert.ok(isSignificant(scaler(10, 1, 'True'), scaler(10, 2, 'True')))
  assert.ok(isSignificant(scaler(10, 1, 'True'), scaler(10, 1, 'False')))
  assert.ok(isSignificant(object('HorizontalPodAutoscaler', 'autoscaling/v2'), scaler(10, 1, 'True')))
})
