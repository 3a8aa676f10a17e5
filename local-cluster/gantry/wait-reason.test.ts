import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Live } from '../kubectl.ts'
import { waitReason } from './wait-reason.ts'

const pod = (status: object): Live => ({ metadata: { name: 'model-store-1' }, status }) as unknown as Live
const container = (state: object): Live => pod({ containerStatuses: [{ state }] })

test('an image that cannot be pulled is told in the words of the kubelet', () => {
  const message = 'Back-off pulling image "localhost/gantry/model-store:0.1.0"'
  assert.equal(
    waitReason([container({ running: {} }), container({ waiting: { reason: 'ImagePullBackOff', message } })]),
    `pod model-store-1: ImagePullBackOff: ${message}`,
  )
})

test('a pod without a node is told in the words of the scheduler', () => {
  const reason = { reason: 'Unschedulable', message: '0/1 nodes are available' }
  const conditions = [{ type: 'PodScheduled', status: 'False', ...reason }]
  assert.match(waitReason([pod({ conditions })]) ?? '', /Unschedulable: 0\/1 nodes/)
})

test('a container that has ended is told', () => {
  assert.equal(
    waitReason([container({ terminated: { reason: 'OOMKilled' } })]),
    'pod model-store-1: OOMKilled',
  )
})

test('steps that every pod takes are not', () => {
  for (const one of [
    pod({}),
    container({ waiting: { reason: 'ContainerCreating' } }),
    container({ running: {} }),
  ])
    assert.equal(waitReason([one]), undefined)
  assert.equal(waitReason([]), undefined)
})
