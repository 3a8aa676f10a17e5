import { fingerprint } from '@gantry/kube/fingerprint.ts'
import type { ModelDeployment } from './model-deployment.ts'

/**
 * Identifies what a version is made from. The same revision is never imported twice; another source, key or label is another
 * revision, and so are an input of exports, which no server can serve, and files that are encrypted. 16 hexadecimal digits.
 */
export const revisionOf = ({ spec }: ModelDeployment): string => {
  const { uri, configMapRef, file, files, s3, sha256, signature } = spec.model.source
  const endpoint = s3?.endpoint // buckets of two stores may have one name
  const label = spec.model.version
  const origin = { uri, endpoint, configMap: configMapRef?.name, file, files, sha256, signature, label }
  // The name of the key is no part of it: another key is taken over without an import.
  const encrypted = spec.storage?.encryptionKeySecretRef ? true : undefined
  return fingerprint({ ...origin, export: spec.optimize?.export ? true : undefined, encrypted }, 16)
}
