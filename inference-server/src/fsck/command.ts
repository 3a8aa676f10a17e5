/** The command `fsck`: checks a model volume. */
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { fsckOptions } from '@gantry/contract/commands.ts'
import { StartError } from '../failures/errors.ts'
import { codeOf } from '../failures/import-error.ts'
import { readOpeningKeys } from '../sealing/master-keys.ts'
import { lookIntoSecretFolder } from '../security/secret-folder.ts'
import type { Keys } from './encrypted-files.ts'
import { fsck } from './fsck.ts'
import { reportText } from './text.ts'

const usage = `usage: fsck [options]

  --models DIR  the model volume: one folder per version (default: ./models)
  --repair      puts right what needs no choice: the index, what killed imports left, blobs that no version needs, and damaged files
                whose bytes another file of the volume has
  --encryption-keys DIR  folder with the keys of encrypted versions, a file for each; an empty one counts as none
  --json        a report for programs
  --help        this text

Every file of every version is read and compared with the digest of its import. Of an encrypted one without its key, only size and header are. Exit codes: 0 sound or repaired, 1 something is wrong,
2 the command line is wrong.
`

const options = { ...fsckOptions, help: { type: 'boolean' } } as const

const wrong = (problem: string): StartError => new StartError(`${problem}; see fsck --help`, 2)

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({ args: [...args], options }).values
  } catch (error) {
    throw wrong((error as Error).message)
  }
}

/** @throws StartError with exit code 2 where there is no such folder */
const folderOf = async (given: string): Promise<string> => {
  const volume = resolve(given)
  const stats = await stat(volume).catch(() => undefined)
  if (stats?.isDirectory()) return volume
  throw wrong(`--models ${volume} is no folder`)
}

/** @throws StartError where a folder is named and cannot be read */
const keysIn = (dir: string | undefined): Keys | undefined =>
  dir === undefined || lookIntoSecretFolder(resolve(dir)).size === 0
    ? undefined
    : readOpeningKeys(resolve(dir))

/**
 * Sets the exit code: 0 where all is sound, or repaired.
 * @throws StartError where the command line is wrong, or the volume cannot be listed
 */
export const fsckCommand = async (args: readonly string[], process: NodeJS.Process): Promise<void> => {
  const values = parse(args)
  if (values.help) {
    process.stdout.write(usage)
    return
  }
  const volume = await folderOf(values.models ?? 'models')
  const keys = keysIn(values['encryption-keys'])
  const interrupted = new AbortController()
  const interrupt = (): void => interrupted.abort()
  process.once('SIGTERM', interrupt)
  process.once('SIGINT', interrupt)
  try {
    const report = await fsck({ volume, keys, repair: values.repair ?? false, signal: interrupted.signal })
    process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : reportText(report))
    process.exitCode = report.outcome === 'broken' ? 1 : 0
  } catch (error) {
    const why = interrupted.signal.aborted ? 'it was interrupted' : (codeOf(error) ?? `${error}`)
    throw new StartError(`${volume} cannot be checked: ${why}`, 1, { cause: error })
  } finally {
    process.off('SIGTERM', interrupt)
    process.off('SIGINT', interrupt)
  }
}
