import { hasDotsInKey, leadsOutOfClaim } from '../../pods/source.ts'
import type { Observed } from '../observe.ts'
import { isListed, shown } from '../pod-template-allow.ts'
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

/** What a cloud gives to pods of an account is as much as what it gives to the servers, so the same list allows it. */
export const importAccountNotAllowed: Blocker = ({ model }, { podTemplate: { serviceAccounts } }) => {
  const name = model.spec.storage?.import?.serviceAccountName
  if (name === undefined || isListed(serviceAccounts, name)) return undefined
  return {
    reason: 'PodTemplateNotAllowed',
    message: `spec.storage.import.serviceAccountName ${shown(name)} is not allowed here: the chart value podTemplate.allow.serviceAccounts does not list it. Remove it, or have it listed. Until then nothing is changed.`,
    retry: 'never',
  }
}

export const unsafePath: Blocker = (observed) => {
  const uri = uriToImport(observed)
  if (hasDotsInKey({ uri }))
    return {
      reason: 'UnsafePath',
      message: 'spec.model.source.uri has a part "." or ".." in the key. Rename the objects.',
      retry: 'never',
    }
  if (!leadsOutOfClaim({ uri })) return undefined
  return {
    reason: 'UnsafePath',
    message: 'spec.model.source.uri leads out of its claim with "..". Name a path inside the claim.',
    retry: 'never',
  }
}
