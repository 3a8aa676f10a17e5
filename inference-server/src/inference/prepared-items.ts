/** Makes the items of one request ready to run, within what one request may ask for. */

import { Failure } from '../failures/errors.ts'
import { inTurns } from '../process/turns.ts'
import { maxRequestRows } from '../protocol/binding.ts'
import { checkAnswer } from '../requests/answer-size.ts'
import type { Prepared, TaskItem } from '../tasks/task.ts'
import type { NamedTensors } from '../tensors/tensor.ts'

/** Pixels of all pictures of a request: a hundred of the largest, or four hundred of a telephone. One byte of a picture of one colour may stand for a thousand. */
const maxRequestPixels = 4_000_000_000

/** Items of one request that are prepared at a time: each picture takes memory and a thread. */
const atATime = 4

/** A row of a model that compares a picture with texts holds them all: they are rows of their own to it. */
const rowsIn = (row: NamedTensors): number => {
  let rows = 1
  for (const { shape } of row.values()) rows = Math.max(rows, shape[0] ?? 1)
  return rows
}

const tooManyRows = (): Failure =>
  new Failure(
    'too-large',
    `the request makes more than ${maxRequestRows} rows for the model, which is the most that are run; send fewer or shorter items`,
  )

const tooManyPixels = (): Failure =>
  new Failure(
    'too-large',
    `the pictures of the request have more than ${maxRequestPixels / 1_000_000} million pixels together; send them in several requests`,
    { field: 'image' },
  )

/** @returns what refuses as soon as there is too much of anything @throws Failure, from it */
const requestBounds = (maxAnswerBytes: number) => {
  let rows = 0
  let pixels = 0
  let answerBytes = 0
  return (prepared: Prepared): Prepared => {
    for (const row of prepared.rows) rows += rowsIn(row)
    if (rows > maxRequestRows) throw tooManyRows()
    pixels += prepared.pixels ?? 0
    if (pixels > maxRequestPixels) throw tooManyPixels()
    answerBytes += prepared.answer?.bytes ?? 0
    checkAnswer(answerBytes, maxAnswerBytes, prepared.answer?.field)
    return prepared
  }
}

interface Bounds {
  /** Most bytes of the answer as JSON. */
  readonly maxAnswerBytes: number
  readonly nowMs: () => number
}

/** Refuses as soon as there is too much: what is left of the request is not prepared. @throws Failure */
export const prepareAll = (
  items: readonly TaskItem[],
  { maxAnswerBytes, nowMs }: Bounds,
): Promise<readonly Prepared[]> => {
  const counted = requestBounds(maxAnswerBytes)
  const prepare = (item: TaskItem): Promise<Prepared> | Prepared => {
    const prepared = item()
    return prepared instanceof Promise ? prepared.then(counted) : counted(prepared)
  }
  return inTurns(items, prepare, { atATime, nowMs })
}
