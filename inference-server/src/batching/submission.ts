/** A request on its way through the batcher: what was submitted, how much of it has run, and how it was answered. */
import { elementsIn, type NamedTensors, rowCount, type Tensor } from '../tensors/tensor.ts'

export interface Submission {
  /** Input tensors; the batcher takes their memory. */
  readonly inputs: NamedTensors
  /** Whether it may share no run, even where others may. */
  readonly alone?: boolean
  /** Whether the caller has left. */
  readonly gone?: () => boolean
  /** Deadline of this request, where it is earlier than that of all requests. */
  readonly timeoutMs?: number | undefined
  /** Whether it is work beside predictions: it does not wait, and shares no run. */
  readonly isBeside?: boolean | undefined
}

export interface BatchedOutputs {
  readonly outputs: NamedTensors
  /** Time from submission to the first batch, and between the batches of a request that takes several. */
  readonly queueMs: number
  /** Time in which any of the request's batches ran. */
  readonly inferMs: number
  /** Rows of the largest of its batches. */
  readonly batchRows: number
  /** Frees the memory of the outputs once they have been read, sooner than the garbage collector would. */
  readonly done: (() => void) | undefined
}

export interface Entry {
  readonly inputs: NamedTensors
  /** Entries with equal keys may share a batch; an entry without a key runs alone and whole. */
  key: string | undefined
  readonly rows: number
  /** Tokens of each row; 0 where rows are not texts. */
  readonly tokens: number
  /** Elements of all inputs and rows. */
  readonly elements: number
  readonly submittedMs: number
  readonly gone: (() => boolean) | undefined
  readonly resolve: (outputs: BatchedOutputs) => void
  readonly reject: (error: unknown) => void
  /** Number of the attempt; outputs of former attempts are ignored. */
  attempt: number
  /** Outputs of its pieces in order; holes where a piece still runs. */
  pieces: NamedTensors[]
  /** `done` of the pieces, in any order. */
  dones: ((() => void) | undefined)[]
  /** Rows that were given to a runner. */
  taken: number
  answeredPieces: number
  /** Time of the latest answer to a piece. */
  answeredMs: number
  queueMs: number
  inferMs: number
  batchRows: number
  answered: boolean
  /** Removes the entry from those with a deadline. */
  leave: (() => void) | undefined
}

/** Rows of one entry in one batch. */
export interface Share {
  readonly entry: Entry
  readonly from: number
  readonly to: number
  readonly piece: number
  /** Attempt of the entry when these rows were taken. */
  readonly attempt: number
}

/** Whether a batch is one request and all of it, so that its outputs hold no rows of others. */
export const isWholeRequest = ([only, ...others]: readonly Share[]): boolean =>
  others.length === 0 && only !== undefined && only.from === 0 && only.to === only.entry.rows

export const rowsIn = (shares: readonly Share[]): number =>
  shares.reduce((sum, { from, to }) => sum + to - from, 0)

/**
 * Trailing axes of all inputs, or undefined where axis 0 is missing or not the same everywhere, or an axis is empty: what is
 * proven of rows is proven for lengths of 1 or more.
 */
const shapeKey = (inputs: NamedTensors, rows: number): string | undefined => {
  let key = ''
  for (const { shape } of inputs.values()) {
    if (shape.length === 0 || shape[0] !== rows || shape.includes(0)) return undefined
    for (let axis = 1; axis < shape.length; axis++) key += `${shape[axis]},`
    key += ';'
  }
  return key
}

/** Length of the token axis of input_ids [rows, tokens]. */
const tokensOf = (inputs: NamedTensors): number => {
  const ids = inputs.get('input_ids')
  return ids?.shape.length === 2 ? (ids.shape[1] as number) : 0
}

const firstOf = (inputs: NamedTensors): Tensor | undefined => inputs.values().next().value

/** @param mayShare whether a request of so many rows may share a run */
export const newEntry = (
  { inputs, alone = false, gone }: Submission,
  mayShare: (rows: number) => boolean,
  rest: Pick<Entry, 'submittedMs' | 'resolve' | 'reject'>,
): Entry => {
  const first = firstOf(inputs)
  const rows = first ? rowCount(first) : 0
  return {
    ...rest,
    inputs,
    key: !alone && mayShare(rows) ? shapeKey(inputs, rows) : undefined,
    rows,
    tokens: tokensOf(inputs),
    elements: elementsIn(inputs),
    gone,
    attempt: 0,
    pieces: [],
    dones: [],
    taken: 0,
    answeredPieces: 0,
    answeredMs: 0,
    queueMs: 0,
    inferMs: 0,
    batchRows: 0,
    answered: false,
    leave: undefined,
  }
}

/** Prepares an entry that had begun to run anew, alone and whole. */
export const beginAnew = (entry: Entry): void => {
  for (const done of entry.dones) done?.()
  entry.key = undefined
  entry.attempt += 1
  entry.taken = 0
  entry.pieces = []
  entry.dones = []
  entry.answeredPieces = 0
}

/** @returns false where it was answered before */
export const settle = (entry: Entry): boolean => {
  if (entry.answered) return false
  entry.answered = true
  entry.leave?.()
  return true
}
