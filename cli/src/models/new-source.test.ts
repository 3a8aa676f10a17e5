/** What `gantry import` sets: the new source, and nothing of the old one that belongs to another place. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Model } from '../cluster/resources.ts'
import { modelPatch, newModel } from './new-source.ts'

const nothing = {
  ...{ uri: undefined, label: undefined, task: undefined },
  ...{ file: undefined, sha256: undefined, secret: undefined },
}
const before = {
  uri: 'https://models.example.com/1.tar',
  ...{ file: 'onnx/model.onnx', sha256: 'a'.repeat(64), secretRef: { name: 'key' } },
}
const model = (source: object = before, version?: string) =>
  ({ spec: { model: { task: 'tensor', source, version } } }) as unknown as Model

test('credentials and the graph stay with the same host, the digest of another file goes', () => {
  const uri = 'https://models.example.com/2.tar'
  assert.deepEqual(modelPatch(model(), { ...nothing, uri }), { source: { uri, sha256: null } })
  const sha256 = 'b'.repeat(64)
  assert.deepEqual(modelPatch(model(), { ...nothing, uri, sha256 }), { source: { uri, sha256 } })
})

test('credentials reach no other host, and no other kind of source stays beside the new one', () => {
  for (const uri of ['https://other.example.com/1.tar', 'http://models.example.com/1.tar', 's3://models/1'])
    assert.deepEqual(modelPatch(model(), { ...nothing, uri, secret: 'new' }), {
      source: { uri, file: null, sha256: null, secretRef: { name: 'new' } },
    })
  assert.deepEqual(modelPatch(model({ configMapRef: { name: 'm' } }), { ...nothing, uri: 'pvc://c/m' }), {
    source: { configMapRef: null, uri: 'pvc://c/m' },
  })
})

test('the present source is imported again under a label, as it is', () => {
  assert.deepEqual(modelPatch(model(), { ...nothing, label: 'again' }), { source: {}, version: 'again' })
  const same = { ...nothing, uri: before.uri, label: 'again' }
  assert.deepEqual(modelPatch(model(), same), { source: { uri: before.uri }, version: 'again' })
})

test('the id of a rollback holds the model no longer, and a label of the user stays', () => {
  const uri = 'https://models.example.com/2.tar'
  assert.equal(modelPatch(model(before, 'v_20261123_101500'), { ...nothing, uri })['version'], null)
  assert.equal('version' in modelPatch(model(before, '2026-11'), { ...nothing, uri }), false)
})

test('a new model has what was given, and nothing more', () => {
  assert.deepEqual(newModel({ ...nothing, uri: 'hf://o/m', task: 'tensor' }), {
    task: 'tensor',
    source: { uri: 'hf://o/m' },
  })
})
