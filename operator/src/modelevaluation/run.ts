/** What one candidate's Job measures, from spec. */

import { parsedSeconds } from '@gantry/contract/duration.ts'
import type { EvaluationRequest } from '@gantry/contract/evaluation.ts'
import { maxEvaluationReportBytes } from '@gantry/contract/evaluation.ts'
import { defaultMaxAccuracyDrop, type SamplesRequest, writingTasks } from '@gantry/contract/optimizing.ts'
import { fingerprint } from '@gantry/kube/fingerprint.ts'
import type { EvaluatingConfig } from '../evaluating/config.ts'
import { type EvaluationRun, evaluateJobName } from '../evaluating/job.ts'
import { optimizationPaths } from '../evaluating/optimizing.ts'
import { type RecipeRun, sourceFolder } from '../evaluating/recipe-run.ts'
import { type Reference, sourceReferences } from '../evaluating/references.ts'
import { requestedDataset } from '../evaluating/request.ts'
import { reachSource } from '../pods/source.ts'
import type { Quantities } from '../runtime/quantities.ts'
import type { Candidate, ModelEvaluation } from './model-evaluation.ts'
import { accountName, identity } from './objects.ts'
import { candidateName, isCalibrated, type Subject, subjectsOf } from './subjects.ts'

export const resourcesField = 'spec.serve.resources'

/** Annotations of a Job, and fields of a record. */
export const annotations = {
  /** Name of the candidate. */
  candidate: 'gantry.dev/candidate',
  /** Fingerprint of all in spec that decides what is measured. */
  inputs: 'gantry.dev/inputs',
} as const

const defaultGpu = 'nvidia.com/gpu'

type Serve = NonNullable<ModelEvaluation['spec']['serve']>

/** The extended resource that the pod asks for, by the rule of spec.serve of a ModelDeployment. */
export const devicesOf = ({ device = 'auto', gpu }: Serve = {}): Quantities => {
  const isAsked = device === 'gpu' || (device === 'auto' && gpu !== undefined)
  return isAsked ? { [gpu?.resource ?? defaultGpu]: gpu?.count ?? 1 } : {}
}

type Requested = EvaluationRequest['candidates'][number]

/** The source as the program in the pod finds it. */
const fetchOf = ({ source }: Candidate): NonNullable<SamplesRequest['fetch']> => {
  const reached = reachSource(source)
  return {
    source: reached.source,
    ...(reached.sourceName === undefined ? {} : { sourceName: reached.sourceName }),
    ...(source.file === undefined ? {} : { file: source.file }),
    ...(source.sha256 === undefined ? {} : { sha256: source.sha256 }),
  }
}

/** The candidate, and with a limit of the drop what it is compared with, which answers the same samples in the same Job. */
const candidatesOf = (subject: Subject): EvaluationRequest['candidates'] => {
  const { name, task, labels, recipe, comparedWith } = subject
  const named = { task, ...(labels === undefined ? {} : { labels }) }
  if (!recipe) return [{ name, ...named, ...fetchOf(subject) }]
  const { folder, report } = optimizationPaths
  const made: Requested = { name, ...named, folder, optimizationReport: report }
  if (comparedWith === undefined) return [made]
  return [
    { ...made, compareWith: comparedWith },
    { name: comparedWith, ...named, folder: sourceFolder, onlyCompared: true },
  ]
}

const requestOf = (evaluation: ModelEvaluation, candidate: Subject): EvaluationRequest => {
  const { spec } = evaluation
  const { metric = 'accuracy', topK, output, concurrencies, serve = {}, dataset, timeBudget = '10m' } = spec
  const { device } = serve
  const { threads = serve.threads, maxRows = serve.maxRows } = candidate
  const candidates = candidatesOf(candidate)
  const seconds = parsedSeconds(timeBudget)
  return {
    candidates,
    dataset: {
      ...requestedDataset(dataset),
      ...(isCalibrated(evaluation) ? { calibration: 'without' as const } : {}),
    },
    metric,
    ...(topK === undefined ? {} : { topK }),
    ...(output === undefined ? {} : { output }),
    ...(concurrencies === undefined ? {} : { concurrencies }),
    ...(device === undefined ? {} : { device }),
    ...(threads === undefined ? {} : { threads }),
    ...(maxRows === undefined ? {} : { batching: { maxRows } }),
    ...(seconds === undefined ? {} : { timeBudgetSeconds: seconds * candidates.length }),
  }
}

/** The recipe of a candidate; undefined where it is measured as it is. */
const recipeRunOf = ({ spec }: ModelEvaluation, subject: Subject): RecipeRun | undefined => {
  const { recipe, source, task, labels } = subject
  if (!recipe) return undefined
  const { metric = 'accuracy', output, dataset, objective } = spec
  const samples = {
    ...{ dataset: { ...requestedDataset(dataset), calibration: 'only' as const }, metric },
    ...(output === undefined ? {} : { output }),
  }
  return {
    ...{ model: source, recipe },
    maxAccuracyDrop: objective?.subjectTo?.accuracyDrop ?? defaultMaxAccuracyDrop,
    samples: {
      ...{ task, fetch: fetchOf(subject) },
      ...(labels === undefined ? {} : { labels }),
      ...(writingTasks.includes(task) ? {} : samples),
    },
  }
}

/** A candidate as it is measured. */
export interface CandidateRun {
  readonly candidate: Subject
  readonly run: EvaluationRun
  /** Fingerprint of all in spec that decides what is measured; settings of the installation are no part of it. */
  readonly inputs: string
  /** Name of the Job, which also depends on the settings of the installation. */
  readonly jobName: string
}

export const candidateRun = (
  evaluation: ModelEvaluation,
  candidate: Subject,
  config: EvaluatingConfig,
): CandidateRun => {
  const { dataset, serve = {} } = evaluation.spec
  const request = requestOf(evaluation, candidate)
  const devices = devicesOf(serve)
  const { secretRef } = candidate.source
  const recipe = recipeRunOf(evaluation, candidate)
  const making = recipe && {
    ...{ samples: recipe.samples, recipe: recipe.recipe, maxAccuracyDrop: recipe.maxAccuracyDrop },
  }
  const secrets = [secretRef, dataset.secretRef]
  const inputs = fingerprint(
    { request, devices, resources: serve.resources, secrets, ...(making ? { making } : {}) },
    16,
  )
  const run: EvaluationRun = {
    ...{ owner: evaluation, identity, infix: '-measure-', serviceAccountName: accountName(evaluation) },
    ...{ request, dataset, resources: serve.resources, devices },
    ...(recipe ? { recipe } : { model: candidate.source }),
    annotations: { [annotations.candidate]: candidate.name, [annotations.inputs]: inputs },
  }
  return { candidate, run, inputs, jobName: evaluateJobName(run, config) }
}

/** What the candidate's pod refers to. */
export const referencesOf = ({ spec }: ModelEvaluation, subject: Subject): readonly Reference[] => [
  ...sourceReferences(subject.source, `spec.candidates[${candidateName(subject)}].source`),
  ...sourceReferences(spec.dataset, 'spec.dataset'),
]

/** Most bytes of a ConfigMap's data, which is the limit of Kubernetes. */
export const mostMapBytes = 1024 * 1024
/** Room in the ConfigMap beside the reports: a termination message for each candidate, and report.md. */
const otherBytes = 192 * 1024

/** Most bytes of one candidate's report, so that those of all fit into one ConfigMap. */
export const reportShare = (evaluation: ModelEvaluation): number =>
  Math.min(maxEvaluationReportBytes, Math.floor((mostMapBytes - otherBytes) / subjectsOf(evaluation).length))
