/** The tensors that the server would give a model for each sample of a data set, in one file. */
import type { EvaluationDataset } from '@gantry/contract/evaluation.ts'
import { sampleNames, writingTasks } from '@gantry/contract/optimizing.ts'
import { labelKindFor } from '../accuracy/task-metrics.ts'
import { invalid } from '../datasets/dataset-error.ts'
import { datasetFile } from '../datasets/dataset-file.ts'
import { readDataset } from '../datasets/read-dataset.ts'
import type { Dataset } from '../datasets/sample.ts'
import { classesOf } from '../evaluation/asking/class-names.ts'
import type { Fetching } from '../evaluation/candidate-folder.ts'
import { openDataset } from '../evaluation/dataset-folder.ts'
import { StartError } from '../failures/errors.ts'
import { quotedText } from '../failures/shown-text.ts'
import type { ModelFiles } from '../models/model-files.ts'
import { openSession, signatureOf } from '../sessions/session.ts'
import { loadTask } from '../tasks/index.ts'
import type { LoadedTask } from '../tasks/task.ts'
import type { NamedTensors, Signature, Tensor } from '../tensors/tensor.ts'
import { binaryLength } from '../tensors/tensor-binary.ts'
import { readModel } from '../versions/model.ts'
import { type ExpectedAnswers, expectedAnswers } from './expected-answers.ts'
import type { SamplesOptions } from './options.ts'
import { rowsOfSample } from './sample-rows.ts'
import { isWritable, writeTensors } from './tensor-file.ts'

export interface Surroundings {
  /** Fetches the data set. */
  readonly fetching: Fetching
  /** Absolute folder that is removed afterwards. */
  readonly workspace: string
}

/** Everything is in memory until it is written; 3,500 pictures of 224 pixels. */
const mostBytes = 2 * 2 ** 30

const readDatasetOf = async (
  { task, metric = 'accuracy', trains }: SamplesOptions['request'],
  dataset: EvaluationDataset,
  { workspace, fetching }: Surroundings,
): Promise<Dataset> => {
  const labels = labelKindFor(task, metric)
  const place = await datasetFile(await openDataset(dataset, workspace, fetching), dataset.file)
  const { format, split, sample, calibration = 'own' } = dataset
  return readDataset({ ...place, task, labels, format, split, sample, calibration, trains })
}

interface Loaded {
  readonly files: ModelFiles
  readonly task: LoadedTask | undefined
  readonly signature: Signature
}

const load = async (
  { folder: dir, task, file, labels }: SamplesOptions['request'],
  signal: AbortSignal,
): Promise<Loaded> => {
  if (writingTasks.includes(task))
    throw new StartError(
      `task ${task} writes, and what its graphs are given depends on what they have written; optimize it without a data set`,
    )
  const asked = { dir, file, name: 'samples', task, version: undefined, responses: undefined }
  const files = await readModel({ ...asked, labels: labels && [...labels] })
  const session = await openSession(files.onnxPath, 1, 'cpu').catch((error: Error) => {
    throw new StartError(`${files.onnxPath} cannot be loaded as an ONNX model: ${error.message}`)
  })
  const signature = signatureOf(session, files.onnxPath)
  return { files, signature, task: await loadTask(task, { ...files, signal }, signature) }
}

const refuseTexts = (row: NamedTensors): void => {
  for (const [name, tensor] of row)
    if (!isWritable(tensor))
      throw new StartError(
        `input ${quotedText(name)} takes texts, which the file of samples cannot hold; optimize the model without a data set`,
      )
}

const integers = (values: readonly number[]): Tensor => ({
  dtype: 'INT64',
  shape: [values.length],
  data: BigInt64Array.from(values, BigInt),
})

/** Row 12 -> `000012/` */
const prefix = (row: number): string => `${String(row).padStart(sampleNames.digits, '0')}/`

/** @throws DatasetError naming the line @throws StartError */
const collect = async (
  { samples }: Dataset,
  { task, signature }: Loaded,
  expected: ExpectedAnswers | undefined,
  signal: AbortSignal,
) => {
  const tensors = new Map<string, Tensor>()
  const samplesOfRows: number[] = []
  const answers: number[] = []
  let bytes = 0
  for (const [index, sample] of samples.entries()) {
    signal.throwIfAborted()
    for (const row of await rowsOfSample(sample, task, signature)) {
      refuseTexts(row)
      for (const [name, tensor] of row) {
        bytes += binaryLength(tensor)
        tensors.set(prefix(samplesOfRows.length) + name, tensor)
      }
      samplesOfRows.push(index)
      answers.push(expected?.of(sample) ?? -1)
    }
    if (bytes > mostBytes)
      throw invalid('the samples make more than 2 GiB of tensors; use fewer of them with sample')
  }
  tensors.set(sampleNames.samples, integers(samplesOfRows))
  if (expected) tensors.set(sampleNames.expected, integers(answers))
  return { tensors, rows: samplesOfRows.length }
}

/**
 * @returns how many rows were written; undefined where the request has no data set
 * @throws DatasetError, StartError
 */
export const writeSamples = async (
  { request, output }: SamplesOptions,
  surroundings: Surroundings,
): Promise<number | undefined> => {
  const { signal } = surroundings.fetching
  if (!request.dataset) return undefined
  const dataset = await readDatasetOf(request, request.dataset, surroundings)
  const loaded = await load(request, signal)
  const { task, signature, files } = loaded
  const names = await classesOf(files.dir, request.labels)
  const expected = expectedAnswers(task, signature, request.output, names)
  const { tensors, rows } = await collect(dataset, loaded, expected, signal)
  const { format, rows: rowCount, total, digest, output: answering, answer } = sampleNames.metadata
  await writeTensors(output, tensors, {
    ...{ [format]: '1', [rowCount]: `${rows}`, [total]: `${dataset.total}`, [digest]: dataset.digest },
    ...(expected && { [answering]: expected.output, [answer]: expected.answer }),
  })
  return rows
}
