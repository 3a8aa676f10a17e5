import { condition, timestamp } from '../runtime/condition.ts'
import type { Finding } from '../runtime/finding.ts'
import { activeVersion } from './active-version.ts'
import { shownSleep } from './asleep.ts'
import { conditionTypes, verdictsOf } from './conditions.ts'
import { servingPods } from './desired/metadata.ts'
import { serviceUrl } from './desired/service.ts'
import { sayVerdict } from './evaluation/judge.ts'
import { inputDrift } from './input-drift.ts'
import type { ModelDeployment, ModelDeploymentStatus, Version } from './model-deployment.ts'
import type { Observed } from './observe.ts'
import { shownCost } from './over-budget.ts'
import { readyPodsOf } from './rollout.ts'
import { withRollout } from './rollout-record.ts'
import { stageOf } from './stage.ts'
import { trialStatus } from './trial-status.ts'

/** Whether a limit of spec.evaluate or of spec.optimize keeps the version that spec asks for from traffic. */
const isRefused = ({ asked, proof }: Observed): boolean =>
  asked?.verdict?.passed === false || proof?.verdict?.passed === false

const trialPhase = ({ trial }: Observed, id: string): Version['phase'] | undefined => {
  if (trial?.kind === 'run' && trial.canary.version === id) return 'Canary'
  return trial?.kind === 'rejected' && trial.rejection.version === id ? 'RolledBack' : undefined
}

const phaseOf = (observed: Observed, version: Version): Version['phase'] => {
  const { id, evaluation, optimization, firstServedAt } = version
  const { target } = observed
  if (readyPodsOf(observed, id).length > 0) return 'Serving'
  const trial = trialPhase(observed, id)
  if (trial) return trial
  if (target.kind === 'optimize' && target.parent.id === id) return 'Optimizing'
  if (target.kind === 'evaluate' && target.version.id === id)
    return isRefused(observed) ? 'Failed' : 'Evaluating'
  const isBeyond = [evaluation?.passed, optimization?.passed].includes(false)
  return isBeyond && firstServedAt === undefined ? 'Failed' : 'Imported'
}

/** What was measured, with the verdict by the present limits where spec asks for this version. The limits are not meant for any other. */
const judged = ({ asked }: Observed, version: Version): Pick<Version, 'evaluation'> | undefined => {
  const { id, evaluation } = version
  const isAskedFor = asked?.question.candidate.version.id === id
  if (!evaluation || !isAskedFor || !asked.verdict) return undefined
  const { hourlyCost: _, ...measured } = evaluation
  const cost = asked.hourlyCost
  const shown = typeof cost === 'number' ? { hourlyCost: `${cost}` } : {}
  const { passed } = asked.verdict
  return { evaluation: { ...measured, ...shown, passed, message: sayVerdict(asked.verdict) } }
}

/** How the version was optimized, with the verdict by the present limit where spec asks for this version. */
const proven = ({ proof }: Observed, { id, optimization }: Version): Pick<Version, 'optimization'> => {
  const verdict = proof?.version.id === id ? proof.verdict : undefined
  if (!optimization || !verdict) return {}
  return { optimization: { ...optimization, passed: verdict.passed, message: verdict.sentence } }
}

/** A version as status lists it. */
const listed = (observed: Observed, version: Version, now: number): Version => {
  const next = { ...version, ...judged(observed, version), ...proven(observed, version) }
  const phase = phaseOf(observed, next)
  const isFirst = phase === 'Serving' && version.firstServedAt === undefined
  const told = { ...next, phase, ...(isFirst ? { firstServedAt: timestamp(now) } : {}) }
  return withRollout(observed, told, now)
}

/** The candidate that evaluationRef stands for, which is remembered while the ModelEvaluation names none. */
const winnerOf = ({ origin, target }: Observed): ModelDeploymentStatus['winner'] => {
  switch (origin.kind) {
    case 'spec':
      return undefined
    case 'winner':
      return origin.winner.recipe !== undefined && target.kind === 'serve'
        ? { ...origin.winner, optimizedRevision: target.version.revision }
        : origin.winner
    case 'none':
      return origin.last
  }
}

const shownImport = ({ imported }: Observed): Pick<ModelDeploymentStatus, 'import'> => {
  if (!imported) return {}
  const { bytes, totalBytes } = imported
  const percent = totalBytes ? { percent: Math.min(100, Math.floor((bytes / totalBytes) * 100)) } : {}
  return { import: { ...imported, ...percent } }
}

/** The label selector that kubectl scale and an autoscaler read from the scale subresource. */
const selectorOf = (model: ModelDeployment): string =>
  Object.entries(servingPods(model))
    .map(([name, value]) => `${name}=${value}`)
    .join(',')

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)

/** The status that says what was observed. Pure: the same observation gives the same status. */
export const nextStatus = (
  observed: Observed,
  finding: Finding | undefined,
  now: number,
): ModelDeploymentStatus => {
  const { model, versions } = observed
  const deployments = [observed.tracks.stable, observed.untracked]
  const drift = inputDrift(observed, now)
  const verdicts = { ...verdictsOf(observed, stageOf(observed), finding), InputDrift: drift.verdict }
  const active = activeVersion(observed)
  const winner = winnerOf(observed)
  const cost = shownCost(observed)
  const sleep = shownSleep(observed)
  return {
    observedGeneration: model.metadata.generation,
    conditions: conditionTypes.flatMap((type) => {
      const verdict = verdicts[type]
      return verdict ? [condition(model, type, verdict, now)] : []
    }),
    ...(model.status?.managedBy ? { managedBy: model.status.managedBy } : {}),
    url: serviceUrl(model),
    ...(active ? { activeVersion: active } : {}),
    versions: versions.map((version) => listed(observed, version, now)),
    ...(winner ? { winner } : {}),
    ...(observed.path.port === undefined ? {} : { gatewayPort: observed.path.port }),
    ...trialStatus(observed),
    ...(cost ? { cost } : {}),
    ...(sleep ? { sleep } : {}),
    ...shownImport(observed),
    ...(drift.status ? { drift: drift.status } : {}),
    replicas: sum(deployments.map((one) => one?.status?.replicas ?? 0)),
    readyReplicas: sum(deployments.map((one) => one?.status?.readyReplicas ?? 0)),
    selector: selectorOf(model),
  }
}
