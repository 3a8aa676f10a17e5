/** What one candidate's Job measures, from spec. */

import { parsedSeconds } from '@gantry/contract/duration.ts'
import type { EvaluationRequest } from '@gantry/contract/evaluation.ts'
import { maxEvaluationReportBytes } from '@gantry/contract/evaluation.ts'
import { fingerprint } from '@gantry/kube/fingerprint.ts'
import { type EvaluatingConfig, type EvaluationRun, evaluateJobName } from '../evaluating/job.ts'
import { type Reference, sourceReferences } from '../evaluating/references.ts'
import { requestedDataset } from '../evaluating/request.ts'
import { reachSource } from '../pods/source.ts'
import type { Quantities } from '../runtime/quantities.ts'
import type { Candidate, ModelEvaluation } from './model-evaluation.ts'
import { accountName, identity } from './objects.ts'
import { candidateName, type Subject, subjectsOf } from './subjects.ts'

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

const candidateOf = ({ name, task, source, labels }: Candidate): EvaluationRequest['candidates'][number] => {
  const reached = reachSource(source)
  return {
    ...{ name, task, source: reached.source },
    ...(reached.sourceName === undefined ? {} : { sourceName: reached.sourceName }),
    ...(source.file === undefined ? {} : { file: source.file }),
    ...(source.sha256 === undefined ? {} : { sha256: source.sha256 }),
    ...(labels === undefined ? {} : { labels }),
  }
}

const requestOf = ({ spec }: ModelEvaluation, candidate: Subject): EvaluationRequest => {
  const { metric = 'accuracy', topK, output, concurrencies, serve = {}, dataset, timeBudget = '10m' } = spec
  const { device } = serve
  const { threads = serve.threads, maxRows = serve.maxRows } = candidate
  const timeBudgetSeconds = parsedSeconds(timeBudget)
  return {
    candidates: [candidateOf(candidate)],
    dataset: requestedDataset(dataset),
    metric,
    ...(topK === undefined ? {} : { topK }),
    ...(output === undefined ? {} : { output }),
    ...(concurrencies === undefined ? {} : { concurrencies }),
    ...(device === undefined ? {} : { device }),
    ...(threads === undefined ? {} : { threads }),
    ...(maxRows === undefined ? {} : { batching: { maxRows } }),
    ...(timeBudgetSeconds === undefined ? {} : { timeBudgetSeconds }),
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
  const inputs = fingerprint(
    { request, devices, resources: serve.resources, secrets: [secretRef, dataset.secretRef] },
    16,
  )
  const run: EvaluationRun = {
    ...{ owner: evaluation, identity, infix: '-measure-', serviceAccountName: accountName(evaluation) },
    ...{ request, model: candidate.source, dataset, resources: serve.resources, devices },
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
