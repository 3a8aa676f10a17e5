import assert from 'node:assert/strict'
import { test } from 'node:test'
import { podRequests } from './pod-requests.ts'

const asks = (cpu: string, more: Readonly<Record<string, string | number>> = {}) => ({
  name: 'c',
  resources: { requests: { cpu, ...more } },
})
const sidecar = (cpu: string) => ({ ...asks(cpu), restartPolicy: 'Always' })

test('a pod asks for the sum of its containers and sidecars, in base units', () => {
  const spec = {
    containers: [asks('250m', { memory: '1Gi', 'nvidia.com/gpu': 1 }), asks('1')],
    initContainers: [sidecar('500m')],
  }
  assert.deepEqual(podRequests(spec), { cpu: 1.75, memory: 2 ** 30, 'nvidia.com/gpu': 1 })
})

test('an init container counts where it needs more than what runs later, with the sidecars before it', () => {
  const spec = { containers: [asks('1')], initContainers: [sidecar('500m'), asks('2'), sidecar('1')] }
  assert.deepEqual(podRequests(spec), { cpu: 2.5 })
  assert.deepEqual(podRequests({ ...spec, containers: [asks('3')] }), { cpu: 4.5 })
})

test('requests of the pod as a whole take the place of those of its containers, and overhead is added', () => {
  const spec = {
    containers: [asks('1', { memory: '1Gi' })],
    resources: { requests: { cpu: '3' } },
    overhead: { cpu: '250m' },
  }
  assert.deepEqual(podRequests(spec), { cpu: 3.25, memory: 2 ** 30 })
})

test('a limit stands for a request that is not given, as the API server has it', () => {
  const resources = { requests: { cpu: '1' }, limits: { cpu: '2', memory: '1Gi', 'nvidia.com/gpu': 1 } }
  const asked = podRequests({
    containers: [{ name: 'c', resources }],
    initContainers: [{ name: 'i', resources }],
  })
  assert.deepEqual(asked, { cpu: 1, memory: 2 ** 30, 'nvidia.com/gpu': 1 })
})

test('a pod without requests asks for nothing', () => {
  assert.deepEqual(podRequests({ containers: [{ name: 'c' }] }), {})
})
