/** Why a new version is not tried, or does not go on. */
import type { Check } from './check.ts'

/** No period stands at the end of what a verdict says. */
export const canaryRejected: Check = ({ trial, model }) => {
  if (trial?.kind !== 'rejected') return undefined
  const { reason, message, version, returnsTo } = trial.rejection
  const served = returnsTo
    ? `${returnsTo} takes its place again, pod by pod`
    : `${model.status?.activeVersion} serves on`
  return {
    reason,
    message: `${message}. ${served}. Put another version into spec, or try this one again: kubectl -n ${model.metadata.namespace} annotate mdl ${model.metadata.name} --overwrite gantry.dev/rollout=resume@${version}`,
    retry: 'never',
  }
}

export const canaryStarved: Check = ({ trial, model }) => {
  if (trial?.kind !== 'run' || trial.hold !== 'CanaryStarved') return undefined
  const { version } = trial.canary
  return {
    reason: 'CanaryStarved',
    message: `A step of ${version} has lasted for spec.rollout.maxStepSeconds (${trial.why}). Send requests, lower spec.rollout.abort.minRequests, or set the annotation gantry.dev/rollout=promote@${version}; ${model.status?.activeVersion} serves on.`,
    retry: 'never',
    goesOn: true,
  }
}

/** Time between looks for a gateway, which no watch tells of. */
const gatewayMs = 30_000

export const gatewayMissing: Check = ({ trial, model }) =>
  trial?.kind === 'gatewayMissing'
    ? {
        reason: 'GatewayMissing',
        message: `${trial.version} cannot be tried beside ${model.status?.activeVersion}, since no gateway answers that could divide the requests. Set gateway.enabled of the chart, or spec.rollout.strategy: Rolling.`,
        retry: 'never',
        goesOn: true,
        afterMs: gatewayMs,
      }
    : undefined
