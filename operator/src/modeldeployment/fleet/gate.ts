/** Which models may take a change of the operator's own at a time: some first, the next when those are well, none after one that failed. */

/** A model whose pods run a template that the operator itself changed. */
export interface Roll {
  /** namespace/name of the model. */
  readonly key: string
  /** Fingerprint of the operator's settings that the template was made with. */
  readonly settings: string
  readonly state: 'rolling' | 'done' | 'failed'
  /** Reason of the failure; set on a model that failed. */
  readonly reason?: string
  /** Its pods did not start before that change either. */
  readonly wasBroken: boolean
}

export interface Limits {
  /** Most models that roll at a time. */
  readonly maxModels: number
  /** Number of models that may fail before the others wait. */
  readonly maxFailed: number
}

/** What is seen of all models at one time. */
export interface Sight {
  readonly rolls: readonly Roll[]
  /** Models that were let through and whose Deployment is being written: the cache does not show them yet. */
  readonly permits: ReadonlySet<string>
  /** Fingerprint of the operator's settings now. */
  readonly settings: string
  readonly limits: Limits
}

/** Why a model has to wait: for a place, or until what has failed is mended. */
export type Hold = 'wait' | 'paused'
export type Verdict = 'go' | Hold

/** A failure says something about the settings that it happened with, and about no others. */
export const failures = ({ rolls, settings }: Pick<Sight, 'rolls' | 'settings'>): readonly Roll[] =>
  rolls.filter((roll) => roll.state === 'failed' && roll.settings === settings && !roll.wasBroken)

export const isPaused = (sight: Sight): boolean => failures(sight).length > sight.limits.maxFailed

/** How many more may begin, beside those on their way and but for `key`, which does not stand in its own way. */
export const freePlaces = ({ rolls, permits, limits }: Sight, key?: string): number => {
  const rolling = rolls.filter(({ state }) => state === 'rolling').map((roll) => roll.key)
  const taken = new Set([...rolling, ...permits])
  if (key !== undefined) taken.delete(key)
  return Math.max(limits.maxModels - taken.size, 0)
}

/**
 * Pure. One that failed keeps no place, or models that are broken would keep all others out for ever.
 * @param isBroken its newest pods do not start as it is: the change may mend it, and puts no further pod on the nodes
 */
export const verdictFor = (sight: Sight, key: string, isBroken: boolean): Verdict => {
  if (isPaused(sight) && !isBroken) return 'paused'
  return freePlaces(sight, key) > 0 ? 'go' : 'wait'
}
