/** Checks a model volume, and repairs what needs no choice. Imports and servers may be at work meanwhile. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { VolumeFinding, VolumeReport } from '@gantry/contract/fsck.ts'
import { isVersionId } from '../import/volume/version-id.ts'
import { readVersion } from '../import/volume/volume.ts'
import { checkBlobs } from './blob-check.ts'
import { type Contents, openContents } from './contents.ts'
import type { Keys } from './encrypted-files.ts'
import { checkIndex, checkLeftovers } from './index-check.ts'
import type { Problem } from './problem.ts'
import { checkVersion } from './version-check.ts'

export interface FsckOptions {
  /** Absolute. */
  readonly volume: string
  readonly repair: boolean
  /** Keys of encrypted versions, by name; undefined: their bytes are not compared. */
  readonly keys?: Keys | undefined
  readonly signal: AbortSignal
}

/** A report of more is not read by anybody, and has to fit into a line of a log. */
const mostFindings = 1000

const stateOf = async ({ repair }: Problem, repairs: boolean): Promise<VolumeFinding['state']> => {
  if (repair === 'none') return 'broken'
  if (repair === 'needless') return 'harmless'
  if (!repairs) return 'repairable'
  return (await repair()) ? 'repaired' : 'broken'
}

const settled = async (problem: Problem, repairs: boolean): Promise<VolumeFinding> => {
  const { repair: _, ...finding } = problem
  const isNeedless = problem.problem === 'BlobMissing'
  try {
    const state = await stateOf(problem, repairs)
    return { ...finding, state: isNeedless && state !== 'repaired' ? 'harmless' : state }
  } catch (error) {
    const message = `${finding.message}; it cannot be repaired: ${(error as Error).message}`
    return { ...finding, message, state: isNeedless ? 'harmless' : 'broken' }
  }
}

const outcomeOf = (findings: readonly VolumeFinding[]): VolumeReport['outcome'] => {
  const states = new Set(findings.map(({ state }) => state))
  if (states.has('broken') || states.has('repairable')) return 'broken'
  return states.has('repaired') ? 'repaired' : 'sound'
}

/** A file of a version that has that content now: damaged ones may be repaired by then. */
const fileWith = async (volume: string, contents: Contents, sha256: string): Promise<string | undefined> => {
  for (const id of (await readdir(volume)).filter(isVersionId)) {
    const version = await readVersion(volume, id)
    for (const file of version?.files ?? []) {
      if (file.sha256 !== sha256) continue
      const path = join(volume, id, file.path)
      const content = await contents.of(path)
      if (content.kind === 'read' && content.sha256 === sha256) return path
    }
  }
  return undefined
}

/** @throws Error of the file system where the folder cannot be listed */
export const fsck = async ({ volume, repair, keys, signal }: FsckOptions): Promise<VolumeReport> => {
  const contents = openContents(signal)
  const findings: VolumeFinding[] = []
  const settle = async (problems: readonly Problem[]): Promise<void> => {
    for (const problem of problems) findings.push(await settled(problem, repair))
  }
  await settle(await checkLeftovers(volume))
  const ids = new Set((await readdir(volume)).filter(isVersionId).sort())
  let [versions, files] = [0, 0]
  for (const id of ids) {
    const checked = await checkVersion({ volume, contents, keys }, id, ids)
    if (!checked) continue
    versions += 1
    files += checked.files
    await settle(checked.problems)
  }
  await settle(await checkBlobs(volume, contents, (sha256) => fileWith(volume, contents, sha256)))
  await settle(await checkIndex(volume))

  return {
    outcome: outcomeOf(findings),
    ...{ versions, files, sizeBytes: contents.sizeBytes() },
    findings: findings.slice(0, mostFindings),
    leftOut: Math.max(0, findings.length - mostFindings),
  }
}
