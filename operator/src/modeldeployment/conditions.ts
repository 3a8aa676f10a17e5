import { modelPorts } from '@gantry/contract/gateway.ts'
import { conditionOf, type LiveJob } from '@gantry/kube/live.ts'
import type { GatewayTrouble } from '../canary/rollout.ts'
import { no, unknown, type Verdict, yes } from '../runtime/condition.ts'
import type { Finding } from '../runtime/finding.ts'
import { changing, type Progress, settled, stalled } from '../runtime/progress.ts'
import { beyondLimit, measurementTrouble } from './checks/evaluation.ts'
import { notOptimized } from './checks/optimizing.ts'
import { sayMeasured, sayPassed, sayVerdict } from './evaluation/judge.ts'
import type { ModelDeployment, Version } from './model-deployment.ts'
import type { Observed } from './observe.ts'
import { overBudget } from './over-budget.ts'
import { desiredReplicas } from './replicas.ts'
import { readyPods } from './rollout.ts'
import type { Stage } from './stage.ts'

export const conditionTypes = [
  ...(['Ready', 'Reconciling', 'Stalled'] as const), // the conditions that kstatus reads
  ...(['Imported', 'Optimized', 'Evaluated', 'Available', 'AcceleratorActive'] as const),
  ...(['Degraded', 'Suspended', 'OverBudget', 'InputDrift'] as const),
]
type ConditionType = (typeof conditionTypes)[number]

/** The conditions of what a model need not have: they are undefined, and left out, where spec does not ask for it. */
type OptionalType = 'Optimized' | 'Evaluated' | 'OverBudget'
/** InputDrift is judged apart, since it has a part of the status. */
export type Verdicts = Readonly<Record<Exclude<ConditionType, OptionalType | 'InputDrift'>, Verdict>> &
  Readonly<Record<OptionalType, Verdict | undefined>>

/** The model meets its spec. A change of the operator's own that has not reached it yet is nothing that its owner has to act on. */
const served = ({ hold }: Pick<Observed, 'hold'>, { reason, message }: Stage): Verdict => {
  switch (hold) {
    case undefined:
      return yes(reason, message)
    case 'wait':
      return yes(
        reason,
        `${message} A change of the operator's own settings or version waits for its turn here.`,
      )
    case 'paused':
      return yes(
        'FleetRollPaused',
        `${message} A change of the operator's own settings or version was stopped before it came here, since pods of another model do not start with it.`,
      )
  }
}

const progress = (observed: Pick<Observed, 'hold'>, stage: Stage, finding: Finding | undefined): Progress => {
  if (finding?.retry === 'never') return stalled(finding)
  const isDone =
    !finding && (stage.kind === 'ready' || stage.kind === 'scaledToZero' || stage.kind === 'asleep')
  const { reason, message } = finding ?? stage
  return isDone ? settled(served(observed, stage)) : changing(reason, message)
}

const isSuspended = 'spec.suspend is true'
const nothingChanges = `${isSuspended}: nothing is changed until it is false again.`

/** Ready keeps its meaning while the model is suspended: the generation that it names is served as spec says. */
const suspended = (observed: Observed, stage: Stage, finding: Finding | undefined): Progress => {
  const { suspendedChange } = observed
  const { Ready } = progress(observed, stage, finding)
  // A suspended model is not tried again, so a message with the time of the next attempt would be wrong.
  const why = suspendedChange ?? (finding?.retry === 'backoff' ? stage.message : Ready.message)
  return {
    Ready:
      suspendedChange === undefined && Ready.status === 'True'
        ? Ready
        : no('Suspended', `${isSuspended}, and ${why}`),
    Reconciling: no('Suspended', nothingChanges),
    Stalled: no('Suspended', nothingChanges),
  }
}

/** Whether a Job was made and has not ended. */
const isUnderWay = (job: LiveJob | undefined): boolean =>
  job !== undefined && !conditionOf(job, 'Complete') && !conditionOf(job, 'Failed')

/** The candidate that a version came from. */
const asCandidate = ({ origin }: Observed): string => {
  if (origin.kind !== 'winner') return ''
  return `, as candidate ${origin.winner.candidate} of ModelEvaluation ${origin.winner.evaluation}`
}

