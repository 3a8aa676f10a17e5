/** Sends all samples of a data set to a served model, several requests at a time. */

import { setTimeout as sleep } from 'node:timers/promises'
import { CandidateError } from '../../accuracy/candidate-error.ts'
import type { Prediction } from '../../accuracy/prediction.ts'
import type { Sample } from '../../datasets/sample.ts'
import type { Ended } from '../serving/server-end.ts'
import { whyEnded } from '../serving/server-end.ts'
import { type Client, refused } from './served-model.ts'
import type { Group, Story } from './story.ts'

export interface Asking {
  readonly client: Client
  readonly story: Story
  /** When it has to be done, by `nowMs`. */
  readonly untilMs: number
  readonly nowMs: () => number
  /** Settles when the server ends. */
  readonly ended: Promise<Ended>
  readonly signal: AbortSignal
  /** Called with the number of samples that are answered. */
  readonly onProgress: (answered: number) => void
}

/** Requests in flight: a server batches them, and none waits for long. */
const inFlight = 8

/** The connection of a request breaks off before its server has ended for the system. */
const endDelayMs = 2000

/** What an error of a connection stands for: the end of the server, where it ends. */
const brokenOff = async (error: unknown, { ended, signal }: Asking, line: number): Promise<Error> => {
  signal.throwIfAborted()
  const end = await Promise.race([ended, sleep(endDelayMs, undefined, { ref: false })])
  if (end) return whyEnded({ kind: 'ended', ...end }, 'answers')
  return new CandidateError(
    'PredictionFailed',
    `line ${line}: the request failed: ${(error as Error).message}`,
    { cause: error },
  )
}

const ask = async (asking: Asking, group: Group): Promise<readonly Prediction[]> => {
  const { client, story } = asking
  const [first] = group
  const line = first?.line ?? 0
  const body = await story.body(group)
  const reply = await client.post(story.path, body).catch(async (error: unknown) => {
    throw await brokenOff(error, asking, line)
  })
  if ('answer' in reply) {
    const found = story.read(reply.answer, group)
    return story.complete ? story.complete(client, found, group) : found
  }
  if (group.length === 1) throw refused(reply, line)
  // One of them is refused: each alone, so that the sentence is about its line.
  const alone: (readonly Prediction[])[] = []
  for (const sample of group) alone.push(await ask(asking, [sample]))
  return alone.flat()
}

const outOfTime = (answered: number, all: number): CandidateError =>
  new CandidateError(
    'OutOfTime',
    `${answered} of ${all} samples were answered when the time was over; give a longer timeBudget, or fewer samples by dataset.sample`,
  )

/**
 * One prediction for each sample, in the order of the samples.
 * @throws CandidateError for the first sample that is refused
 */
export const predictAll = async (
  samples: readonly Sample[],
  asking: Asking,
): Promise<readonly Prediction[]> => {
  const groups = asking.story.group(samples)
  const found = new Array<readonly Prediction[]>(groups.length)
  let next = 0
  let answered = 0
  const work = async (): Promise<void> => {
    for (let at = next++; at < groups.length; at = next++) {
      asking.signal.throwIfAborted()
      if (asking.nowMs() > asking.untilMs) throw outOfTime(answered, samples.length)
      const group = groups[at] as Group
      try {
        found[at] = await ask(asking, group)
      } catch (error) {
        next = groups.length
        throw error
      }
      answered += group.length
      asking.onProgress(answered)
    }
  }
  await Promise.all(Array.from({ length: inFlight }, work))
  return found.flat()
}
