/** The folder of one evaluation, or of one run of `samples`: made for it, and removed whatever happens. */
import { rmSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { StartError } from '../failures/errors.ts'
import { ImportError } from '../failures/import-error.ts'
import { isAlive, openWorkspace, type Workspace } from '../import/volume/leftovers.ts'
import { openVolume } from '../import/volume/volume.ts'

/** Beginnings of the names of the folders. Each program removes what killed runs of its own left. */
type Prefix = '.evaluate-' | '.samples-'

/** A killed evaluation removes nothing, and what it had fetched may be large. What cannot be removed belongs to somebody else. */
const removeKilled = async (parent: string, prefix: Prefix): Promise<void> => {
  for (const name of await readdir(parent)) {
    const dir = join(parent, name)
    if (name.startsWith(prefix) && !(await isAlive(dir)))
      await rm(dir, { recursive: true, force: true }).catch(() => undefined)
  }
}

const open = async (parent: string, prefix: Prefix): Promise<Workspace> => {
  try {
    await openVolume(parent)
    await removeKilled(parent, prefix)
    return await openWorkspace(parent, prefix)
  } catch (error) {
    if (!(error instanceof ImportError)) throw error
    throw new StartError(`nothing can be measured: ${error.message}`, 1, { cause: error })
  }
}

export interface EvaluationWorkspace {
  /** Absolute. */
  readonly dir: string
  /** Removes it before the process ends at once. */
  readonly removeNow: () => void
}

/**
 * @param parent absolute folder, made where it is not there
 * @throws StartError where it cannot hold anything
 */
export const inWorkspace = async <Result>(
  parent: string,
  work: (workspace: EvaluationWorkspace) => Promise<Result>,
  prefix: Prefix = '.evaluate-',
): Promise<Result> => {
  const { dir, close } = await open(parent, prefix)
  try {
    return await work({ dir, removeNow: () => rmSync(dir, { recursive: true, force: true }) })
  } finally {
    await close()
  }
}
