import { Failure } from './errors.ts'
import type { Health } from './health.ts'
import type { Served } from './served.ts'

/** Finds what a request speaks of. */
export interface Registry {
  /** The model, where it may be asked now. @throws Failure unavailable */
  readonly ready: () => Served
  /** The model by this name and version. @throws Failure unknown-model, unavailable */
  readonly find: (name: string, version: string | undefined) => Served
}

export interface RegistryOptions {
  /** Known before the model has loaded. */
  readonly name: string
  readonly health: Health
  /** undefined until the model has loaded. */
  readonly served: () => Served | undefined
}

export const createRegistry = ({ name, health, served }: RegistryOptions): Registry => {
  const ready = (): Served => {
    const found = served()
    if (found && health.phase() !== 'starting' && health.phase() !== 'closing') return found
    throw new Failure('unavailable', `${health.unready() ?? 'the model is still loading'}, try again`, {
      retryAfterSeconds: 1,
    })
  }
  const find = (asked: string, version: string | undefined): Served => {
    if (asked !== name) {
      throw new Failure('unknown-model', `there is no model "${asked}" here; this server has "${name}"`)
    }
    const found = ready()
    const { model } = found
    if (version === undefined || version === model.version) return found
    throw new Failure(
      'unknown-model',
      `model "${name}" has no version "${version}"; this server has "${model.version}"`,
    )
  }
  return { ready, find }
}
