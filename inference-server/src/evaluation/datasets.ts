/** The data set of an evaluation, as each task of its candidates reads it. */
import type { EvaluatedDataset, EvaluationRequest } from '@gantry/contract/evaluation.ts'
import type { Task } from '@gantry/contract/server.ts'
import { shownSource } from '@gantry/contract/source.ts'
import { labelKindFor } from '../accuracy/task-metrics.ts'
import { datasetFile } from '../datasets/dataset-file.ts'
import { readDataset } from '../datasets/read-dataset.ts'
import type { Dataset } from '../datasets/sample.ts'
import { selected } from '../datasets/selection.ts'
import type { Fetching } from './candidate-folder.ts'
import { openDataset } from './dataset-folder.ts'

/**
 * The first of the samples in an order by a fixed seed: a smaller part is within each larger one. Documents of retrieval stay.
 * @param size of the part
 */
const partOf = (dataset: Dataset, size: number): Dataset => {
  if (size >= dataset.used) return dataset
  const drawn = new Set(selected(dataset.used, undefined, { size }))
  let index = 0
  const samples = dataset.samples.filter(({ label }) => label.kind === 'document' || drawn.has(index++))
  return { ...dataset, samples, used: size }
}

/** @param most samples of those that are used, where not all are asked @throws DatasetError, MetricUnsupported before anything is fetched */
export const readDatasets = async (
  { dataset, metric, candidates }: EvaluationRequest,
  workspace: string,
  fetching: Fetching,
  most = Number.POSITIVE_INFINITY,
): Promise<ReadonlyMap<Task, Dataset>> => {
  const tasks = new Set(candidates.map(({ task }) => task))
  for (const task of tasks) labelKindFor(task, metric)
  const { format, split, sample, calibration } = dataset
  const place = await datasetFile(await openDataset(dataset, workspace, fetching), dataset.file)
  const read = new Map<Task, Dataset>()
  for (const task of tasks) {
    const labels = labelKindFor(task, metric)
    const whole = await readDataset({ ...place, task, labels, format, split, sample, calibration })
    read.set(task, partOf(whole, most))
  }
  return read
}

export const evaluatedDataset = (
  { dataset }: EvaluationRequest,
  { digest, used, total }: Dataset,
): EvaluatedDataset => ({
  source: shownSource(dataset.sourceName ?? dataset.source),
  ...{ digest, samples: used, total },
})
