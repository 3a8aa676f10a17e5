/** What an evaluation is given, and what it finds. */
import type { ChildProcess } from 'node:child_process'
import type { DriftReference } from '@gantry/contract/drift.ts'
import type {
  CandidateReport,
  Comparison,
  EvaluatedDataset,
  EvaluationRequest,
  Unmeasured,
} from '@gantry/contract/evaluation.ts'
import type { Log } from '../process/log.ts'
import type { Fetching } from './candidate-folder.ts'
import type { Pace } from './load/effort.ts'
import type { Machine } from './machine/hardware.ts'
import type { Progress } from './report/progress.ts'

export interface Evaluation {
  readonly request: EvaluationRequest
  /** Absolute folder that is removed afterwards. */
  readonly workspace: string
  /** Absolute folder for the versions that are fetched. */
  readonly volume: string
  readonly fetching: Fetching
  /** The same for the data set, which has credentials of its own. */
  readonly datasetFetching: Fetching
  readonly machine: Machine
  readonly pace: Pace
  readonly env: NodeJS.ProcessEnv
  readonly log: Log
  readonly signal: AbortSignal
  /** Processes of the servers that run, which are killed where the program ends at once. */
  readonly servers: Set<ChildProcess>
  readonly nowMs: () => number
  /** Whether a candidate leaves a reference for drift. */
  readonly leavesReference: (candidate: string) => boolean
  readonly onProgress: (progress: Progress) => void
}

export interface Evaluated {
  readonly dataset: EvaluatedDataset
  /** Results in the order of the request. */
  readonly candidates: readonly (CandidateReport | Unmeasured)[]
  readonly comparisons: readonly Comparison[]
  /** References for drift, by candidate; of too few samples there is none. */
  readonly references: ReadonlyMap<string, DriftReference>
}
