/** The folder of the decoder that build.py makes, with a tokenizer of as many tokens as it has. */
import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { modelFolder } from './folder.ts'

/** The same sizes as in decoder.py. */
const vocabulary = 8192
const positions = 2048

const reference = join(import.meta.dirname, '../../inference-server/golden/models/text-generation-gpt2')

interface TokenizerFile {
  readonly model: { readonly vocab: Record<string, number> }
}

/** @returns the folder @throws CommandError where it cannot be built */
export const decoderFolder = async (): Promise<string> => {
  const folder = await modelFolder('decoder')
  const tokenizer = JSON.parse(await readFile(join(reference, 'tokenizer.json'), 'utf8')) as TokenizerFile
  const { vocab } = tokenizer.model
  // Vocabulary of words of one token each, so that every generated token shows in the text.
  for (let id = Object.keys(vocab).length; id < vocabulary; id++) vocab[`Ġword${id}`] = id
  await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer))
  await cp(join(reference, 'special_tokens_map.json'), join(folder, 'special_tokens_map.json'))
  const config = {
    architectures: ['GPT2LMHeadModel'],
    model_type: 'gpt2',
    vocab_size: vocabulary,
    n_positions: positions,
  }
  await writeFile(join(folder, 'config.json'), JSON.stringify(config))
  return folder
}
