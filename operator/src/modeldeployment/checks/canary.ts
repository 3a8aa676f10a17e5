/** Why a new version is not tried, or does not go on. */
import type { GatewayTrouble } from '../../canary/rollout.ts'
import { usesRoute } from '../routing/live-route.ts'
import { routeApiText } from '../routing/trouble.ts'
import { asksToShare } from '../shared-pods.ts'
import type { Check } from './check.ts'
import { troubleOf } from './serving.ts'

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

/** Time between looks for a gateway, and for pods of an autoscaler. */
const gatewayMs = 30_000

const noGateway: GatewayTrouble = {
  why: 'no gateway answers that could divide the requests',
  advice: 'Set gateway.enabled of the chart',
}

const missingText = ({ why, advice }: GatewayTrouble = noGateway): string => `${why}. ${advice}`

export const gatewayMissing: Check = ({ trial, model, route }) =>
  trial?.kind === 'gatewayMissing'
    ? {
        reason: usesRoute(model) ? 'GatewayApiMissing' : 'GatewayMissing',
        message: `${trial.version} cannot be tried beside ${model.status?.activeVersion}, since ${usesRoute(model) ? routeApiText(route) : missingText(trial.trouble)}, or spec.rollout.strategy: Rolling.`,
        retry: 'never',
        goesOn: true,
        afterMs: gatewayMs,
      }
    : undefined

export const tooFewPods: Check = ({ trial, model }) =>
  trial?.kind === 'tooFewPods'
    ? {
        reason: 'TooFewPods',
        message: `${trial.version} cannot be tried with spec.rollout.surge: 0, since ${model.status?.activeVersion} has one pod, and goes on with it. Set ${model.spec.autoscaling ? 'spec.autoscaling.minReplicas' : 'spec.replicas'} to 2 or more, or leave surge out where there is room for another pod.`,
        retry: 'never',
        goesOn: true,
        afterMs: gatewayMs,
      }
    : undefined

/** Pods of a canary are made beside those that serve, unless spec.rollout.surge is 0. */
const roomFor = ({ model }: Parameters<Check>[0]): string =>
  asksToShare(model)
    ? ''
    : ' Without spare capacity, spec.rollout.surge: 0 takes the pods of a canary from the version that serves.'

export const canaryPodStuck: Check = (observed) => {
  const { trial, canaryPods, model } = observed
  if (trial?.kind !== 'run') return undefined
  const found = troubleOf(canaryPods, observed)
  if (!found) return undefined
  const advice = found.reason === 'Unschedulable' ? roomFor(observed) : ''
  return {
    ...found,
    message: `${found.message}${advice} ${model.status?.activeVersion} serves meanwhile; another version in spec ends the canary.`,
    goesOn: true,
  }
}
