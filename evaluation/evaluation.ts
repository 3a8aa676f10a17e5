/** The parts of a ModelEvaluation that ranking and reports read and write, as its CRD defines them. */
import type { Frozen } from '@gantry/contract/documents.ts'
import type { Metric } from '@gantry/contract/evaluation.ts'
import type { ModelEvaluation } from '@gantry/contract/modelevaluation.gen.ts'

type Spec = Frozen<ModelEvaluation['spec']>
type Status = Frozen<NonNullable<ModelEvaluation['status']>>

/** What of a candidate decides whether it meets the requirements. */
export type Candidate = Pick<Spec['candidates'][number], 'name' | 'task' | 'capabilities'>

/** What ranks the candidates. A file that no API server has seen may leave out what has a default in the CRD. */
export interface RankingSpec
  extends Pick<
    Spec,
    'requirements' | 'metric' | 'expectedRequestsPerHour' | 'weights' | 'costModel' | 'score'
  > {
  readonly candidates: readonly Candidate[]
}

export type Result = NonNullable<Status['results']>[number]
export type Ineligible = NonNullable<Status['ineligible']>[number]
export type Cost = Result['cost']
export type Score = Result['score']

/** What a ranking puts into status. */
export interface Ranking {
  /** Name of the first result; left out where no candidate is eligible. */
  readonly winner?: string
  /** Best first. */
  readonly results: readonly Result[]
  /** Candidates in the order of spec.candidates. */
  readonly ineligible: readonly Ineligible[]
  /** Names, in the order of the results. */
  readonly pareto: readonly string[]
}

/** A value that nobody has, and why. */
export interface Unknown {
  /** A sentence without a period at its end. */
  readonly unknown: string
}

export const isUnknown = (value: object | number): value is Unknown =>
  typeof value === 'object' && 'unknown' in value

/** The defaults of the CRD. */
export const metricOf = (spec: RankingSpec): Metric => spec.metric ?? 'accuracy'
export const scoreOf = (spec: RankingSpec): 'normalized' | 'comprehensive' => spec.score ?? 'normalized'

/** The part of status that a report shows. */
export type ReportedStatus = Pick<Status, 'winner' | 'dataset' | 'results' | 'ineligible' | 'pareto'>
