/** Whether the gateway stands between a model's Service and its pods, and for which reasons. Pure. */
import type { Observed } from '../observe.ts'
import { usesRoute } from '../routing/live-route.ts'

/** `canary`: a version is being tried. `shadow`: copies of requests are compared. `sleep`: requests have to be held while pods start. */
export type PathReason = 'canary' | 'shadow' | 'sleep'

type Facts = Pick<Observed, 'model' | 'trial' | 'sleep'>

/** A suspended model has no plan; its canary stays as status has it. */
const isTried = ({ model, trial }: Facts): boolean =>
  trial === undefined
    ? model.spec.suspend === true && model.status?.canary !== undefined
    : trial.kind === 'run' || trial.kind === 'promote'

/** Copies are compared before the canary has any share of the requests. */
const isShadowed = (facts: Facts): boolean => {
  const { model, trial } = facts
  const canary = trial?.kind === 'run' ? trial.canary : model.status?.canary
  return isTried(facts) && model.spec.rollout?.shadow !== undefined && canary?.step === 0
}

/** Also while it is awake: what comes in the moment in which it falls asleep has to be held. */
const maySleep = ({ sleep }: Facts): boolean => sleep?.kind === 'asleep' || sleep?.isGatewayMissing === false

const checks: Readonly<Record<PathReason, (facts: Facts) => boolean>> = {
  canary: isTried,
  shadow: isShadowed,
  sleep: maySleep,
}

/** Why the Service of a model leads to the gateway; none: it leads to the model's pods. */
export const pathReasonsOf = (facts: Facts): readonly PathReason[] => {
  // A data plane of Gateway API divides the requests.
  if (usesRoute(facts.model)) return []
  return (Object.keys(checks) as PathReason[]).filter((reason) => checks[reason](facts))
}
