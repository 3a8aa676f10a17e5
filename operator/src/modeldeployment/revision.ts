import { fingerprint } from '@gantry/kube/fingerprint.ts'
import type { ModelDeployment } from './model-deployment.ts'

/**
 * Identifies what a version is made from. The same revision is never imported twice; another source or label is another
 * revision. 16 hexadecimal digits.
 */
export const revisionOf = ({ spec }: ModelDeployment): string => {
  const { uri, configMapRef, file, sha256 } = spec.model.source
  return fingerprint({ uri, configMap: configMapRef?.name, file, sha256, label: spec.model.version }, 16)
}
