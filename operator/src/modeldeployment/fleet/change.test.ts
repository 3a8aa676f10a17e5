import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LiveDeployment } from '@gantry/kube/live.ts'
import { testConfig } from '../../testing/cluster.ts'
import { modelDeployment } from '../../testing/model-deployment.ts'
import type { ReconcileConfig } from '../config.ts'
import { deployment } from '../desired/deployment.ts'
import type { ModelDeployment, Version } from '../model-deployment.ts'
import { changeOf, facts, settingsHash } from './change.ts'
import { withRecord } from './record.ts'

const version: Version = {
  ...{ id: 'v_20261123_100001', revision: 'r', source: 's', digest: `sha256:${'0'.repeat(64)}` },
  ...{ sizeBytes: 4_000_000, createdAt: '2026-11-23T10:00:00Z', phase: 'Imported' },
}
const model = (
  change: (draft: { spec: Record<string, unknown>; metadata: Record<string, unknown> }) => void = () => {},
) => {
  const draft = structuredClone(modelDeployment()) as unknown as Parameters<typeof change>[0]
  change(draft)
  return draft as unknown as ModelDeployment
}
const desiredFor = (of: ModelDeployment, config: Partial<ReconcileConfig> = {}, served = version) =>
  deployment(of, { ...testConfig, ...config }, served, {
    settingsName: 'intents-settings',
    replicas: { owner: 'spec', count: 1 },
    track: 'stable',
  })
const recorded = (of: ModelDeployment): LiveDeployment =>
  withRecord(desiredFor(of), { ...facts(of, desiredFor(of), 'settings'), cause: 'model' }) as LiveDeployment

const threads = (draft: Parameters<Parameters<typeof model>[0] & object>[0], generation: number): void => {
  draft.spec['serve'] = { ...(draft.spec['serve'] as object), threads: 4 }
  draft.metadata['generation'] = generation
}

test('the same template is no change, of neither the user nor the operator', () => {
  assert.equal(changeOf(model(), recorded(model()), desiredFor(model())), 'none')
  assert.equal(changeOf(model(), undefined, desiredFor(model())), 'first')
})

test('a version that the status names by now leaves the record as it was, so that the Deployment is not written again', () => {
  const imported = model()
  const named: ModelDeployment = { ...imported, status: { ...imported.status, versions: [version] } }
  assert.deepEqual(
    facts(named, desiredFor(named), 'settings'),
    facts(imported, desiredFor(imported), 'settings'),
  )
})

test('another image is the operator’s change, also where its model was changed in what no pod has', () => {
  const desired = { serverImage: 'registry.example/inference-server:2' }
  assert.equal(changeOf(model(), recorded(model()), desiredFor(model(), desired)), 'operator')
  const moved = model(({ metadata, spec }) => {
    metadata['generation'] = 2
    spec['replicas'] = 7
  })
  assert.equal(changeOf(moved, recorded(model()), desiredFor(moved, desired)), 'operator')
})

test('what a user changes in how it is served is the model’s change, and another version is', () => {
  const changed = model((draft) => threads(draft, 2))
  assert.equal(changeOf(changed, recorded(model()), desiredFor(changed)), 'model')
  const next = { ...version, id: 'v_20261124_100001' }
  assert.equal(changeOf(model(), recorded(model()), desiredFor(model(), {}, next)), 'model')
})

test('a default of a new CRD is the operator’s change, since no user wrote it', () => {
  const defaulted = model((draft) => threads(draft, 1))
  assert.equal(changeOf(defaulted, recorded(model()), desiredFor(defaulted)), 'operator')
})

test('the fingerprint of the settings changes with what reaches pods, and with nothing else', () => {
  const hashOf = (config: Partial<ReconcileConfig>): string => settingsHash({ ...testConfig, ...config })
  assert.equal(hashOf({ maxReplicas: 7, fleet: { maxModels: 9, maxFailed: 9 } }), hashOf({}))
  for (const config of [
    { serverImage: 'other' },
    { pullPolicy: 'Always' as const },
    { imagePullSecrets: ['x'] },
    { tracing: { endpoint: 'http://collector.monitoring:4318', sampleRate: 1 } },
  ])
    assert.notEqual(hashOf(config), hashOf({}), JSON.stringify(config))
})
