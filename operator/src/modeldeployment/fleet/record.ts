/** What a Deployment says about the pod template that it was given last: by whose change, and from what. */
import type { KubernetesObject } from '@gantry/kube/objects.ts'

export const rollAnnotation = 'gantry.dev/roll'

export interface RollRecord {
  /** Fingerprint of the pod template as it was wished. */
  readonly template: string
  /** Fingerprint of what that takes from the ModelDeployment. */
  readonly inputs: string
  /** Generation of the ModelDeployment at that time. */
  readonly generation: number
  /** The origin of the change: a user changed the ModelDeployment, or the operator has other settings or another version. */
  readonly cause: 'model' | 'operator'
  /** Fingerprint of what the operator itself adds to templates. */
  readonly settings: string
  /** It did not start before either, so that it proves nothing about the settings when it does not now. */
  readonly wasBroken?: true
}

const isRecord = (value: unknown): value is RollRecord => {
  const { template, inputs, generation, cause, settings } = (value ?? {}) as Partial<RollRecord>
  const texts = [template, inputs, settings].every((text) => typeof text === 'string')
  return texts && typeof generation === 'number' && (cause === 'model' || cause === 'operator')
}

/** Undefined where the operator that wrote the Deployment knew no records, or where another client wrote the annotation. */
export const recordOf = (deployment: KubernetesObject | undefined): RollRecord | undefined => {
  const text = deployment?.metadata.annotations?.[rollAnnotation]
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

export const withRecord = (deployment: KubernetesObject, record: RollRecord): KubernetesObject => ({
  ...deployment,
  metadata: {
    ...deployment.metadata,
    annotations: { ...deployment.metadata.annotations, [rollAnnotation]: JSON.stringify(record) },
  },
})
