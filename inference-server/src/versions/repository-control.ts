/** The calls of any protocol that list a repository and load or unload versions. */
import { Failure, StartError, unknownModel } from '../failures/errors.ts'
import type { Log } from '../process/log.ts'
import type { Repository } from './repository.ts'
import type { VersionState } from './slots.ts'
import type { VersionFolder } from './version-folders.ts'

/** A version as the model repository extension has it. */
export interface IndexEntry {
  readonly name: string
  readonly version: string
  readonly state: VersionState
  /** Why it is not ready; '' where it is. */
  readonly reason: string
}

export interface RepositoryControl {
  /** Whether requests may change what is loaded. */
  readonly allowed: boolean
  /** All versions, oldest first. @param onlyReady leaves out those that do not answer */
  readonly index: (onlyReady: boolean) => Promise<readonly IndexEntry[]>
  /**
   * Settles once they are ready.
   * @param version undefined: those that the server loads when it starts, of what is there now
   * @returns the versions
   * @throws Failure where one of them does not load; the others are loaded then
   */
  readonly load: (name: string, version: string | undefined) => Promise<readonly string[]>
  /**
   * Settles once they have answered their last request, and their memory is free.
   * @param version undefined: all that are loaded
   * @returns the versions @throws Failure
   */
  readonly unload: (name: string, version: string | undefined) => Promise<readonly string[]>
}

export interface RepositoryControlOptions {
  /** Name of the model. */
  readonly name: string
  readonly repository: Repository
  readonly folders: () => Promise<readonly VersionFolder[]>
  /** Chooses the versions that the server loads at its start. @throws StartError */
  readonly wanted: (folders: readonly VersionFolder[]) => readonly VersionFolder[]
  readonly allowed: boolean
  readonly log: Log
}

const isName = (value: unknown): value is string | number =>
  (typeof value === 'string' && value !== '') || Number.isSafeInteger(value)

/**
 * The version that the parameters of a load or unload name.
 * @param parameters as JSON has them
 * @throws Failure invalid for what would be ignored otherwise
 */
export const versionParameter = (parameters: Readonly<Record<string, unknown>>): string | undefined => {
  // Clients of Triton always send the second one; no version depends on another here.
  const unknown = Object.keys(parameters).find((key) => key !== 'version' && key !== 'unload_dependents')
  if (unknown !== undefined)
    throw new Failure(
      'invalid',
      `there is no parameter ${unknown} here; a version is all that can be named`,
      {
        field: `parameters.${unknown}`,
      },
    )
  const { version } = parameters
  if (!('version' in parameters)) return undefined
  if (isName(version)) return String(version)
  throw new Failure('invalid', 'version has to be the name of a version', { field: 'parameters.version' })
}

/** The owner of a folder can mend what is wrong with it; a second try cannot. */
const asFailure = (error: unknown): unknown =>
  error instanceof StartError ? new Failure('invalid', error.message, { cause: error }) : error

export const createRepositoryControl = (options: RepositoryControlOptions): RepositoryControl => {
  const { name, repository, folders, wanted, allowed, log } = options

  const check = (asked: string): void => {
    if (asked !== name) throw unknownModel(asked, name)
    if (!allowed)
      throw new Failure(
        'forbidden',
        'this server loads and unloads nothing on request; start it with --repository DIR --load-unload',
      )
  }

  const known = async (version: string): Promise<VersionFolder> => {
    const found = (await folders()).find((folder) => folder.version === version)
    if (found) return found
    throw new Failure(
      'unknown-model',
      `model "${name}" has no version "${version}"; POST /v2/repository/index lists those there are`,
    )
  }

  const loadOne = async (folder: VersionFolder): Promise<void> => {
    const { version } = folder
    try {
      await repository.load(folder)
      log.info('a version is loaded', { version })
    } catch (error) {
      log.error('a version could not be loaded', { version, error: (error as Error).message })
      throw error
    }
  }

  /** One that is broken keeps no other from being loaded. @throws Failure that names both */
  const loadAll = async (chosen: readonly VersionFolder[]): Promise<void> => {
    const failures: Error[] = []
    const loaded: string[] = []
    for (const folder of chosen)
      await loadOne(folder).then(
        () => loaded.push(folder.version),
        (error: Error) => failures.push(error),
      )
    const [first] = failures
    if (!first) return
    if (loaded.length === 0) throw first
    const what = loaded.length === 1 ? `version ${loaded[0]} is` : `versions ${loaded.join(', ')} are`
    const sentence = `${failures.map(({ message }) => message).join('; ')}; ${what} loaded; move what is broken away, or name one version to load`
    throw first instanceof Failure
      ? new Failure(first.kind, sentence, { cause: first })
      : new StartError(sentence, 1, { cause: first })
  }

  return {
    allowed,
    index: async (onlyReady) =>
      (await repository.list())
        .filter(({ state }) => !onlyReady || state === 'READY')
        .map(({ version, state, reason }) => ({ name, version, state, reason })),
    load: async (asked, version) => {
      check(asked)
      try {
        const chosen = version === undefined ? wanted(await folders()) : [await known(version)]
        await loadAll(chosen)
        return chosen.map((folder) => folder.version)
      } catch (error) {
        throw asFailure(error)
      }
    },
    unload: async (asked, version) => {
      check(asked)
      const loaded = repository.ready().map(({ served }) => served.model.version)
      if (version !== undefined && !repository.status(version)) await known(version)
      const chosen = version === undefined ? loaded : [version]
      await Promise.all(chosen.map(repository.unload))
      for (const one of chosen.filter((each) => loaded.includes(each)))
        log.info('a version is unloaded', { version: one })
      return chosen
    },
  }
}
