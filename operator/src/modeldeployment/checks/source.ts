import { leadsOutOfClaim } from '../../pods/source.ts'
import type { Observed } from '../observe.ts'
import type { Blocker } from './check.ts'

/** The source of what is about to be imported: a version that is on the volume already needs none. */
const uriToImport = ({ target, model }: Observed): string =>
  target.kind === 'import' ? (model.spec.model.source.uri ?? '') : ''

export const fileSourceNotAllowed: Blocker = (observed, config) =>
  uriToImport(observed).startsWith('file:') && !config.allowFileSources
    ? {
        reason: 'FileSourceNotAllowed',
        message:
          'spec.model.source.uri is a file:// path of the import pod, which this operator does not allow. Use https://, pvc:// or configMapRef, or install the operator with the chart value allowFileSources: true.',
        retry: 'never',
      }
    : undefined

export const unsafePath: Blocker = (observed) => {
  if (!leadsOutOfClaim({ uri: uriToImport(observed) })) return undefined
  return {
    reason: 'UnsafePath',
    message: 'spec.model.source.uri leads out of its claim with "..". Name a path inside the claim.',
    retry: 'never',
  }
}
