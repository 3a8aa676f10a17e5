/**
 * What became of a version, in status.versions[].rollout: lines are only added. It is kept in the status and not on the volume, since the operator
 * writes to no volume, and reads none. Pure.
 */
import { plainText } from '@gantry/contract/plain-text.ts'
import { timestamp } from '../runtime/condition.ts'
import { activeVersion } from './active-version.ts'
import type { Version } from './model-deployment.ts'
import type { Observed } from './observe.ts'

type Line = NonNullable<Version['rollout']>[number]
type News = Pick<Line, 'what' | 'why'>

/** The CRD's limits. */
const mostLines = 16
const longestWhy = 512

const failed = ({ evaluation, optimization }: Version): string | undefined =>
  [evaluation, optimization].find((one) => one?.passed === false)?.message

/** The version that answers instead of one that answered before. */
const replacedBy = (versions: readonly Version[], active: string): string => {
  const label = versions.find(({ id }) => id === active)?.label
  return `${label === undefined ? active : `${active} (${label})`} serves instead.`
}

const tried = ({ trial }: Observed, id: string): News | undefined => {
  if (trial?.kind === 'run' && trial.canary.version === id) return { what: 'Canary' }
  if (trial?.kind !== 'rejected' || trial.rejection.version !== id) return undefined
  return { what: 'RolledBack', why: trial.rejection.message }
}

/** A pod that is not ready for a while changes nothing: what counts is which version is the one that answers. */
const newsOf = (observed: Observed, version: Version, last: Line | undefined): News | undefined => {
  const active = activeVersion(observed)
  if (active === version.id) {
    if (last?.what !== 'Canary') return { what: 'Serving' }
    return { what: 'Serving', why: 'It was tried beside the one before.' }
  }
  const trial = tried(observed, version.id)
  if (trial) return trial
  if (active !== undefined && last?.what === 'Serving')
    return { what: 'Replaced', why: replacedBy(observed.versions, active) }
  const why = version.phase === 'Failed' ? failed(version) : undefined
  return why === undefined ? undefined : { what: 'Failed', why }
}

/** Where there are too many lines, the first and the newest stay. */
const bounded = (lines: readonly Line[]): Line[] =>
  lines.length <= mostLines ? [...lines] : [...lines.slice(0, 1), ...lines.slice(1 - mostLines)]

/** @param version with its present phase */
export const withRollout = (observed: Observed, version: Version, now: number): Version => {
  const { rollout = [] } = version
  const last = rollout.at(-1)
  const news = newsOf(observed, version, last)
  if (!news || news.what === last?.what) return version
  const why = news.why === undefined ? {} : { why: plainText(news.why, longestWhy) }
  return { ...version, rollout: bounded([...rollout, { at: timestamp(now), what: news.what, ...why }]) }
}
