/** What `gantry import` sets in spec.model. Pure. */
import { versionIdPattern } from '@gantry/contract/versions.ts'
import type { Model } from '../cluster/resources.ts'

export interface AskedImport {
  /** Undefined: the present one. */
  readonly uri: string | undefined
  readonly label: string | undefined
  readonly task: string | undefined
  readonly file: string | undefined
  readonly sha256: string | undefined
  /** Name of the Secret with credentials. */
  readonly secret: string | undefined
}

type Source = Readonly<Record<string, unknown>>

/** The part of an address that credentials belong to. */
const originOf = (uri: unknown): string | undefined =>
  typeof uri === 'string' ? /^[a-z0-9+]+:\/\/[^/]*/i.exec(uri)?.[0] : undefined

const present = (values: Source): Source =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))

/**
 * The source as a merge patch: null removes a member. What belongs to the host of before, such as credentials, stays with the same host
 * only; the digest belongs to the file of before.
 */
const sourcePatch = (before: Source, { uri, file, sha256, secret }: AskedImport): Source => {
  const asked = present({ uri, file, sha256, secretRef: secret === undefined ? undefined : { name: secret } })
  if (uri === undefined || uri === before['uri']) return asked
  const isSameOrigin = originOf(uri) === originOf(before['uri'])
  const dropped = Object.keys(before).filter((name) => !isSameOrigin || name === 'sha256')
  return { ...Object.fromEntries(dropped.map((name) => [name, null])), ...asked }
}

/** spec.model as a merge patch. The id of a version would hold the model at that version, so it goes. */
export const modelPatch = (model: Model, asked: AskedImport): Source => {
  const { source, version } = model.spec.model
  const isHeld = version !== undefined && versionIdPattern.test(version)
  return {
    source: sourcePatch(source as Source, asked),
    ...(asked.task === undefined ? {} : { task: asked.task }),
    ...(asked.label === undefined ? (isHeld ? { version: null } : {}) : { version: asked.label }),
  }
}

/** spec.model of a model that does not exist yet. */
export const newModel = ({ uri, label, task, file, sha256, secret }: AskedImport): Source =>
  present({
    task,
    version: label,
    source: present({ uri, file, sha256, secretRef: secret === undefined ? undefined : { name: secret } }),
  })
