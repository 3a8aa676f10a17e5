import type { ModelDeployment } from '../model-deployment.ts'

/** The CRD's defaults once more, for an object that was stored before one of them existed. */
export const threadsOf = ({ spec }: ModelDeployment): number => spec.serve?.threads ?? 1
export const timeoutSecondsOf = ({ spec }: ModelDeployment): number => spec.serve?.timeoutSeconds ?? 30
export const storageSizeOf = ({ spec }: ModelDeployment): string => spec.storage?.size ?? '10Gi'
export const accessModesOf = ({ spec }: ModelDeployment): readonly string[] =>
  spec.storage?.accessModes ?? ['ReadWriteOnce']
export const historyLimitOf = ({ spec }: ModelDeployment): number => spec.versionHistoryLimit ?? 5
/** Documented in the CRD, and not a default there because spec.autoscaling excludes the field. */
export const replicasOf = ({ spec }: ModelDeployment): number => spec.replicas ?? 1
