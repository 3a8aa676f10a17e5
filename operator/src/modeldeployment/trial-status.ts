import { plainText } from '@gantry/contract/plain-text.ts'
import { messageOf } from '../canary/message.ts'
import type { ModelDeploymentStatus } from './model-deployment.ts'
import type { Observed } from './observe.ts'

type TrialStatus = Pick<ModelDeploymentStatus, 'canary' | 'rejectedRevision'>

const say = (trial: Parameters<typeof messageOf>[0]): string =>
  plainText([messageOf(trial), ...trial.problems].join('; '))

/** What was counted of a suspended model stays. Without a rollout nothing returns to a version before. */
const kept = ({ spec, status = {} }: Observed['model']): TrialStatus => {
  const { canary, rejectedRevision } = status
  if (rejectedRevision === undefined) return spec.suspend && canary ? { canary } : {}
  if (spec.suspend) return { ...(canary ? { canary } : {}), rejectedRevision }
  const { returnsTo: _, ...rejection } = rejectedRevision
  return { rejectedRevision: rejection }
}

/** The version that is tried, and the one that was tried last and taken back. */
export const trialStatus = ({ trial, model }: Observed): TrialStatus => {
  if (trial === undefined || trial.kind === 'gatewayMissing' || trial.kind === 'tooFewPods')
    return kept(model)
  const { rejection } = trial
  const canary = 'canary' in trial ? { ...trial.canary, message: say(trial) } : undefined
  return {
    ...(canary ? { canary } : {}),
    ...(rejection ? { rejectedRevision: rejection } : {}),
  } as TrialStatus
}
