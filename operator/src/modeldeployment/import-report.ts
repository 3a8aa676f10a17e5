/** What an import reports of its success: any container may write a report, so each member is looked at. */
import type { ImportReport } from '@gantry/contract/importing.ts'
import { plainText } from '@gantry/contract/plain-text.ts'
import { tasks } from '@gantry/contract/server.ts'
import { versionIdPattern } from '@gantry/contract/versions.ts'
import { isObject } from '@gantry/kube/json-object.ts'

export type Imported = Omit<Extract<ImportReport, { outcome: 'imported' }>, 'outcome'>

/** The CRD's limit of spec.model.source.uri. */
const longestSource = 2048
/** An id is also the value of a label. */
const isId = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= 63 && versionIdPattern.test(value)
const matches = (value: unknown, pattern: RegExp): value is string =>
  typeof value === 'string' && pattern.test(value)
const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0
const isTime = (value: unknown): value is string =>
  matches(value, /^\d{4}-\d\d-\d\dT[0-9:.]+Z$/) && !Number.isNaN(Date.parse(value))

/** The members that the operator reads; undefined where one of them is not what it should be. */
const versionOf = (value: unknown): Imported['version'] | undefined => {
  if (!isObject(value)) return undefined
  const { id, label, revision, source, digest, sizeBytes, createdAt } = value
  const task = tasks.find((one) => one === value['task'])
  const isNamed = isId(id) && matches(revision, /^[0-9a-f]{16}$/) && matches(digest, /^sha256:[0-9a-f]{64}$/)
  const isLabelled = label === undefined || matches(label, /^[-A-Za-z0-9_.]{1,63}$/)
  if (!isNamed || !isLabelled || typeof source !== 'string' || !task) return undefined
  if (!isSize(sizeBytes) || !isTime(createdAt)) return undefined
  return {
    ...{ id, revision, source: plainText(source, longestSource), digest, task, sizeBytes, createdAt },
    ...(label === undefined ? {} : { label }),
  }
}

/** @returns undefined for what is no report of an import that succeeded */
export const readImported = ({
  outcome,
  version,
  pruned,
}: Readonly<Record<string, unknown>>): Imported | undefined => {
  const imported = outcome === 'imported' ? versionOf(version) : undefined
  return imported && Array.isArray(pruned) && pruned.every(isId) ? { version: imported, pruned } : undefined
}
