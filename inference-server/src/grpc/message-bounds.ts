/**
 * Bounds of the work that a message may ask of the thread that reads it. For two bytes that begin a field, or are an empty
 * text, the reader takes many times as long and as much memory as for two of a tensor. The bounds are set so that no message
 * of 64 MiB holds the thread for longer than 0.3 s or so, as those of JSON are.
 */
import { Failure } from '../failures/errors.ts'
import { mostParts } from '../json/json-bounds.ts'

/** Most fields of any kind, unpacked numbers included. */
const mostFields = 1_000_000
/** Inputs, contents, outputs and raw contents together: no model has as many, and each is looked at several times. */
const mostTensors = 20_000
const mostParameters = 10_000

export interface MessageBounds {
  /** Counts a field before it is read. */
  readonly field: () => void
  /** Counts a text, a name or a dimension. */
  readonly text: () => void
  readonly parameter: () => void
  /** Counts an input, its contents, an output or raw contents. */
  readonly tensor: () => void
  /** Memory that is not in the message is about to be taken. @param what is said to the caller */
  readonly take: (bytes: number, what: string) => void
}

const tooMany = (most: number, what: string): Failure =>
  new Failure(
    'too-large',
    `the message has more than ${most} ${what}; send large tensors in raw_input_contents, or less at a time`,
  )

/** @returns bounds of one message, each of which throws a Failure too-large @param limitBytes that contents may take as tensors */
export const messageBounds = (limitBytes: number): MessageBounds => {
  let fields = 0
  let texts = 0
  let tensors = 0
  let parameters = 0
  let leftBytes = limitBytes
  return {
    field: () => {
      fields += 1
      if (fields > mostFields) throw tooMany(mostFields, 'fields')
    },
    text: () => {
      texts += 1
      if (texts > mostParts) throw tooMany(mostParts, 'texts, names and dimensions')
    },
    parameter: () => {
      parameters += 1
      if (parameters > mostParameters) throw tooMany(mostParameters, 'parameters')
    },
    tensor: () => {
      tensors += 1
      if (tensors > mostTensors)
        throw tooMany(mostTensors, 'inputs, contents, outputs and raw_input_contents')
    },
    take: (bytes, what) => {
      leftBytes -= bytes
      if (leftBytes < 0)
        throw new Failure(
          'too-large',
          `${what} takes ${bytes} bytes as a tensor, and a request may have ${limitBytes}; send it in raw_input_contents, send less at a time, or raise --max-body-mib`,
          { field: what },
        )
    },
  }
}
