/** The operator's account on a real API server, under the admission policies of a chart that was rendered with given values. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { loadAll } from 'js-yaml'
import { testKubectl } from '../../e2e/test-cluster.ts'
import { desired } from '../../operator/src/modeldeployment/desired/index.ts'
import { settingsOf } from '../../operator/src/modeldeployment/desired/settings.ts'
import type { ModelDeployment, Version } from '../../operator/src/modeldeployment/model-deployment.ts'
import { replicasBySpec } from '../../operator/src/modeldeployment/replicas.ts'
import { testConfig } from '../../operator/src/testing/cluster.ts'
import { toolPath } from '../tools.ts'

// biome-ignore lint/suspicious/noExplicitAny: tests change any field of an object
export type Draft = any

type Config = Parameters<typeof desired>[1]

const chart = join(import.meta.dirname, '../../helm/gantry')

/** What the chart's default values say of images. */
export const accountConfig = (system: string): Config => ({
  ...testConfig,
  serverImage: 'localhost/gantry/inference-server:0.1.0',
  optimizerImage: 'localhost/gantry/optimizer:0.1.0',
  trainerImage: 'localhost/gantry/trainer:0.1.0',
  exporterImage: 'localhost/gantry/exporter:0.1.0',
  operatorNamespace: system,
})

const version: Version = {
  ...{ id: 'v_20261123_100001', revision: 'r', source: 'https://models.example/intents.tar.gz' },
  ...{ digest: `sha256:${'0'.repeat(64)}`, sizeBytes: 4_000_000 },
  ...{ createdAt: '2026-11-23T10:00:00Z', phase: 'Imported' },
}

/** @param system namespace of the release @param values flags of helm */
export const operatorAccount = (system: string, values: readonly string[]) => {
  const operator = testKubectl('--as', `system:serviceaccount:${system}:gantry-operator`)
  /** Rights and admission policies of the release. */
  const policies = (): readonly Draft[] => {
    const args = ['template', 'gantry', chart, '-n', system, ...values]
    const { status, stdout, stderr } = spawnSync(toolPath('helm'), args, { encoding: 'utf8' })
    assert.equal(status, 0, stderr)
    return (loadAll(stdout) as Draft[]).filter(
      (one) => /^(rbac|admissionregistration)\./.test(one?.apiVersion ?? '') && one.kind !== 'Role',
    )
  }
  /** Writes as the operator does, without effect: a Job is created once, the others are applied. */
  const attempt = (object: Draft): { ok: boolean; output: string } => {
    const verb = object.kind === 'Job' ? ['create'] : ['apply', '--server-side', '--force-conflicts']
    return operator.attempt([...verb, '--dry-run=server', '-f', '-'], JSON.stringify(object))
  }
  return { policies, attempt, run: operator.run, tryRun: operator.attempt }
}

/** The objects that the operator makes for a model that is on the API server, with an import and a version to serve. */
export const desiredObjects = (model: ModelDeployment, config: Config): readonly Draft[] => {
  const encryptionKey = model.spec.storage?.encryptionKeySecretRef?.key
  const encrypted = encryptionKey === undefined ? {} : { encryptionKey }
  // Only a model without a volume looks where its version was imported from.
  const served = { ...version, ...encrypted, importedFrom: model.spec.model.source }
  const serves = { version: served, settings: settingsOf(model, served), replicas: replicasBySpec(model) }
  const imports = { attempt: 0, keep: [] }
  const input = model.spec.optimize?.export ? { input: { format: 'xgboost', file: 'model.ubj' } } : {}
  const optimization = { parent: { ...version, ...input }, revision: '0123456789abcdef' }
  const optimizes = model.spec.optimize ? { ...imports, optimization } : undefined
  const leads = { gateways: [{ name: 'gateway', ips: ['10.0.0.1'], nodeName: 'node' }], port: 20_001 }
  return structuredClone(desired(model, config, { imports, optimizes, serves, leads })) as Draft[]
}
