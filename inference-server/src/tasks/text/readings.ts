/** Tokens of texts, read on the thread that asks for them or, where the folder's words may take any time, in a process. */
import type { Piece } from '../../untrusted/messages.ts'

/** What was read: there at once, or later. */
export type Reading<Value> = Value | Promise<Value>

/** A reading goes on without a turn for others where its value is there. */
export const after = <Value, Result>(
  reading: Reading<Value>,
  next: (value: Value) => Reading<Result>,
): Reading<Result> => (reading instanceof Promise ? reading.then(next) : next(reading))

/** Reads several texts, one after the other, so that one that takes too long is the last. */
export const readAll = <Value>(
  texts: readonly string[],
  read: (text: string) => Reading<Value>,
): Reading<readonly Value[]> => {
  const [one, ...others] = texts
  if (one === undefined) return []
  const reading = read(one)
  if (!(reading instanceof Promise)) return [reading, ...(others.map((text) => read(text)) as Value[])]
  return others.reduce<Promise<readonly Value[]>>(
    async (before, text) => [...(await before), await read(text)],
    reading.then((value) => [value]),
  )
}

/** Reads all of a text, or its first `most` tokens. */
export interface TextReaders {
  /** Token ids without special tokens. @param field name of the text in its request, for the error @throws Failure */
  readonly idsOf: (text: string, most?: number, field?: string) => Reading<readonly number[]>
  /** Tokens with their places in the text, without special tokens. */
  readonly pieces: (text: string, most?: number, field?: string) => Reading<readonly Piece[]>
}

/** The same on this thread. */
export interface OwnReaders {
  readonly idsOf: (text: string, most?: number) => readonly number[]
  readonly pieces: (text: string, most?: number) => readonly Piece[]
}

/** No word piece is longer, so a text cut this far behind the last token that counts is cut soon enough. */
const cutMarginTokens = 128

/** Reads only the start of a long text, if its tokens fill the model: tokenizing costs time per character. */
const fromStart = <Token>(
  text: string,
  most: number,
  cut: (text: string) => readonly Token[],
): readonly Token[] => {
  const length = most * 8
  if (text.length > length) {
    const start = cut(text.slice(0, length))
    if (start.length > most + cutMarginTokens) return start
  }
  return cut(text)
}

/** @param cut reads a whole text */
export const first =
  <Token>(cut: (text: string) => readonly Token[]) =>
  (text: string, most?: number): readonly Token[] =>
    most === undefined ? cut(text) : fromStart(text, most, cut).slice(0, most)