const imported = (observed: Observed, stage: Stage, finding: Finding | undefined): Verdict => {
  const { target, model, job } = observed
  const version =
    target.kind === 'optimize' ? target.parent : 'version' in target ? target.version : undefined
  if (!version) {
    if (model.spec.suspend && !isUnderWay(job))
      return no('Suspended', `${isSuspended}; the source is not imported.`)
    const { reason, message } = finding ?? stage
    return no(reason, message)
  }
  const { id, source } = version
  return yes('Imported', `${id} is on the volume, imported from ${source}${asCandidate(observed)}.`)
}

/** The Evaluated condition: what spec.evaluate says of the version that spec asks for. Undefined where spec has no such part. */
const evaluated = (observed: Observed): Verdict | undefined => {
  const { model, asked, target } = observed
  if (!model.spec.evaluate) return undefined
  if (!asked) return unknown('NotEvaluated', 'The version that spec asks for is not on the volume.')
  const { version } = asked.question.candidate
  if (!asked.isAnswered) {
    const trouble = measurementTrouble(observed)
    if (trouble && !model.spec.suspend) return no(trouble.reason, trouble.message)
    return model.spec.suspend && !isUnderWay(observed.evaluateJob)
      ? unknown('Suspended', `${isSuspended}; ${version.id} is not measured.`)
      : unknown('Evaluating', `${version.id} is being measured.`)
  }
  const { verdict } = asked
  if (!verdict) return unknown('Evaluating', `${version.id} is measured, and waits for the prices.`)
  const measured = sayMeasured(version)
  if (verdict.passed) return yes('WithinLimits', `${measured} ${sayPassed(model.spec.evaluate, verdict)}`)
  const [first] = verdict.failures
  const refusal = beyondLimit(observed)?.message
  const said = refusal ?? `${version.id} serves and is not taken down, but ${sayVerdict(verdict)}.`
  return no(first?.reason ?? 'EvaluationFailed', target.kind === 'evaluate' ? said : `${measured} ${said}`)
}

/** What an optimized version rests on. */
const bases = { labels: 'Optimized', samples: 'AgreesOnSamples', generated: 'AgreesOnGenerated' } as const

const proven = ({ proof, target }: Observed, { id, parent = '', optimization }: Version): Verdict => {
  const verdict = proof?.verdict
  if (!verdict) return unknown('Evaluating', `${id} was made from ${parent}, and both are being measured.`)
  const { before = 0, after = 1 } = optimization?.sizeBytes ?? {}
  const smaller = optimization?.recipe.export
    ? `${id} is the graph of ${parent}`
    : `${id} was made from ${parent}, and its graph is ${Number((before / after).toFixed(2))} times smaller`
  if (verdict.passed) {
    const weaker =
      verdict.basis === 'labels' ? '' : ' There are no labelled data (spec.evaluate), which would say more.'
    return yes(bases[verdict.basis], `${smaller}: ${verdict.sentence}.${weaker}`)
  }
  const end = target.kind === 'evaluate' ? 'It gets no traffic.' : 'It serves and is not taken down.'
  return no(verdict.reason, `${smaller}, but ${verdict.sentence}. ${end}`)
}

/** The Optimized condition: what spec.optimize says of the version that spec asks for. Undefined where spec has no such part. */
const optimized = (observed: Observed): Verdict | undefined => {
  const { model, target, proof } = observed
  if (!model.spec.optimize) return undefined
  if (target.kind === 'optimize') {
    const trouble = notOptimized(observed)
    if (trouble && !model.spec.suspend) return no(trouble.reason, trouble.message)
    return model.spec.suspend && !isUnderWay(observed.optimizeJob)
      ? unknown('Suspended', `${isSuspended}; ${target.parent.id} is not optimized.`)
      : unknown('Optimizing', `A version is being made from ${target.parent.id}.`)
  }
  if (!('version' in target))
    return unknown('NotOptimized', `The version that spec asks for is not on the volume`)
  return proof
    ? proven(observed, target.version)
    : unknown(
        'NotOptimized',
        `${target.version.id} is served as it was imported, since spec.model.version names its id.`,
      )
}

const asleepMessage = 'No pod runs; the first request by the gateway wakes one, and is held until it answers.'

