import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Claim, persistentVolume, planOf, type Volume } from './provisioning.ts'

const claim = (spec: Partial<Claim['spec']> = {}, phase = 'Pending'): Claim => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'models', namespace: 'shop', uid: 'u1' },
  spec: {
    storageClassName: 'gantry-local',
    accessModes: ['ReadWriteMany'],
    resources: { requests: { storage: '2Gi' } },
    ...spec,
  },
  status: { phase },
})

const volume = (phase: string, provisionedBy = 'gantry.dev/local-volumes', policy = 'Delete'): Volume => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: 'pvc-u1', uid: 'v1', annotations: { 'pv.kubernetes.io/provisioned-by': provisionedBy } },
  spec: { persistentVolumeReclaimPolicy: policy },
  status: { phase },
})

test('a pending claim of our class gets a volume named after it', () => {
  const [planned] = planOf([claim()], []).create
  assert.deepEqual(
    { ...planned, claim: undefined },
    {
      ...{ claim: undefined, name: 'pvc-u1', kind: 'folder' },
      ...{ bytes: 2 * 1024 ** 3, size: '2Gi' },
    },
  )
})

test('a claim of the tiny class gets a volume that is really limited', () => {
  assert.equal(planOf([claim({ storageClassName: 'gantry-tiny' })], []).create[0]?.kind, 'limited')
})

for (const [why, claims, volumes] of [
  ['belongs to another class', [claim({ storageClassName: 'fast' })], []],
  ['names its volume itself', [claim({ volumeName: 'mine' })], []],
  ['is bound', [claim({}, 'Bound')], []],
  ['has its volume already, only not bound yet', [claim()], [volume('Available')]],
] as const) {
  test(`no volume is made for a claim that ${why}`, () => {
    assert.deepEqual(planOf(claims, volumes).create, [])
  })
}

test('a raw block device is refused with a reason', () => {
  const plan = planOf([claim({ volumeMode: 'Block' })], [])
  assert.deepEqual(plan.create, [])
  assert.match(plan.refuse[0]?.message ?? '', /Filesystem/)
})

test('a released volume is deleted, but not one of another provisioner, nor one to be retained', () => {
  assert.deepEqual(planOf([], [volume('Released')]).release, ['pvc-u1'])
  assert.deepEqual(planOf([], [volume('Released', 'example.com/other')]).release, [])
  assert.deepEqual(planOf([], [volume('Released', undefined, 'Retain')]).release, [])
  assert.deepEqual(planOf([], [volume('Bound')]).release, [])
})

test('the volume is reserved for its claim and allows what the claim asks for', () => {
  const [planned] = planOf([claim()], []).create
  assert.ok(planned)
  const { spec } = persistentVolume(planned, '/volumes/pvc-u1')
  assert.deepEqual(spec.accessModes, ['ReadWriteMany'])
  assert.equal(spec.claimRef.uid, 'u1')
  assert.deepEqual(spec.capacity, { storage: '2Gi' })
  assert.deepEqual(spec.local, { path: '/volumes/pvc-u1' })
})
