import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { kept } from './kept.ts'

const much = 'x'.repeat(250_000)
const controller = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'r', uid: 'r', controller: true }
const metadata = {
  name: 'a',
  namespace: 'shop',
  uid: 'u',
  resourceVersion: '7',
  creationTimestamp: '2026-11-23T10:00:00Z',
  labels: { 'gantry.dev/model': 'm', 'app.kubernetes.io/component': 'inference-server' },
  ownerReferences: [controller],
}
const heavy = {
  ...metadata,
  labels: { ...metadata.labels, other: 'x' },
  annotations: { much },
  managedFields: [{ much }],
  ownerReferences: [{ ...controller, uid: 'other', controller: false }, controller],
}
const status = {
  phase: 'Running',
  podIP: '10.0.0.1',
  conditions: [{ type: 'Ready', status: 'True' }],
  containerStatuses: [{ name: 'server', state: { running: {} } }],
}

test('of a pod only what decisions are made from is kept, however large its maker made it', () => {
  const container = { name: 'server', image: 'i:1', ports: [{ name: 'http', containerPort: 1 }] }
  const claim = { name: 'models', persistentVolumeClaim: { claimName: 'm' } }
  const settings = { name: 'settings', configMap: { name: 'm-1' } }
  const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`example.com/r${index}`, 1]))
  const requests = { cpu: '1', memory: '1Gi', 'ephemeral-storage': '1Gi', 'nvidia.com/gpu': 1, ...many }
  const pod = kept({
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: heavy },
    spec: {
      containers: [
        {
          ...container,
          args: [much],
          env: [{ name: much, value: much }],
          resources: { limits: {}, requests },
        },
      ],
      initContainers: [
        { name: 'proxy', restartPolicy: 'Always', args: [much], resources: { requests } },
        { name: 'first', image: much },
      ],
      volumes: [{ name: much, emptyDir: {} }, claim, settings],
      nodeName: 'n',
      overhead: { cpu: '10m', much: 1 },
      nodeSelector: { much },
    },
    status: { ...status, podIPs: [much] },
  } as KubernetesObject)
  const few = Object.fromEntries(Object.entries(many).slice(0, 7))
  const resources = { requests: { cpu: '1', memory: '1Gi', 'nvidia.com/gpu': 1, ...few } }
  assert.deepEqual(pod, {
    ...{ apiVersion: 'v1', kind: 'Pod', metadata },
    spec: {
      nodeName: 'n',
      containers: [{ name: 'server', image: 'i:1', ports: [{ name: 'http' }], resources }],
      initContainers: [{ name: 'proxy', restartPolicy: 'Always', resources }, { name: 'first' }],
      overhead: { cpu: '10m' },
      volumes: [claim, settings],
    },
    status,
  })
})

test('of a ReplicaSet only to whom it belongs', () => {
  const replicaSet = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: heavy,
    spec: { much },
    status: {},
  }
  assert.deepEqual(kept(replicaSet as KubernetesObject), {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata,
  })
})

test('a pod without spec, status or labels is kept as such', () => {
  const bare = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } }
  assert.deepEqual(kept(bare), bare)
  assert.deepEqual(kept({ ...bare, spec: {} }), { ...bare, spec: { containers: [], volumes: [] } })
})

test('what the operator compares is kept whole, but for managedFields', () => {
  const { managedFields: _, ...rest } = heavy
  const service = { apiVersion: 'v1', kind: 'Service', metadata: heavy, spec: { ports: [] } }
  assert.deepEqual(kept(service), { ...service, metadata: rest })
})

test('of a ConfigMap the texts are kept, and not the bytes of reports', () => {
  const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { a: 'b' } }
  assert.deepEqual(kept({ ...map, binaryData: { 'a.json.gz': much } }), map)
})
