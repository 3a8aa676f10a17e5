import { Failure } from '../../failures/errors.ts'

/** A text that needs more windows than this is too long for one request. */
const maxWindows = 512

/** How a long text is read piece by piece, all in tokens. */
export interface WindowRules {
  /** Most of the text that a window holds. */
  readonly room: number
  /** What two windows that follow each other both hold. */
  readonly overlap: number
  /** Where the text and the overlap stand in the request. */
  readonly textField: string
  readonly overlapField: string
}

/**
 * Cuts a text's tokens into windows that overlap, one window where all fit into it.
 * @throws Failure when the overlap leaves no way forward, or there are too many windows
 */
export const windowsOf = <Token>(
  tokens: readonly Token[],
  { room, overlap, textField, overlapField }: WindowRules,
): readonly (readonly Token[])[] => {
  if (tokens.length <= room) return [tokens]
  const step = room - overlap
  if (step < 1)
    throw new Failure(
      'invalid',
      `${overlapField} is ${overlap}, but a window holds only ${room} tokens of ${textField}; make it smaller`,
      { field: overlapField },
    )
  const count = Math.ceil((tokens.length - room) / step) + 1
  if (count > maxWindows)
    throw new Failure(
      'too-large',
      `${textField} needs ${count} windows of ${room} tokens, but at most ${maxWindows} are read; send less text or a smaller ${overlapField}`,
      { field: textField },
    )
  return Array.from({ length: count }, (_, index) => tokens.slice(index * step, index * step + room))
}
