/** The annotation of a Deployment about its last pod template: the origin of the change, and the inputs. */
import type { KubernetesObject } from '@gantry/kube/objects.ts'

export const rollAnnotation = 'gantry.dev/roll'

export interface RollRecord {
  /** Fingerprint of the desired pod template. */
  readonly template: string
  /** Fingerprint of what the template takes from the ModelDeployment. */
  readonly inputs: string
  /** Generation of the ModelDeployment at that time. */
  readonly generation: number
  /** The origin of the change: a user changed the ModelDeployment, or the operator has other settings or another version. */
  readonly cause: 'model' | 'operator'
  /** Fingerprint of what the operator itself adds to templates. */
  readonly settings: string
  /** Whether the pods did not start before either. Their failure then proves nothing about the settings. */
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
