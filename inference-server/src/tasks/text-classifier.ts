import type { TaskFiles } from '../models/model-files.ts'
import type { Signature } from '../tensors/tensor.ts'
import { readLabels } from './labels.ts'
import { type TokenInputs, tokenInputs } from './text/token-input.ts'
import { loadTokenizer, type Tokenizer } from './text/tokenizer.ts'

/** A BERT-like graph that reads texts, its tokenizer, and the names of its classes. */
export interface TextClassifier {
  readonly known: Signature
  readonly inputs: TokenInputs
  readonly tokenizer: Tokenizer
  /** Class names in output order; undefined where no file names them. */
  readonly labels: readonly string[] | undefined
}

/**
 * @param task for the sentence
 * @throws StartError when the folder has no tokenizer, or tokens do not fill the graph
 */
export const loadTextClassifier = async (
  files: TaskFiles,
  signature: Promise<Signature> | Signature,
  task: string,
): Promise<TextClassifier> => {
  const [tokenizerFor, labels, known] = await Promise.all([
    loadTokenizer(files),
    readLabels(files),
    signature,
  ])
  const inputs = tokenInputs(known.inputs, task, files)
  return { known, inputs, tokenizer: tokenizerFor(inputs.fixedTokens), labels }
}
