/** What podTemplate adds to serving pods, and what it cannot change of them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mounts } from '@gantry/contract/server.ts'
import { type Draft, testConfig } from '../../testing/cluster.ts'
import { modelDeployment } from '../../testing/model-deployment.ts'
import type { Version } from '../model-deployment.ts'
import type { PodTemplate } from '../pod-template-allow.ts'
import { replicasBySpec } from '../replicas.ts'
import { desired } from './index.ts'
import { settingsOf } from './settings.ts'

const version: Version = {
  ...{ id: 'v_20261123_100001', revision: 'ab', source: 'https://models.example', digest: 'sha256:00' },
  ...{ sizeBytes: 100 * 2 ** 20, createdAt: '2026-11-23T10:00:00Z', phase: 'Imported' },
}
const podOf = (kind: 'Deployment' | 'Job', podTemplate: PodTemplate): Draft => {
  const model = modelDeployment({ spec: { serve: { podTemplate } } })
  const serves = { version, settings: settingsOf(model, version), replicas: replicasBySpec(model) }
  const objects = desired(model, testConfig, { imports: { attempt: 0, keep: [] }, serves })
  return (objects.find((object) => object.kind === kind) as Draft).spec.template.spec
}
const image = 'registry.example.com/proxy:1'
const everything: PodTemplate = {
  env: [
    { name: 'A', value: '$(TOKEN)' },
    { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'shop', key: '$a' } } },
  ],
  envFrom: [{ prefix: 'SHOP_', secretRef: { name: 'shop' } }],
  volumes: [
    { name: 'folder', emptyDir: { sizeLimit: '1Gi' } },
    { name: 'secret', secret: { secretName: 'shop' } },
    { name: 'projected', projected: { sources: [{ secret: { name: 'shop' } }] } },
    { name: 'claim', persistentVolumeClaim: { claimName: 'words' } },
  ],
  volumeMounts: [{ name: 'claim', mountPath: '/mnt/words' }],
  serviceAccountName: 'shop',
  sidecars: [
    {
      ...{ name: 'proxy', image, args: ['$(A)'], env: [{ name: 'A', value: '$(B)' }] },
      volumeMounts: [{ name: 'folder', mountPath: '/tmp' }],
    },
  ],
}
const pod = podOf('Deployment', everything)

test('a plain value reaches the server as it is written, beside references, and stands for no Secret', () => {
  const [server] = pod.containers
  assert.deepEqual(server.env.slice(-2), [
    { name: 'A', value: '$$(TOKEN)' },
    { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'shop', key: '$a' } } },
  ])
  assert.deepEqual(server.envFrom, everything.envFrom)
})

test('a sidecar starts before the server, ends after it, and keeps the restricted Pod Security standard', () => {
  assert.equal(pod.containers.length, 1)
  const [proxy] = pod.initContainers
  assert.equal(proxy.restartPolicy, 'Always')
  assert.deepEqual(proxy.securityContext, {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    readOnlyRootFilesystem: true,
  })
  assert.deepEqual([proxy.image, proxy.args, proxy.env], [image, ['$(A)'], [{ name: 'A', value: '$(B)' }]])
})

test('a sidecar has its own user where it needs one, and nothing else of its rights', () => {
  const securityContext = { runAsUser: 101, readOnlyRootFilesystem: false }
  const { initContainers } = podOf('Deployment', { sidecars: [{ name: 'proxy', image, securityContext }] })
  assert.deepEqual(initContainers[0].securityContext, {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    ...securityContext,
  })
})

test('a sidecar has requests and limits of memory and disk, and what it says of them goes before', () => {
  const resources = { requests: { memory: '1Gi' }, limits: { cpu: 1 } }
  const [proxy] = podOf('Deployment', { sidecars: [{ name: 'proxy', image, resources }] }).initContainers
  assert.deepEqual(proxy.resources, {
    requests: { cpu: '50m', memory: '1Gi', 'ephemeral-storage': '64Mi' },
    limits: { cpu: 1, memory: '1Gi', 'ephemeral-storage': '1Gi' },
  })
})

test('files of Secrets are for the group of the containers, and claims are read-only', () => {
  const named = (name: string): Draft => pod.volumes.find((volume: Draft) => volume.name === name)
  assert.equal(named('secret').secret.defaultMode, 0o440)
  assert.equal(named('projected').projected.defaultMode, 0o440)
  assert.equal(named('claim').persistentVolumeClaim.readOnly, true)
  const mount = pod.containers[0].volumeMounts.at(-1)
  assert.deepEqual(mount, { name: 'claim', mountPath: '/mnt/words', readOnly: true })
})

test('the pods have the ServiceAccount that spec names, without its token, and imports the model’s own', () => {
  assert.deepEqual([pod.serviceAccountName, pod.automountServiceAccountToken], ['shop', false])
  const imports = podOf('Job', everything)
  assert.deepEqual([imports.serviceAccountName, imports.automountServiceAccountToken], ['intents', false])
})

test('imports get no variables, volumes and sidecars of serving pods', () => {
  assert.deepEqual(podOf('Job', { ...everything, serviceAccountName: 'x' }), podOf('Job', {}))
})

test('the volumes and mounts of the server itself are there as they are without any of this', () => {
  const plain = podOf('Deployment', {})
  assert.deepEqual(pod.volumes.slice(0, plain.volumes.length), plain.volumes)
  const own = plain.containers[0].volumeMounts
  assert.deepEqual(pod.containers[0].volumeMounts.slice(0, own.length), own)
  for (const path of Object.values(mounts)) assert.ok(!path.startsWith('/mnt'), path)
})
