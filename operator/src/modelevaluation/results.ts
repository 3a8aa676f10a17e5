/** What the known candidates amount to. */
import { type EvaluatedDataset, isMeasurement, type Measurement } from '@gantry/contract/evaluation.ts'
import type { CostOf } from '@gantry/evaluation/cost.ts'
import type { Ranking } from '@gantry/evaluation/evaluation.ts'
import { rank } from '@gantry/evaluation/ranking.ts'
import type { ModelEvaluation } from './model-evaluation.ts'
import type { CandidateRecord } from './record.ts'
import type { Standing } from './standing.ts'
import { dropOf, rankedSpec } from './subjects.ts'

export const recordsOf = (standings: readonly Standing[]): readonly CandidateRecord[] =>
  standings.flatMap((standing) => (standing.kind === 'known' ? [standing.record] : []))

export const measurementsOf = (records: readonly CandidateRecord[]): readonly Measurement[] =>
  records.map(({ result }) => result).filter(isMeasurement)

/** How many candidates need nothing more. */
const doneCount = (standings: readonly Standing[]): number =>
  standings.filter(({ kind }) => kind !== 'due').length

export const isComplete = (standings: readonly Standing[]): boolean =>
  standings.every(({ kind }) => kind !== 'due')

export const progressOf = (standings: readonly Standing[]): string =>
  `${doneCount(standings)}/${standings.length}`

export const rankingOf = (
  evaluation: ModelEvaluation,
  records: readonly CandidateRecord[],
  costOf: CostOf,
): Ranking =>
  rank(
    rankedSpec(evaluation),
    records.map(({ result }) => result),
    costOf,
    dropOf(
      evaluation,
      records.flatMap(({ comparison }) => comparison ?? []),
    ),
  )

/** The data that were used: those of the last candidate that had any. */
export const datasetOf = (records: readonly CandidateRecord[]): EvaluatedDataset | undefined =>
  records.findLast(({ dataset }) => dataset)?.dataset

/** Candidates that were measured with other data than the rest, as where a file was replaced in between. */
export const otherData = (records: readonly CandidateRecord[]): readonly string[] => {
  const digest = datasetOf(records)?.digest
  return records.flatMap(({ dataset, result }) => (dataset && dataset.digest !== digest ? [result.name] : []))
}

/** Figures of different machines cannot be compared. */
export const hardwareDiffers = (records: readonly CandidateRecord[]): boolean => {
  const machines = measurementsOf(records).map(({ hardware }) => {
    const { processor, cores, accelerator, gpu } = hardware
    return [processor, cores, accelerator, gpu].join('|')
  })
  return new Set(machines).size > 1
}
