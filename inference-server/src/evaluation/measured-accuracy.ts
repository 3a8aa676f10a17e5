/** Accuracy of one candidate: its server is started and answers every sample. */
import type { EvaluationCandidate, EvaluationRequest } from '@gantry/contract/evaluation.ts'
import type { Accelerator, Task } from '@gantry/contract/server.ts'
import type { Accuracy } from '../accuracy/accuracy.ts'
import { checkClasses } from '../accuracy/class-names.ts'
import { metricsOf } from '../accuracy/metrics-of.ts'
import { labelKindFor } from '../accuracy/task-metrics.ts'
import type { Dataset, Sample } from '../datasets/sample.ts'
import { classesOf } from './asking/class-names.ts'
import { loadRequests } from './asking/load-requests.ts'
import { predictAll } from './asking/predictions.ts'
import { clientOf, type ModelMetadata, readMetadata } from './asking/served-model.ts'
import type { Story } from './asking/story.ts'
import { taskStory } from './asking/task-story.ts'
import { tensorStory } from './asking/tensor-story.ts'
import type { CandidateFolder } from './candidate-folder.ts'
import { peakMemoryBytes } from './machine/process-memory.ts'
import type { ServerProcess } from './server-process.ts'

export interface MeasuredAccuracy {
  readonly accuracy: Accuracy
  readonly accelerator: Accelerator
  /** Requests of the load. */
  readonly requests: readonly Uint8Array[]
  readonly loadMs: number
  readonly peakMemoryBytes: number
}

export interface AccuracyInputs {
  readonly candidate: EvaluationCandidate
  readonly folder: CandidateFolder
  readonly server: ServerProcess
  readonly dataset: Dataset
  readonly request: Pick<EvaluationRequest, 'metric' | 'output' | 'topK' | 'seed'>
  readonly untilMs: number
  readonly nowMs: () => number
  readonly signal: AbortSignal
  readonly onProgress: (answered: number, all: number) => void
}

const usualTopK = 5

interface Asked {
  readonly story: Story
  /** Names of all classes of the model, where they are known. */
  readonly classes: readonly string[] | undefined
}

const storyOf = async (
  { candidate, folder, dataset, request }: AccuracyInputs,
  metadata: ModelMetadata,
): Promise<Asked> => {
  const { task } = candidate
  const topK = request.topK ?? usualTopK
  const names = await classesOf(folder.dir, candidate.labels)
  if (task !== 'tensor')
    return { story: taskStory(task, { topK }), classes: classedTasks.has(task) ? names : undefined }
  const wanted = labelKindFor(task, request.metric) === 'number' ? 'number' : 'class'
  const used = names?.some((name) => dataset.classes.includes(name)) ? names : undefined
  const rules = {
    ...metadata,
    chosen: request.output,
    wanted,
    columns: metadata.classes,
    names: used,
  } as const
  return { story: tensorStory(metadata, rules), classes: wanted === 'class' ? used : undefined }
}

/** Tasks whose classes the folder names. */
const classedTasks: ReadonlySet<Task> = new Set(['text-classification', 'image-classification'])

/** Documents of retrieval are answered, too, but are no samples. */
const isSample = ({ label }: Sample): boolean => label.kind !== 'document'

/** @throws CandidateError, DatasetError */
export const measureAccuracy = async (inputs: AccuracyInputs): Promise<MeasuredAccuracy> => {
  const { candidate, dataset, request, server, signal, nowMs, untilMs, onProgress } = inputs
  const { samples } = dataset
  const client = clientOf(server.port, signal)
  const metadata = await readMetadata(client)
  const { story, classes } = await storyOf(inputs, metadata)
  if (classes) checkClasses(samples, classes)
  const predictions = await predictAll(samples, {
    client,
    story,
    untilMs,
    nowMs,
    ended: server.ended,
    signal,
    onProgress: (answered) => onProgress(answered, samples.length),
  })
  const { metric, topK = usualTopK, seed } = request
  const accuracy = metricsOf(candidate.task, samples, predictions, {
    metric,
    topK,
    ...(seed !== undefined && { seed }),
    ...(classes && { classes }),
  })
  return {
    accuracy,
    accelerator: metadata.accelerator,
    requests: await loadRequests(samples.filter(isSample), story),
    loadMs: server.loadMs,
    peakMemoryBytes: await peakMemoryBytes(server.pid),
  }
}
