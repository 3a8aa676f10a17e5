/** Which models may take a change of the operator's own: a few first, the next when those are ready, none after too many have failed. */

/** A model whose pods run a template that the operator itself changed. */
export interface Roll {
  /** namespace/name of the model. */
  readonly key: string
  /** Fingerprint of the operator's settings that the template was made with. */
  readonly settings: string
  readonly state: 'rolling' | 'done' | 'failed'
  /** Reason of the failure; set on a model that failed. */
  readonly reason?: string
  /** Set where its pods did not start before that change either. */
  readonly wasBroken: boolean
}

export interface Limits {
  /** Most models that roll at a time. */
  readonly maxModels: number
  /** Number of models that may fail before the others wait. */
  readonly maxFailed: number
}

/** The state of all models at one time. */
export interface Sight {
  readonly rolls: readonly Roll[]
  /** Models that were let through and whose Deployment is being written: the cache does not show them yet. */
  readonly permits: ReadonlySet<string>
  /** Fingerprint of the operator's settings now. */
  readonly settings: string
  readonly limits: Limits
}

/** Why a model has to wait: for a free place, or until the failed models are fixed. */
export type Hold = 'wait' | 'paused'
export type Verdict = 'go' | Hold

/** A failure says something about the settings that it happened with, and about no others. */
export const failures = ({ rolls, settings }: Pick<Sight, 'rolls' | 'settings'>): readonly Roll[] =>
  rolls.filter((roll) => roll.state === 'failed' && roll.settings === settings && !roll.wasBroken)

export const isPaused = (sight: Sight): boolean => failures(sight).length > sight.limits.maxFailed

/** How many more models may begin beside those that roll. `key` itself does not count. */
export const freePlaces = ({ rolls, permits, limits }: Sight, key?: string): number => {
  const rolling = rolls.filter(({ state }) => state === 'rolling').map((roll) => roll.key)
  const taken = new Set([...rolling, ...permits])
  if (key !== undefined) taken.delete(key)
  return Math.max(limits.maxModels - taken.size, 0)
}

/**
 * Decides whether a model may roll. Pure. A failed model occupies no place, or broken models would keep all others out for ever.
 * @param isBroken its newest pods do not start now: the change may fix it, and adds no pod to the nodes
 */
export const verdictFor = (sight: Sight, key: string, isBroken: boolean): Verdict => {
  if (isPaused(sight) && !isBroken) return 'paused'
  return freePlaces(sight, key) > 0 ? 'go' : 'wait'
}
