import type { TaskFiles } from '../models/model-files.ts'
import { enclose, frameOf } from '../tasks/text/frames.ts'
import { after, type Reading } from '../tasks/text/readings.ts'
import { readTokenizer } from '../tasks/text/tokenizer-file.ts'

/** Text to tokens and back. */
export interface Codec {
  /**
   * @param framed with the model's special tokens around it, as a text on its own is read
   * @param field name of the text in its request, for the error @throws Failure
   */
  readonly encode: (text: string, framed: boolean, field?: string) => Reading<readonly number[]>
  /** Special tokens left out; an unfinished character at the end is shown as U+FFFD. */
  readonly decode: (ids: readonly number[]) => string
  readonly idOf: (token: string) => number | undefined
  /** tokenizer_config.json; {} where there is none. */
  readonly settings: Readonly<Record<string, unknown>>
}

/**
 * Reads tokenizer.json and, where there is one, tokenizer_config.json.
 * @throws StartError when the files are missing or no tokenizer
 */
export const loadCodec = async (files: Pick<TaskFiles, 'dir' | 'signal' | 'notice'>): Promise<Codec> => {
  const { inner, idsOf, settings } = await readTokenizer(files)
  const frame = frameOf(inner)
  return {
    encode: (text, framed, field) =>
      after(idsOf(text, undefined, field), (ids) => (framed ? enclose(frame, ids).ids : ids)),
    decode: (ids) => (ids.length === 0 ? '' : inner.decode([...ids], { skip_special_tokens: true })),
    idOf: (token) => inner.token_to_id(token),
    settings,
  }
}
