import { fingerprint } from '@gantry/kube/fingerprint.ts'
import type { ModelDeployment } from './model-deployment.ts'

/**
 * Identifies what a version is made from. The same revision is never imported twice; another source, key or label is another
 * revision, and so is an input of exports, which no server can serve. 16 hexadecimal digits.
 */
export const revisionOf = ({ spec }: ModelDeployment): string => {
  const { uri, configMapRef, file, files, s3, sha256, signature } = spec.model.source
  const endpoint = s3?.endpoint // buckets of two stores may have one name
  const label = spec.model.version
  const origin = { uri, endpoint, configMap: configMapRef?.name, file, files, sha256, signature, label }
  return fingerprint({ ...origin, export: spec.optimize?.export ? true : undefined }, 16)
}
