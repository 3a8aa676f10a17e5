/** What is known of a measured candidate, as the ConfigMap with the reports keeps it: Jobs and their pods may go. */
import { isEvaluationReport } from '@gantry/contract/documents.ts'
import type { Comparison, EvaluatedDataset, Measurement, Unmeasured } from '@gantry/contract/evaluation.ts'
import type { PricedNode } from '@gantry/evaluation/hourly-cost.ts'
import { isObject } from '@gantry/kube/json-object.ts'
import type { LiveConfigMap } from '@gantry/kube/live.ts'
import { plainComparison, plainDataset, plainResult } from '../evaluating/plain-report.ts'

export interface CandidateRecord {
  /** Fingerprint of all in spec that decided what was measured. */
  readonly inputs: string
  /** Name of the Job that measured. */
  readonly job: string
  readonly result: Measurement | Unmeasured
  /** Absent where the Job ended before it had read them. */
  readonly dataset?: EvaluatedDataset
  /** Its answers beside those of its candidate as it is; absent where that was not asked, or could not be compared. */
  readonly comparison?: Comparison
  /** The node that it was measured on, for its price: the node may be gone before the evaluation is. Absent without a price sheet. */
  readonly node?: PricedNode
  /** sha256 of the whole report, which is in the same ConfigMap; absent where it is not. */
  readonly report?: string
  /** Why the whole report is not there. */
  readonly missing?: string
}

/** Key of a candidate's record. */
export const recordKey = (candidate: string): string => `${candidate}.json`

/** The report for people, made from the records. */
export const markdownKey = 'report.md'

/** Members of the report of an evaluation, which is what its schema is for. */
const noDataset: EvaluatedDataset = { source: '', digest: `sha256:${'0'.repeat(64)}`, samples: 1, total: 1 }
const isText = (value: unknown): boolean => value === undefined || typeof value === 'string'

const isEach = (value: unknown, type: 'string' | 'number'): boolean =>
  isObject(value) && Object.values(value).every((one) => typeof one === type)

const isNode = (value: unknown): boolean =>
  isObject(value) &&
  typeof value['name'] === 'string' &&
  isEach(value['labels'], 'string') &&
  isEach(value['allocatable'], 'number')

const isRecord = (value: unknown): value is CandidateRecord => {
  if (!isObject(value)) return false
  const { inputs, job, result, dataset = noDataset, comparison, node, report, missing } = value
  const comparisons = comparison === undefined ? {} : { comparisons: [comparison] }
  const isNamed = typeof inputs === 'string' && typeof job === 'string'
  return (
    isNamed &&
    (node === undefined || isNode(node)) &&
    isText(report) &&
    isText(missing) &&
    isEvaluationReport({ outcome: 'measured', candidates: [result], dataset, ...comparisons })
  )
}

/** Members that nobody declared are left out: a status would be refused that has them. */
const plainRecord = ({
  inputs,
  job,
  result,
  dataset,
  comparison,
  node,
  report,
  missing,
}: CandidateRecord): CandidateRecord => ({
  ...{ inputs, job, result: plainResult(result) },
  ...(dataset ? { dataset: plainDataset(dataset) } : {}),
  ...(comparison ? { comparison: plainComparison(comparison) } : {}),
  ...(node ? { node: { name: node.name, labels: node.labels, allocatable: node.allocatable } } : {}),
  ...(report === undefined ? {} : { report }),
  ...(missing === undefined ? {} : { missing }),
})

/** @returns undefined where there is none, or none of the operator's form: any user may have written the ConfigMap */
export const recordOf = (
  map: Pick<LiveConfigMap, 'data'> | undefined,
  candidate: string,
): CandidateRecord | undefined => {
  try {
    const record: unknown = JSON.parse(map?.data?.[recordKey(candidate)] ?? '')
    return isRecord(record) && record.result.name === candidate ? plainRecord(record) : undefined
  } catch {
    return undefined
  }
}

export const writtenRecord = (record: CandidateRecord): string => `${JSON.stringify(plainRecord(record))}\n`
