import type { Tokenizer } from '@huggingface/tokenizers'

/** The part of the library's WordPiece that is replaced. */
interface Model {
  readonly config: { readonly type?: string; readonly continuing_subword_prefix?: string }
  readonly max_input_chars_per_word: number
  readonly unk_token: string
  readonly tokens_to_ids: ReadonlyMap<string, number>
  encode: (words: readonly string[]) => readonly string[]
}

/**
 * Cuts words as the library does, but looks for no piece longer than the longest token: it tries the whole rest of a word at
 * each of its characters (100 kB of words of 99 letters took 5 s).
 */
export const seekShortPieces = (inner: Tokenizer): void => {
  const model = inner.model as unknown as Model
  if (model.config.type !== 'WordPiece') return
  const { tokens_to_ids: ids, unk_token: unknown, max_input_chars_per_word: mostChars } = model
  const prefix = `${model.config.continuing_subword_prefix}`
  let longest = 0
  for (const token of ids.keys()) longest = Math.max(longest, token.length)

  /** The longest token at a place of a word, with the place behind it. */
  const pieceAt = (chars: readonly string[], start: number): readonly [string, number] | undefined => {
    for (let end = Math.min(chars.length, start + longest); end > start; end--) {
      const part = chars.slice(start, end).join('')
      const piece = start > 0 ? prefix + part : part
      if (ids.has(piece)) return [piece, end]
    }
    return undefined
  }
  const cut = (word: string): readonly string[] => {
    const chars = [...word]
    const pieces: string[] = []
    if (chars.length > mostChars) return [unknown]
    for (let start = 0; start < chars.length; ) {
      const found = pieceAt(chars, start)
      if (!found) return [unknown]
      pieces.push(found[0])
      start = found[1]
    }
    return pieces
  }
  model.encode = (words) => words.flatMap(cut)
}
