import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LivePod } from '@gantry/kube/live.ts'
import { nothingMeasured } from './measuring.ts'
import { podTrouble } from './pod-trouble.ts'

const pod = (initContainerStatuses: readonly object[]): LivePod =>
  ({
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'demo', uid: 'uid-of-p' } },
    spec: { nodeName: 'node-1', containers: [{ name: 'evaluate' }] },
    status: { phase: 'Pending', initContainerStatuses },
  }) as unknown as LivePod
const events = [
  {
    ...{ reason: 'FailedMount', count: 3, message: 'configmap "samples" not found' },
    involvedObject: { uid: 'uid-of-p' },
  },
]
const circumstances = {
  ...{ references: [{ kind: 'ConfigMap', name: 'samples', field: 'spec.dataset' }], events },
  ...{ resourcesField: 'spec.serve.resources', measuring: nothingMeasured },
} as unknown as Parameters<typeof podTrouble>[1]

test('what could not be mounted at first is no trouble any more once a step before the measurement runs', () => {
  const waiting = pod([{ name: 'samples', state: { waiting: { reason: 'PodInitializing' } } }])
  assert.equal(podTrouble(waiting, circumstances)?.reason, 'MissingConfigMap')
  for (const state of [{ running: {} }, { terminated: { exitCode: 0 } }])
    assert.equal(podTrouble(pod([{ name: 'samples', state }]), circumstances), undefined)
})
