/** What a caller is told of a model that sleeps and is not woken for this request. */
import type { ServedModel } from '../balancing/served-model.ts'
import { Failure } from '../failure.ts'
import type { Shortage } from './capacity.ts'

/** Time in which a small model wakes, seconds; where none has been seen to wake yet. */
const usualWakeSeconds = 5

const retryAfter = (lastWakeMs: number | undefined) => ({
  retryAfterSeconds: lastWakeMs === undefined ? usualWakeSeconds : Math.ceil(lastWakeMs / 1000),
})

const whyUnready = ({ model }: ServedModel): string => model().unready ?? 'no endpoint is ready'

/** A request that is no inference, or a model that has never served or may not be changed. */
export const notWoken = (served: ServedModel, isInference: boolean): Failure =>
  new Failure(
    'unavailable',
    isInference
      ? `no endpoint of ${served.key} is ready: ${whyUnready(served)}; try again later`
      : `no endpoint of ${served.key} is ready: ${whyUnready(served)}; only an inference wakes it`,
    retryAfter(undefined),
  )

export const mayNotWake = ({ key }: ServedModel): Failure =>
  new Failure(
    'forbidden',
    `${key} sleeps, and only callers that the gateway knows wake it, since API keys of a model are checked by its servers: call it from a pod that may call it`,
  )

export const noRoom = ({ key }: ServedModel, shortage: Shortage, lastWakeMs: number | undefined): Failure =>
  shortage === 'model'
    ? new Failure(
        'too-many-waiting',
        `too many requests wait for ${key} to wake; try again later`,
        retryAfter(lastWakeMs),
      )
    : new Failure(
        'unavailable',
        `too many requests wait here for models to wake; try again later`,
        retryAfter(lastWakeMs),
      )

export const tooLong = (served: ServedModel, waitedMs: number): Failure =>
  new Failure(
    'unavailable',
    `${served.key} has not woken within ${waitedMs / 1000} s: ${whyUnready(served)}; try again later`,
    retryAfter(undefined),
  )

/** The deadline that the caller has set is over. */
export const deadlineOver = ({ key }: ServedModel): Failure =>
  new Failure('timeout', `${key} has not woken within the deadline of the call`)

export const gone = ({ key }: ServedModel): Failure => new Failure('unavailable', `${key} has been deleted`)

export const gatewayEnds = (): Failure =>
  new Failure('unavailable', 'the model sleeps, and this gateway is ending; try again', {
    retryAfterSeconds: 1,
  })
