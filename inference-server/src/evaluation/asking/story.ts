/** How samples are sent to a served model, and its answers read: one story for each kind of task. */
import type { Prediction } from '../../accuracy/prediction.ts'
import type { Sample } from '../../datasets/sample.ts'
import type { RequestBody } from './request-body.ts'
import type { Client } from './served-model.ts'

/** Samples that go in one request. */
export type Group = readonly Sample[]

export interface Story {
  /** Path of the endpoint. */
  readonly path: string
  /** Divides the samples into requests. */
  readonly group: (samples: readonly Sample[]) => readonly Group[]
  /** The body of a request. @throws CandidateError where a sample does not fit the model */
  readonly body: (group: Group) => Promise<RequestBody> | RequestBody
  /** One prediction for each sample. @throws CandidateError */
  readonly read: (answer: unknown, group: Group) => readonly Prediction[]
  /** Asks the server what else a metric needs. @throws CandidateError */
  readonly complete?: (
    client: Client,
    predictions: readonly Prediction[],
    group: Group,
  ) => Promise<readonly Prediction[]>
}
