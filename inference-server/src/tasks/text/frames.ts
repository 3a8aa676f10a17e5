/** Special tokens that stand around the tokens of a text. */

type Inner = InstanceType<typeof import('@huggingface/tokenizers').Tokenizer>

/** A text as a model reads it; both of one length. */
export interface Encoded {
  readonly ids: readonly number[]
  readonly typeIds: readonly number[]
}

/** Two texts as a model reads them. */
export interface EncodedPair extends Encoded {
  /** Where the first text's tokens begin. */
  readonly firstAt: number
  /** Where the second text's tokens begin. */
  readonly secondAt: number
}

/** Special tokens around one text or two: before, between and behind. */
interface Frame {
  readonly parts: readonly Encoded[]
  /** Type of the tokens of the first and the second text. */
  readonly types: readonly number[]
}

export const lengthOf = ({ parts }: Frame): number => parts.reduce((sum, { ids }) => sum + ids.length, 0)

/** No vocabulary has them. */
const marks = ['\u0001first', '\u0001second'] as const

export const frameOf = (inner: Inner): Frame => cutAt(inner, [marks[0]])

export const pairFrameOf = (inner: Inner): Frame => cutAt(inner, marks)

const cutAt = (inner: Inner, texts: readonly string[]): Frame => {
  const second = texts[1] === undefined ? null : [texts[1]]
  const { tokens, token_type_ids: types } = inner.post_processor
    ? inner.post_processor.post_process([String(texts[0])], second, true)
    : { tokens: [...texts], token_type_ids: undefined }
  const all = {
    ids: tokens.map((token: string) => inner.token_to_id(token) ?? 0),
    typeIds: types ?? tokens.map(() => 0),
  }
  const places = texts.map((text) => tokens.indexOf(text))
  const ends = [...places, tokens.length]
  const parts = ends.map((end, index) => {
    const from = index === 0 ? 0 : Number(places[index - 1]) + 1
    return { ids: all.ids.slice(from, end), typeIds: all.typeIds.slice(from, end) }
  })
  return { parts, types: places.map((place) => all.typeIds[place] ?? 0) }
}

export const enclose = ({ parts, types }: Frame, ids: readonly number[]): Encoded & { firstAt: number } => {
  const [before, behind] = parts as [Encoded, Encoded]
  return {
    ids: [...before.ids, ...ids, ...behind.ids],
    typeIds: [...before.typeIds, ...ids.map(() => Number(types[0])), ...behind.typeIds],
    firstAt: before.ids.length,
  }
}

export const enclosePair = (
  { parts, types }: Frame,
  first: readonly number[],
  second: readonly number[],
): EncodedPair => {
  const [before, between, behind] = parts as [Encoded, Encoded, Encoded]
  const [firstType, secondType] = types as [number, number]
  return {
    ids: [...before.ids, ...first, ...between.ids, ...second, ...behind.ids],
    typeIds: [
      ...before.typeIds,
      ...first.map(() => firstType),
      ...between.typeIds,
      ...second.map(() => secondType),
      ...behind.typeIds,
    ],
    firstAt: before.ids.length,
    secondAt: before.ids.length + first.length + between.ids.length,
  }
}
