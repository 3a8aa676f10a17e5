import { StartError } from '../errors.ts'
import { readJson } from '../tasks/folder.ts'
import { fuseLinearly } from '../tasks/linear-fusing.ts'
import type { TaskFiles } from '../tasks/task.ts'

/** Text to tokens and back. */
export interface Codec {
  /** @param framed with the model's special tokens around it, as a text on its own is read */
  readonly encode: (text: string, framed: boolean) => readonly number[]
  /** Special tokens left out; an unfinished character at the end is shown as U+FFFD. */
  readonly decode: (ids: readonly number[]) => string
  readonly idOf: (token: string) => number | undefined
  /** tokenizer_config.json; {} where there is none. */
  readonly settings: Readonly<Record<string, unknown>>
}

type Json = Readonly<Record<string, unknown>>

/**
 * Reads tokenizer.json and, where there is one, tokenizer_config.json.
 * @throws StartError when the files are missing or no tokenizer
 */
export const loadCodec = async ({ dir }: Pick<TaskFiles, 'dir'>): Promise<Codec> => {
  const [{ Tokenizer }, json, config] = await Promise.all([
    import('@huggingface/tokenizers'),
    readJson(dir, 'tokenizer.json') as Promise<Json | undefined>,
    readJson(dir, 'tokenizer_config.json') as Promise<Json | undefined>,
  ])
  if (!json)
    throw new StartError(
      'tokenizer.json is missing; save it beside the model (tokenizer.save_pretrained(folder) in Python) or serve the model as task tensor',
    )
  const settings = config ?? {}
  try {
    const inner = new Tokenizer(json, settings)
    fuseLinearly(inner)
    inner.encode('a')
    return {
      encode: (text, framed) => inner.encode(text, { add_special_tokens: framed }).ids,
      decode: (ids) => (ids.length === 0 ? '' : inner.decode([...ids], { skip_special_tokens: true })),
      idOf: (token) => inner.token_to_id(token),
      settings,
    }
  } catch (error) {
    throw new StartError(
      `tokenizer.json is not a tokenizer that can be used: ${(error as Error).message}`,
      1,
      { cause: error },
    )
  }
}
