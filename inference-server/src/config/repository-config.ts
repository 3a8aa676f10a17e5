import { StartError } from '../failures/errors.ts'

/** Which versions a repository loads when the server starts. */
export type WantedVersions = 'all' | 'latest' | readonly string[]

/** A folder of versions instead of one model's folder. */
export interface RepositoryConfig {
  readonly versions: WantedVersions
  /** What answers where no version is asked for; undefined: the newest that is ready. */
  readonly defaultVersion: string | undefined
  /** Whether requests may change what is loaded. */
  readonly loadUnload: boolean
}

/** Options as the command line or the settings file has them. */
export interface RepositoryFlags {
  readonly repository: string | undefined
  readonly versions: string | undefined
  readonly defaultVersion: string | undefined
  readonly loadUnload: boolean
}

const wrong = (message: string): StartError => new StartError(message, 2)

const wantedOf = (versions: string): WantedVersions => {
  if (versions === 'all' || versions === 'latest') return versions
  const names = versions.split(',')
  const alone = names.find((name) => name === 'all' || name === 'latest')
  if (alone !== undefined)
    throw wrong(`--versions ${versions}: ${alone} stands alone; give all, latest, or names of versions`)
  if (names.every((name) => name !== '')) return names
  throw wrong('--versions must be all, latest, or names of versions, separated by commas')
}

/**
 * @returns undefined where one model's folder is served
 * @throws StartError with exit code 2
 */
export const repositoryOf = (flags: RepositoryFlags): RepositoryConfig | undefined => {
  const { repository, versions, defaultVersion, loadUnload } = flags
  if (repository !== undefined)
    return { versions: wantedOf(versions ?? 'latest'), defaultVersion, loadUnload }
  const idle = Object.entries({
    '--versions': versions !== undefined,
    '--default-version': defaultVersion !== undefined,
    '--load-unload': loadUnload,
  }).find(([, given]) => given)
  if (idle)
    throw wrong(
      `${idle[0]} has no effect with --model; give the folder of the versions with --repository DIR`,
    )
  return undefined
}
