/** The origin of a change to the pod template of a model: a user's change or the operator's own. */
import { fingerprint } from '@gantry/kube/fingerprint.ts'
import type { LiveDeployment } from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { desiredHash } from '../../runtime/converge.ts'
import type { ReconcileConfig } from '../config.ts'
import { deployment } from '../desired/deployment.ts'
import type { ModelDeployment, Version } from '../model-deployment.ts'
import { deployedVersionOf } from '../observe.ts'
import { type RollRecord, recordOf } from './record.ts'

/** A model that uses most fields of a template, so that its templates under two installations differ where the settings do. */
const reference: ModelDeployment = {
  apiVersion: 'gantry.dev/v1alpha1',
  kind: 'ModelDeployment',
  metadata: { name: 'reference', namespace: 'reference', uid: 'reference', generation: 1 },
  spec: {
    model: { task: 'tensor', source: { uri: 'https://models.example/reference.onnx' } },
    serve: {
      device: 'gpu',
      auth: { apiKeySecretRef: { name: 'callers' } },
      tls: { secretRef: { name: 'certificate' } },
      requestLog: { mode: 'encrypted', keySecretRef: { name: 'log' } },
      podTemplate: { env: [{ name: 'A', value: 'a' }], nodeSelector: { zone: 'a' } },
    },
  },
}
const referenceVersion: Version = {
  ...{ id: 'v_20261123_100001', revision: 'reference', source: 'reference', phase: 'Imported' },
  ...{ digest: `sha256:${'0'.repeat(64)}`, sizeBytes: 1_000_000, createdAt: '2026-11-23T10:00:00Z' },
}

const templateOf = (object: KubernetesObject): unknown => (object as LiveDeployment).spec?.template

/** Fingerprint of the pod template of a Deployment. */
export const templateHash = (object: KubernetesObject): string => fingerprint(templateOf(object), 16)

/** Fingerprint of what the operator itself, its settings and its version, adds to the pods of any model. */
export const settingsHash = (config: ReconcileConfig): string =>
  fingerprint(
    templateOf(
      deployment(reference, config, referenceVersion, {
        settingsName: 'settings',
        replicas: { owner: 'spec', count: 1 },
        track: 'stable',
      }),
    ),
    12,
  )

/**
 * The part of the model that decides its template, as the user wrote it rather than as this version of the operator reads it. Nothing of the
 * status is among it: the first pass after an import knows the version from the Job's report, and the status names it only afterwards.
 */
const inputsOf = ({ spec }: ModelDeployment, versionId: string | undefined): unknown => {
  const { source: _, version: __, ...model } = spec.model
  return { serve: spec.serve, model, versionId }
}

/** The part of the record that follows from `desired` alone, without the live Deployment. */
export const facts = (
  model: ModelDeployment,
  desired: KubernetesObject,
  settings: string,
): Omit<RollRecord, 'cause'> => ({
  template: templateHash(desired),
  inputs: fingerprint(inputsOf(model, deployedVersionOf(desired as LiveDeployment)), 16),
  generation: model.metadata.generation,
  settings,
})

/** `none`: the same template. `first`: there are no pods yet. */
export type Change = 'none' | 'first' | 'model' | 'operator'

/** Classifies a change where there is no record: only a spec that has not been acted on is known to be the user's change. Any other counts as the operator's, which waits its turn. */
const withoutRecord = (model: ModelDeployment, live: LiveDeployment, desired: KubernetesObject): Change => {
  const isSame = live.metadata.annotations?.[desiredHash] === fingerprint(desired, 16)
  if (isSame) return 'none'
  return model.status?.observedGeneration === model.metadata.generation ? 'operator' : 'model'
}

/**
 * A user's change shows in what the template takes from the model, together with a new generation: defaults that a new CRD brings change
 * the first alone. Pure.
 * @param desired the desired Deployment, without a record
 */
export const changeOf = (
  model: ModelDeployment,
  live: LiveDeployment | undefined,
  desired: KubernetesObject,
): Change => {
  if (!live) return 'first'
  const isRenamed = live.metadata.name !== desired.metadata.name
  const record = recordOf(live)
  const now = facts(model, desired, '')
  if (!isRenamed && record?.template === now.template) return 'none'
  if (deployedVersionOf(live) !== deployedVersionOf(desired as LiveDeployment)) return 'model'
  if (!record) return withoutRecord(model, live, desired)
  return record.inputs !== now.inputs && record.generation !== now.generation ? 'model' : 'operator'
}
