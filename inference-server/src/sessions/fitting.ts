/**
 * Runs that fit in the memory there is.
 *
 * A batch for which memory cannot be allocated is halved until it fits, down to single rows. A single row that does not fit
 * on the GPU moves the session to the CPU, where it stays: memory that another program took may never come back, and every
 * try costs the callers a failed run. A single row that does not fit on the CPU either is lost; the rows beside it are not.
 *
 * What did not fit is remembered as a number of input elements, so that one number serves rows of every length, and later
 * batches are cut before they run. It is not tried higher again: a run beyond it gains little (the device is busy either
 * way), and where a container's limit is what ends, an attempt too many is not an error but the end of the process. A
 * worker that is replaced starts without it.
 */
import { elementsIn, type NamedTensors, requireRows, rowsOfNamed, stackNamed } from '../tensors/tensor.ts'
import { createPlaces, type Place, type PlacesOptions } from './places.ts'
import { firstLine, isOutOfMemory } from './run-error.ts'

export interface FittingOptions<Sessions> extends PlacesOptions<Sessions> {
  /** Called when runs are cut to `rows` rows of the present size from now on. */
  readonly onCut: (rows: number, cause: string) => void
}

export interface Fitted {
  /** Outputs of all rows that are not lost; undefined where no row is left. */
  readonly outputs: NamedTensors | undefined
  /** Places of the rows that fit nowhere, ascending. */
  readonly lost: readonly number[]
  /** Why they are lost. */
  readonly cause: string
}

export interface Fitting<Sessions> {
  /**
   * @param work one run; throws what onnxruntime throws
   * @param rows how many independent rows the inputs are; undefined where they have to stay together
   * @param remembers whether what did not fit says something of later runs
   * @throws what `work` throws that is not for want of memory
   */
  readonly run: (
    work: (sessions: Sessions, inputs: NamedTensors) => Promise<NamedTensors>,
    inputs: NamedTensors,
    rows: number | undefined,
    remembers?: boolean,
  ) => Promise<Fitted>
}

/** Pieces are put together by rows, so each has to come back with as many as went in. */
const otherRows = (name: string, rows: number, shape: string): Error =>
  new Error(
    `output ${name} of ${rows} rows has shape ${shape}; set spec.serve.batching.rows (--rows) to alone`,
  )

const joined = (pieces: readonly NamedTensors[]): NamedTensors | undefined => {
  const [first, ...others] = pieces
  return first && stackNamed([first, ...others])
}

export const createFitting = <Sessions>(options: FittingOptions<Sessions>): Fitting<Sessions> => {
  const { onCut } = options
  const places = createPlaces(options)

  const run: Fitting<Sessions>['run'] = async (work, inputs, rows, remembers = true) => {
    const total = rows ?? 1
    const elements = elementsIn(inputs) / total
    const pieces: NamedTensors[] = []
    const lost: number[] = []
    let lostCause = ''
    /** A CPU that cannot take over is asked once in a run: opening sessions takes seconds. */
    let stuck: string | undefined
    let done = 0
    const forgotten = { mostElements: Number.POSITIVE_INFINITY }
    const capOf = (at: Place<Sessions>): Pick<Place<Sessions>, 'mostElements'> => (remembers ? at : forgotten)

    const attempt = (at: Place<Sessions>, count: number): Promise<NamedTensors> =>
      places.at(at, async () => {
        if (count === total) return work(at.sessions, inputs)
        const outputs = await work(at.sessions, rowsOfNamed(inputs, done, done + count))
        requireRows(outputs, count, otherRows)
        return outputs
      })

    const cut = (at: Place<Sessions>, fewer: number, cause: string): void => {
      const cap = capOf(at)
      cap.mostElements = Math.min(cap.mostElements, fewer * elements)
      if (remembers) onCut(fewer, cause)
    }

    const lose = (cause: string): void => {
      lostCause = cause
      lost.push(done)
      done += 1
    }

    /** Makes the next attempt a smaller one, or one elsewhere, or gives the row up. */
    const adapt = async (at: Place<Sessions>, count: number, cause: string): Promise<void> => {
      // Another run has moved the sessions meanwhile.
      if (at !== places.present()) return
      if (count > 1) return cut(at, Math.floor(count / 2), cause)
      if (at.device === 'cpu') return lose(cause)
      stuck ??= await places.move(cause)
      if (stuck !== undefined) lose(stuck)
    }

    while (done < total) {
      const at = places.present()
      const allowed = Math.max(1, Math.floor(capOf(at).mostElements / Math.max(1, elements)))
      const count = Math.min(total - done, allowed)
      try {
        pieces.push(await attempt(at, count))
        done += count
      } catch (error) {
        if (!isOutOfMemory(error)) throw error
        await adapt(at, count, firstLine(error))
      }
    }
    return { outputs: joined(pieces), lost, cause: lostCause }
  }

  return { run }
}
