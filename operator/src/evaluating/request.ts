/** The parts of an EvaluationRequest that follow from a spec. */
import type { EvaluationDataset } from '@gantry/contract/evaluation.ts'
import { datasetUse, reachSource, type Source } from '../pods/source.ts'

/** `dataset` of a spec: a source, and how its samples are read. */
export type DatasetSpec = Source & Omit<EvaluationDataset, 'source' | 'sourceName'>

/** The data set as the program in the pod finds it. Members are named one by one: what the CRD does not know goes no further. */
export const requestedDataset = (dataset: DatasetSpec): EvaluationDataset => {
  const { file, sha256, format, split, sample } = dataset
  const { source, sourceName } = reachSource(dataset, datasetUse)
  return {
    source,
    ...(sourceName === undefined ? {} : { sourceName }),
    ...(file === undefined ? {} : { file }),
    ...(sha256 === undefined ? {} : { sha256 }),
    ...(format === undefined ? {} : { format }),
    ...(split === undefined ? {} : { split }),
    ...(sample === undefined ? {} : { sample }),
  }
}
