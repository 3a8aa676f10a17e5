/** Where a model comes from, in a few words. */
import { shownSource } from '@gantry/contract/source.ts'
import type { Model } from '../cluster/resources.ts'

/** An address is shown without user, password, query and fragment. */
export const sourceName = ({ spec }: Model): string => {
  const { uri, configMapRef, ...others } = spec.model.source
  if (uri !== undefined) return shownSource(uri)
  if (configMapRef) return `ConfigMap ${configMapRef.name}`
  const [kind, value] = Object.entries(others)[0] ?? ['unknown', {}]
  const { name = '' } = value as { readonly name?: string }
  return `${kind} ${name}`.trim()
}
