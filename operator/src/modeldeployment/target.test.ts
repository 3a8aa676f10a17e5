import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testConfig } from '../testing/cluster.ts'
import { modelDeployment } from '../testing/model-deployment.ts'
import type { Version } from './model-deployment.ts'
import { revisionOf } from './revision.ts'
import { type Targeted, targetOf as target, versionToServe } from './target.ts'

const sha256 = 'a'.repeat(64)
const model = modelDeployment()
const targetOf = (model: Targeted['model'], versions: readonly Version[], deployedVersion?: string) =>
  target({ model, versions, origin: { kind: 'spec' }, config: testConfig, deployedVersion })
const version = (id: string, revision: string): Version => ({
  ...{ id, revision, source: 'https://models.example', digest: `sha256:${sha256}` },
  ...{ sizeBytes: 1, createdAt: '2026-11-23T10:00:00Z', phase: 'Imported' },
})

test('has a revision of 16 hexadecimal digits that depends on source, file, digest and label, and on nothing else', () => {
  const revision = revisionOf(model)
  assert.match(revision, /^[0-9a-f]{16}$/)
  const others = [
    modelDeployment({ spec: { model: { source: { uri: 'https://models.example/2' } } } }),
    modelDeployment({ spec: { model: { source: { uri: undefined, configMapRef: { name: 'tiny' } } } } }),
    modelDeployment({ spec: { model: { source: { sha256 } } } }),
    modelDeployment({ spec: { model: { source: { file: 'onnx/model_fp16.onnx' } } } }),
    modelDeployment({ spec: { model: { version: '2' } } }),
  ]
  assert.equal(new Set([revision, ...others.map(revisionOf)]).size, 6)
  assert.equal(revisionOf(modelDeployment({ name: 'other', spec: { replicas: 7 } })), revision)
})

test('selects the newest version of its revision', () => {
  const versions = [
    version('v_20260101_000000', revisionOf(model)),
    version('v_20260102_000000', revisionOf(model)),
  ]
  const found = targetOf(model, versions)
  assert.equal(found.kind === 'serve' && found.version.id, 'v_20260102_000000')
})

test('asks for an import where the volume has no such revision, and serves the last served version meanwhile', () => {
  const versions = [version('v_20260101_000000', 'a'), version('v_20260102_000000', 'b')]
  const serving = { ...model, status: { activeVersion: 'v_20260101_000000' } }
  const found = targetOf(serving, versions, 'v_20260102_000000')
  assert.equal(found.kind, 'import')
  assert.equal(versionToServe(found)?.id, 'v_20260101_000000')
})

test('serves what is deployed where nothing is known to have served', () => {
  const versions = [version('v_20260101_000000', 'a'), version('v_20260102_000000', 'b')]
  assert.equal(versionToServe(targetOf(model, versions, 'v_20260102_000000'))?.id, 'v_20260102_000000')
  assert.equal(versionToServe(targetOf(model, versions)), undefined)
})

test('takes the id of a version before the revision', () => {
  const pinned = modelDeployment({ spec: { model: { version: 'v_20260101_000000' } } })
  const versions = [version('v_20260101_000000', 'a'), version('v_20260102_000000', revisionOf(pinned))]
  assert.equal(versionToServe(targetOf(pinned, versions))?.id, 'v_20260101_000000')
})

test('does not import under the id of a version that the volume does not have', () => {
  const pinned = modelDeployment({ spec: { model: { version: 'v_20260101_000000' } } })
  assert.equal(targetOf(pinned, []).kind, 'unknown')
})
