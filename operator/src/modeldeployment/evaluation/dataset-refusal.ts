import { leadsOutOfClaim } from '../../pods/source.ts'
import type { Finding } from '../../runtime/finding.ts'
import type { ReconcileConfig } from '../config.ts'
import type { Evaluate } from './question.ts'

/** Data that a pod must not read. Nothing is done with them then, and everything else goes on. @param field of spec that names them */
export const datasetRefusal = (
  dataset: Evaluate['dataset'],
  field: string,
  { allowFileSources }: Pick<ReconcileConfig, 'allowFileSources'>,
): Finding | undefined => {
  if (dataset.uri?.startsWith('file:') && !allowFileSources) {
    return {
      reason: 'DatasetNotAllowed',
      message: `${field}.uri is a file:// path of the pod that reads it, which this operator does not allow. Use https://, pvc:// or configMapRef, or install the operator with the chart value allowFileSources: true.`,
      retry: 'never',
    }
  }
  if (!leadsOutOfClaim(dataset)) return undefined
  return {
    reason: 'UnsafePath',
    message: `${field}.uri leads out of its claim with "..". Name a path inside the claim.`,
    retry: 'never',
  }
}
