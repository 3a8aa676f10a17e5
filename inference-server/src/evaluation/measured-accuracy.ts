/** Accuracy of one candidate: its server answers every sample. */
import type { EvaluationCandidate, EvaluationRequest } from '@gantry/contract/evaluation.ts'
import type { Accelerator } from '@gantry/contract/server.ts'
import type { Accuracy } from '../accuracy/accuracy.ts'
import { checkClasses } from '../accuracy/class-names.ts'
import { metricsOf } from '../accuracy/metrics-of.ts'
import type { Dataset, Sample } from '../datasets/sample.ts'
import { loadRequests } from './asking/load-requests.ts'
import { predictAll } from './asking/predictions.ts'
import { clientOf, readMetadata } from './asking/served-model.ts'
import { storyOf, usualTopK } from './asking/story-of.ts'
import type { ServerProcess } from './serving/server-process.ts'

export interface MeasuredAccuracy {
  readonly accuracy: Accuracy
  readonly accelerator: Accelerator
  /** Requests of the load. */
  readonly requests: readonly Uint8Array[]
  readonly loadMs: number
}

export interface AccuracyInputs {
  readonly candidate: EvaluationCandidate
  /** Absolute folder of the model. */
  readonly dir: string
  readonly server: Pick<ServerProcess, 'port' | 'loadMs' | 'ended'>
  readonly dataset: Dataset
  readonly request: Pick<EvaluationRequest, 'metric' | 'output' | 'topK' | 'seed'>
  readonly untilMs: number
  readonly nowMs: () => number
  readonly signal: AbortSignal
  readonly onProgress: (answered: number, all: number) => void
}

/** Documents of retrieval are answered, too, but are no samples. */
const isSample = ({ label }: Sample): boolean => label.kind !== 'document'

const ask = async (inputs: AccuracyInputs, signal: AbortSignal): Promise<MeasuredAccuracy> => {
  const { candidate, dataset, request, server, nowMs, untilMs, onProgress } = inputs
  const { samples } = dataset
  const client = clientOf(server.port, signal)
  const metadata = await readMetadata(client)
  const { story, classes } = await storyOf(inputs, metadata)
  if (classes) checkClasses(samples, classes)
  const predictions = await predictAll(samples, {
    ...{ client, story, untilMs, nowMs, signal, ended: server.ended },
    onProgress: (answered) => onProgress(answered, samples.length),
  })
  const { metric, topK = usualTopK, seed = 0 } = request
  const accuracy = metricsOf(candidate.task, samples, predictions, {
    ...{ metric, topK, seed },
    ...(classes && { classes }),
  })
  return {
    accuracy,
    accelerator: metadata.accelerator,
    requests: await loadRequests(samples.filter(isSample), story),
    loadMs: server.loadMs,
  }
}

/** @throws CandidateError, StartError, DatasetError */
export const measureAccuracy = async (inputs: AccuracyInputs): Promise<MeasuredAccuracy> => {
  const done = new AbortController()
  const signal = AbortSignal.any([inputs.signal, done.signal])
  try {
    return await ask({ ...inputs, signal }, signal)
  } finally {
    done.abort()
  }
}