const available = (observed: Observed): Verdict => {
  const count = readyPods(observed).length
  if (count > 0) return yes('Available', 'At least one pod answers requests.')
  if (observed.sleep?.kind === 'asleep') return no('Asleep', asleepMessage)
  if (desiredReplicas(observed) === 0) return no('ScaledToZero', 'No pod is desired, so nothing answers.')
  return no('NoReadyPod', 'No pod is ready, so nothing answers.')
}

/** Whether spec asks for a GPU, so that a model on the CPU does not meet it. */
export const asksForGpu = ({ spec }: ModelDeployment): boolean => {
  const { device = 'auto', gpu } = spec.serve ?? {}
  return device === 'gpu' || (device === 'auto' && gpu !== undefined)
}

const accelerator = ({ answers, model }: Observed): Verdict => {
  const devices = [...answers.values()].map(({ device }) => device)
  if (devices.length === 0) return unknown('NoAnswer', 'No pod has reported its device yet.')
  const onCpu = devices.find(({ active }) => active === 'cpu')
  if (!onCpu) return yes('Cuda', 'The model runs on the GPU with CUDA.')
  if (!asksForGpu(model)) {
    return no('NotRequested', 'The model runs on the CPU; no GPU is asked for.')
  }
  const why = onCpu.reason ? ` (${onCpu.reason})` : ''
  return no(
    'CpuFallback',
    `A GPU is asked for but the model runs on the CPU${why}. Check the driver, the CUDA libraries in the server image, that the GPU reaches the pod, and that the model fits in its memory.`,
  )
}

const noGateway: GatewayTrouble = {
  why: 'no gateway is installed that could hold requests while a pod starts',
  advice: 'Set gateway.enabled of the chart',
}

const gatewayMissing = ({ spec }: ModelDeployment, { why, advice }: GatewayTrouble = noGateway): string =>
  `spec.autoscaling.minReplicas is ${spec.autoscaling?.minReplicas}, and ${why}, so one pod stays. ${advice}, or spec.autoscaling.minReplicas: 1.`

const portMissing = `All ports of the gateway (${modelPorts.first} to ${modelPorts.last}) lead to other models, so the Service of this one stays at its pods. Let fewer models be tried, or sleep, at a time.`

/** The Degraded condition: the model answers, but not as spec says. */
const degraded = (
  { degradation, sleep, model, path }: Observed,
  stage: Stage,
  finding: Finding | undefined,
  { Available, AcceleratorActive }: Pick<Verdicts, 'Available' | 'AcceleratorActive'>,
): Verdict => {
  const isAvailable = Available.status === 'True'
  if (isAvailable && finding?.retry === 'never')
    return yes(finding.reason, `Requests are answered, but: ${finding.message}`)
  if (degradation) return yes(degradation.reason, degradation.message)
  if (!isAvailable) return no('NotAvailable', 'Nothing answers; see Available.')
  if (sleep?.kind === 'awake' && sleep.isGatewayMissing)
    return yes('GatewayMissing', gatewayMissing(model, sleep.trouble))
  if (path.isWithoutPort) return yes('GatewayMissing', portMissing)
  if (stage.kind === 'podsNotReady') return yes(stage.reason, stage.message)
  if (AcceleratorActive.reason === 'CpuFallback') return yes('CpuFallback', AcceleratorActive.message)
  return no('NotDegraded', 'What answers is as it should be.')
}

/** Judges a model by what was observed. Pure. */
export const verdictsOf = (observed: Observed, stage: Stage, finding: Finding | undefined): Verdicts => {
  const Available = available(observed)
  const AcceleratorActive = accelerator(observed)
  return {
    ...(observed.model.spec.suspend
      ? suspended(observed, stage, finding)
      : progress(observed, stage, finding)),
    Imported: imported(observed, stage, finding),
    Optimized: optimized(observed),
    Evaluated: evaluated(observed),
    Available,
    AcceleratorActive,
    Suspended: observed.model.spec.suspend
      ? yes('Suspended', nothingChanges)
      : no('NotSuspended', 'The operator acts on every change.'),
    Degraded: degraded(observed, stage, finding, { Available, AcceleratorActive }),
    OverBudget: overBudget(observed),
  }
}
