/** Gives every request its rows of the batches that ran, and the request to its caller once all of them have. */

import { fitTogether, type NamedTensors, requireRows, rowsOfNamed, stackNamed } from '../tensors/tensor.ts'
import { readBy } from '../tensors/tensor-memory.ts'
import type { BatchRun } from './runners.ts'
import { type BatchedOutputs, type Entry, isWholeRequest, rowsIn, type Share, settle } from './submission.ts'

export interface AnswersOptions {
  readonly nowMs: () => number
  readonly fail: (entry: Entry, error: unknown) => void
}

export interface Answers {
  /** @throws RowsMet where the outputs have another number of rows than the batch, or pieces of a request do not fit together */
  readonly give: (shares: readonly Share[], ran: BatchRun) => void
}

/** A batch came back with other rows than went in, or with such as depend on their company. */
export class RowsMet extends Error {
  override readonly name = 'RowsMet'
}

const otherRows = (name: string, rows: number, shape: string): RowsMet =>
  new RowsMet(`output ${name} of a batch of ${rows} rows has shape ${shape}`)

/** Pieces of a request differ in the number of rows only. @throws RowsMet */
const requireFit = ({ entry, attempt }: Share, outputs: NamedTensors): void => {
  const before = entry.attempt === attempt && entry.pieces.find(Boolean)
  if (!before) return
  for (const [name, tensor] of outputs) {
    const other = before.get(name)
    if (!other || fitTogether([tensor, other])) continue
    const shapes = `[${other.shape.join(', ')}] and [${tensor.shape.join(', ')}]`
    throw new RowsMet(`pieces of a request come out of output ${name} as ${shapes}`)
  }
}

/** Joins the outputs of all pieces. */
const whole = ({ pieces, dones }: Entry): Pick<BatchedOutputs, 'outputs' | 'done'> => {
  const [first, ...others] = pieces as [NamedTensors, ...NamedTensors[]]
  if (others.length === 0) return { outputs: first, done: dones[0] }
  const outputs = stackNamed([first, ...others])
  for (const done of dones) done?.()
  return { outputs, done: readBy(outputs, 1) }
}

export const createAnswers = ({ nowMs, fail }: AnswersOptions): Answers => {
  /** @param done called when the caller has read these outputs */
  const answer = (
    { entry, piece, attempt }: Share,
    { outputs, inferMs }: BatchRun,
    done: (() => void) | undefined,
  ): void => {
    if (attempt !== entry.attempt) {
      done?.()
      return
    }
    entry.pieces[piece] = outputs
    entry.dones.push(done)
    const atMs = nowMs()
    // Pieces may run side by side, and time in which several of them ran counts once.
    entry.inferMs += entry.answeredPieces === 0 ? inferMs : Math.min(inferMs, atMs - entry.answeredMs)
    entry.answeredPieces += 1
    entry.answeredMs = atMs
    if (entry.answered || entry.taken < entry.rows || entry.answeredPieces < entry.pieces.length) return
    // What fails here fails the request, which must not have been settled by then.
    const merged = whole(entry)
    settle(entry)
    const { inferMs: ranMs, batchRows, pieces } = entry
    const queueMs = pieces.length === 1 ? entry.queueMs : Math.max(0, atMs - entry.submittedMs - ranMs)
    entry.resolve({ ...merged, queueMs, inferMs: ranMs, batchRows })
  }

  /** Gives each share its rows of the outputs, which lack the lost ones. */
  const split = (shares: readonly Share[], ran: BatchRun): void => {
    const { outputs, lost } = ran
    requireRows(outputs, rowsIn(shares) - (lost?.rows.length ?? 0), otherRows)
    // All shares are checked before the first is answered: rows of a broken output are wrong for every share.
    for (const part of shares) requireFit(part, outputs)
    const done = readBy(outputs, shares.length)
    let row = 0
    let answeredRows = 0
    for (const part of shares) {
      const end = row + part.to - part.from
      const lostHere = lost?.rows.filter((place) => place >= row && place < end).length ?? 0
      const count = end - row - lostHere
      if (lost && lostHere > 0 && part.attempt === part.entry.attempt) fail(part.entry, lost.failure)
      else answer(part, { ...ran, outputs: rowsOfNamed(outputs, answeredRows, answeredRows + count) }, done)
      row = end
      answeredRows += count
    }
  }

  return {
    give: (shares, ran) => {
      const [only] = shares
      if (!only || !isWholeRequest(shares)) split(shares, ran)
      // Its own rows are lost: that it has no answer is not for a batch of others to say.
      else if (ran.lost && only.attempt === only.entry.attempt) fail(only.entry, ran.lost.failure)
      else answer(only, ran, readBy(ran.outputs, 1))
    },
  }
}
