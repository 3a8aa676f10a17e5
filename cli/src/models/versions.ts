/** The versions of a model: which one serves, and which one stood before it. */
import { quoted } from '@gantry/contract/plain-text.ts'
import { conditionOf } from '@gantry/kube/live.ts'
import type { Model, ModelVersion } from '../cluster/resources.ts'
import { suggestion } from '../command-line/suggestions.ts'
import { failed, notFound } from '../failure.ts'

/** Newest last, as the status has them. */
export const versionsOf = (model: Model): readonly ModelVersion[] => model.status?.versions ?? []

export const activeOf = (model: Model): ModelVersion | undefined =>
  versionsOf(model).find(({ id }) => id === model.status?.activeVersion)

/** `v_20261123_101500 (2026-11)`. */
export const versionName = ({ id, label }: Pick<ModelVersion, 'id' | 'label'>): string =>
  label === undefined || label === id ? id : `${id} (${label})`

/** @param given an id, or a label that one version has @throws Failure of exit code 3 */
export const findVersion = (model: Model, given: string): ModelVersion => {
  const versions = versionsOf(model)
  const found =
    versions.findLast(({ id }) => id === given) ?? versions.findLast(({ label }) => label === given)
  if (found) return found
  const next = suggestion(
    given,
    versions.map(({ id }) => id),
  )
  throw notFound(
    `${model.metadata.name} has no version ${quoted(given)} on its volume.`,
    next ?? 'It has none yet.',
  )
}

/**
 * Where a rollback leads: to the version that a rollback before asked for, as long as that does not serve. A change that has
 * not come to serve is taken back, so that the version that serves stays. Otherwise it is the version that was imported before
 * the serving one; those that spec.evaluate holds back are passed over.
 * @throws Failure where there is none
 */
export const versionBefore = (model: Model): ModelVersion => {
  const versions = versionsOf(model)
  const active = activeOf(model)
  if (!active)
    throw failed(
      `No version of ${model.metadata.name} serves.`,
      'Name the version: `gantry versions` lists them.',
    )
  const asked = versions.find(({ id }) => id === model.spec.model.version)
  if (asked && asked !== active) return asked // a rollback is on its way, and a second call does not undo it
  const status = model.status as Parameters<typeof conditionOf>[0]['status']
  const isServedAsAsked = conditionOf(status ? { status } : {}, 'Ready')?.status === 'True'
  if (!isServedAsAsked && asked !== active) return active
  const before = versions
    .slice(0, versions.indexOf(active))
    .findLast(({ phase }) => phase === 'Imported' || phase === 'Serving')
  if (before) return before
  throw failed(
    `${model.metadata.name} has no version before ${versionName(active)} on its volume.`,
    'Name another one: `gantry versions` lists them. spec.versionHistoryLimit says how many are kept.',
  )
}
