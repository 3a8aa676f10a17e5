/** The Job that measures a version before it gets any traffic, on the volume that has the versions. */
import { parsedSeconds } from '@gantry/contract/duration.ts'
import type { EvaluationCandidate, EvaluationRequest } from '@gantry/contract/evaluation.ts'
import { mounts } from '@gantry/contract/server.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { mebibytes, parseQuantity } from '@gantry/kube/quantity.ts'
import type { EvaluatingConfig } from '../../evaluating/config.ts'
import { type EvaluationRun, evaluateJob, evaluateJobName } from '../../evaluating/job.ts'
import { requestedDataset } from '../../evaluating/request.ts'
import type { Candidate, Question } from '../evaluation/question.ts'
import type { ModelDeployment } from '../model-deployment.ts'
import { timeoutSecondsOf } from './defaults.ts'
import { allLabels, annotations, identity, selectorLabels } from './metadata.ts'
import { modelsMount, modelsVolume } from './pod.ts'
import { gpuOf, podResources } from './resources.ts'
import { encryptionMounts, encryptionVolumes } from './secrets.ts'

/** The program that asks the servers, with the samples. */
const ownMemoryBytes = 512 * 2 ** 20

const folderOf = ({ version }: Candidate): string => `${mounts.models}/${version.id}`

const requested = (candidate: Candidate): EvaluationCandidate => {
  const { version, task, labels } = candidate
  return {
    ...{ name: version.id, task, folder: folderOf(candidate) },
    ...(version.encryptionKey === undefined ? {} : { encryptionKeys: mounts.encryptionKeys }),
    ...(version.digest === undefined ? {} : { digest: version.digest }),
    ...(labels ? { labels } : {}),
  }
}

/** The versions that are measured beside the candidate. */
const othersOf = ({ compared, parent }: Question): readonly Candidate[] => {
  const isApart = parent && parent.version.id !== compared?.version.id
  return [...(compared ? [compared] : []), ...(isApart ? [parent] : [])]
}

/** A run compares all with one: with the one other version, or with the candidate where there are two. */
const comparedWith = (question: Question): Pick<EvaluationRequest, 'compareWith'> => {
  const [other, ...more] = othersOf(question)
  if (!other) return {}
  return { compareWith: more.length > 0 ? question.candidate.version.id : other.version.id }
}

const requestOf = (model: ModelDeployment, question: Question): EvaluationRequest => {
  const { evaluate, candidate, part } = question
  const { metric = 'accuracy', topK, output, concurrencies, timeBudget = '10m', dataset } = evaluate
  const { device, threads, batching } = model.spec.serve ?? {}
  const others = othersOf(question)
  const seconds = parsedSeconds(timeBudget)
  return {
    candidates: [requested(candidate), ...others.map(requested)],
    dataset: { ...requestedDataset(dataset), ...(part ? { calibration: part } : {}) },
    metric,
    ...(topK === undefined ? {} : { topK }),
    ...(output === undefined ? {} : { output }),
    ...(concurrencies ? { concurrencies } : {}),
    ...(device ? { device } : {}),
    ...(threads === undefined ? {} : { threads }),
    ...(batching ? { batching } : {}),
    timeoutSeconds: timeoutSecondsOf(model),
    ...(seconds === undefined ? {} : { timeBudgetSeconds: seconds * (1 + others.length) }),
    ...comparedWith(question),
    recordIn: { candidate: candidate.version.id, folder: folderOf(candidate) },
  }
}

/** The servers of all candidates run side by side, and each gets what a serving pod gets. */
const resourcesOf = (model: ModelDeployment, question: Question) => {
  const { candidate } = question
  const each = [candidate, ...othersOf(question)].map(({ version }) => podResources(model, version))
  const memory = (part: 'requests' | 'limits'): string =>
    mebibytes(each.reduce((sum, one) => sum + (parseQuantity(one[part]['memory']) ?? 0), ownMemoryBytes))
  const { requests, limits } = podResources(model, candidate.version)
  return {
    requests: {
      ...(requests['cpu'] === undefined ? {} : { cpu: requests['cpu'] }),
      memory: memory('requests'),
    },
    limits: { ...(limits['cpu'] === undefined ? {} : { cpu: limits['cpu'] }), memory: memory('limits') },
  }
}

const runOf = (model: ModelDeployment, question: Question): EvaluationRun => {
  const { candidate, compared, evaluate, measurement } = question
  const { podTemplate } = model.spec.serve ?? {}
  const bundle = model.spec.storage?.import?.caBundle
  const encrypted = [candidate, ...othersOf(question)].some(
    ({ version }) => version.encryptionKey !== undefined,
  )
  return {
    owner: model,
    identity: { selectorLabels, allLabels, identity },
    infix: '-eval-', // a longer one would not fit: names of Jobs have 63 characters at most
    serviceAccountName: model.metadata.name,
    request: requestOf(model, question),
    dataset: evaluate.dataset,
    caBundle: bundle && { configMap: bundle.configMapRef.name, key: bundle.key ?? 'ca.crt' },
    volumes: [modelsVolume(model), ...(encrypted ? encryptionVolumes(model) : [])],
    volumeMounts: [modelsMount, ...(encrypted ? encryptionMounts(model) : [])],
    resources: resourcesOf(model, question),
    devices: gpuOf(model),
    placement: podTemplate ?? {},
    runtimeClassName: podTemplate?.runtimeClassName,
    annotations: {
      [annotations.measuredVersion]: candidate.version.id,
      [annotations.measurement]: measurement,
      ...(compared ? { [annotations.comparedVersion]: compared.version.id } : {}),
      [annotations.metric]: evaluate.metric ?? 'accuracy',
    },
  }
}

export const gateJobName = (model: ModelDeployment, config: EvaluatingConfig, question: Question): string =>
  evaluateJobName(runOf(model, question), config)

/** @param attempt how many Jobs of this name failed before */
export const gateJob = (
  model: ModelDeployment,
  config: EvaluatingConfig,
  question: Question,
  attempt: number,
): KubernetesObject => evaluateJob(runOf(model, question), config, { attempt })
