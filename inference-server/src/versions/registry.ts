import { Failure, quoted, unknownModel } from '../failures/errors.ts'
import type { Served } from '../inference/served.ts'
import type { Health } from '../observability/health.ts'
import type { Repository } from './repository.ts'

/** Finds what a request speaks of. */
export interface Registry {
  /** Name of the model. */
  readonly name: string
  /** The model, where it may be asked now. @throws Failure unavailable */
  readonly ready: () => Served
  /** The model by this name and version. @throws Failure unknown-model, unavailable */
  readonly find: (name: string, version: string | undefined) => Served
  /** Versions that answer, oldest first. */
  readonly versions: () => readonly string[]
}

export interface RegistryOptions {
  /** Known before the model has loaded. */
  readonly name: string
  readonly health: Health
  readonly repository: Pick<Repository, 'current' | 'status' | 'ready'>
}

export const createRegistry = ({ name, health, repository }: RegistryOptions): Registry => {
  const versions = (): readonly string[] => repository.ready().map(({ served }) => served.model.version)
  const unavailable = (reason: string): Failure =>
    new Failure('unavailable', `${reason}, try again`, { retryAfterSeconds: 1 })
  // Requests on connections that were made before the ports closed are answered.
  const isOpen = (): boolean => health.phase() !== 'starting'

  const noneLoaded = (): Failure => {
    const others = versions()
    const how = `with POST /v2/repository/models/${encodeURIComponent(name)}/load`
    return new Failure(
      'unavailable',
      others.length > 0
        ? `the default version of model "${name}" is not loaded; load it ${how}, or ask for one of ${quoted(others)}`
        : `no version of model "${name}" is loaded; load one ${how}`,
    )
  }

  const ready = (): Served => {
    const found = repository.current()
    if (found && isOpen()) return found
    if (isOpen()) throw noneLoaded()
    throw unavailable(health.unready() ?? 'the model is still loading')
  }

  const versionOf = (version: string): Served => {
    const found = repository.status(version)
    if (found?.served) return found.served
    if (found?.state === 'LOADING') throw unavailable(found.reason)
    const known = versions()
    const others = known.length > 0 ? `this server has ${quoted(known)}` : 'this server has none'
    throw new Failure(
      'unknown-model',
      found
        ? `version "${version}" of model "${name}" does not answer: ${found.reason}; ${others}`
        : `model "${name}" has no version "${version}"; ${others}`,
    )
  }

  return {
    name,
    ready,
    find: (asked, version) => {
      if (asked !== name) throw unknownModel(asked, name)
      return version === undefined || !isOpen() ? ready() : versionOf(version)
    },
    versions,
  }
}
