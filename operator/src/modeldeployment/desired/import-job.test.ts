import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testConfig } from '../../testing/cluster.ts'
import { modelDeployment } from '../../testing/model-deployment.ts'
import { importJobName } from './import-job.ts'

/** Names of releases before: a source that failed for good under such a name would be tried again after an upgrade. */
for (const [source, name] of [
  [{ uri: 'https://models.example/intents.tar.gz' }, 'intents-import-d3cd712c'],
  [{ uri: 'https://models.example/1', secretRef: { name: 'store' } }, 'intents-import-d979e946'],
  [{ uri: 'pvc://models/intents' }, 'intents-import-69267376'],
  [{ configMapRef: { name: 'intents' } }, 'intents-import-332b1510'],
] as const)
  test(`an import of ${JSON.stringify(source)} keeps its name over releases`, () => {
    assert.equal(importJobName(modelDeployment({ spec: { model: { source } } }), testConfig), name)
  })
