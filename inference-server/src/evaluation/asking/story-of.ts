/** Which story a candidate is asked by. */
import type { EvaluationCandidate, EvaluationRequest } from '@gantry/contract/evaluation.ts'
import type { Task } from '@gantry/contract/server.ts'
import { labelKindFor } from '../../accuracy/task-metrics.ts'
import type { Dataset, Sample } from '../../datasets/sample.ts'
import { classesOf } from './class-names.ts'
import { openScorer } from './likelihood.ts'
import { likelyStory } from './likely-story.ts'
import type { ModelMetadata } from './served-model.ts'
import type { Story } from './story.ts'
import { taskStory } from './task-story.ts'
import { tensorStory } from './tensor-story.ts'

export interface Asked {
  readonly candidate: Pick<EvaluationCandidate, 'task' | 'labels'>
  /** Absolute folder of the model. */
  readonly dir: string
  readonly dataset: Dataset
  readonly request: Pick<EvaluationRequest, 'metric' | 'output' | 'topK'>
  /** Ends the processes that a story has started. */
  readonly signal: AbortSignal
}

export interface Told {
  readonly story: Story
  /** Names of all classes of the model, where they are known. */
  readonly classes: readonly string[] | undefined
}

/** As the CRD has it. */
export const usualTopK = 5

/** Tasks whose classes the folder names. */
const classedTasks: ReadonlySet<Task> = new Set(['text-classification', 'image-classification'])

const isUnanswerable = ({ label }: Sample): boolean => label.kind === 'texts' && label.texts.length === 0

/** Labels are names of the model's classes where some are; else they are what the model answers, such as numbers. */
const tensorTold = async (
  { candidate, dir, dataset, request }: Asked,
  metadata: ModelMetadata,
): Promise<Told> => {
  const wanted = labelKindFor('tensor', request.metric) === 'number' ? 'number' : 'class'
  const named = await classesOf(dir, candidate.labels)
  const names = named?.some((name) => dataset.classes.includes(name)) ? named : undefined
  const { outputs, classes: columns } = metadata
  const story = tensorStory(metadata, { outputs, columns, chosen: request.output, wanted, names })
  return { story, classes: wanted === 'class' ? names : undefined }
}

/** @throws CandidateError, StartError where the folder does not fit the task */
export const storyOf = async (asked: Asked, metadata: ModelMetadata): Promise<Told> => {
  const { candidate, dir, dataset, request, signal } = asked
  const { task, labels } = candidate
  if (task === 'tensor') return tensorTold(asked, metadata)
  const { metric, topK = usualTopK } = request
  const story = taskStory(task, { topK, unanswerable: dataset.samples.some(isUnanswerable) })
  if (task === 'text-generation' || task === 'code-generation') {
    const scorer = await openScorer(dir, metadata, signal)
    return { story: likelyStory(story, scorer, metric === 'perplexity'), classes: undefined }
  }
  return { story, classes: classedTasks.has(task) ? await classesOf(dir, labels) : undefined }
}
