/** What status says while stable takes over the version of the canary: which version served before, and what a user may still ask for. */
import type { Action } from './action.ts'
import type { CanaryStatus, Plan, Rejection, Situation } from './rollout.ts'

/**
 * Id of the version that a new one is compared with. It is what stable's pods are made for, or the version before, where
 * these are made for one that was taken back or is tried again.
 */
export const comparedWith = ({ active, canary, rejection }: Situation): string | undefined => {
  if (active === undefined) return undefined
  if (active === canary?.version && canary.phase !== 'Promoting') return canary.stable ?? active
  return active === rejection?.version ? (rejection.returnsTo ?? active) : active
}

/** Whether stable's pods are being replaced by those of the canary's version. */
export const isUnderWay = ({ canary, active, candidate, isStableWhole }: Situation): boolean =>
  canary?.phase === 'Promoting' && canary.version === candidate && active === candidate && !isStableWhole

/** Whether spec has the version before again, while stable takes over the new one. */
export const isRevoked = ({ canary, candidate }: Situation): boolean =>
  canary?.phase === 'Promoting' && candidate !== undefined && candidate === canary.stable

/** The version before is named until all pods of stable are of it again. */
export const withReturn = (
  rejection: Rejection,
  { active, canary, isStableWhole }: Pick<Situation, 'active' | 'canary' | 'isStableWhole'>,
): Rejection => {
  const { returnsTo, ...rest } = rejection
  const before = returnsTo ?? (active === rejection.version ? canary?.stable : undefined)
  return before === undefined || (active === before && isStableWhole) ? rest : { ...rest, returnsTo: before }
}

/** The canary answers until stable has all pods of its version. */
export const goesOn = (
  canary: CanaryStatus,
  action: Action | undefined,
  { rejection, problems }: Pick<Plan, 'rejection' | 'problems'>,
): Plan => ({
  ...{ kind: 'promote', canary, rejection, why: 'stable gets the version of the canary' },
  problems:
    action === 'pause'
      ? [
          ...problems,
          `pause@${canary.version} comes too late: stable takes the version over. abort@${canary.version} takes it back`,
        ]
      : problems,
})
