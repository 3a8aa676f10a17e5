import type { Signature } from '../tensor.ts'
import { classificationHead, classificationOutputs, classificationResult } from './classification.ts'
import { readLabels } from './labels.ts'
import type { LoadedTask, Prepared, TaskFiles } from './task.ts'
import { readText } from './texts.ts'
import { tokenInputs } from './token-input.ts'
import { loadTokenizer } from './tokenizer.ts'

/**
 * Text -> label: tokenizer.json, then a BERT-like graph (`input_ids`, and `attention_mask`, `token_type_ids` where the
 * graph has them), then softmax.
 */
export const textClassification = async (
  files: TaskFiles,
  signature: Promise<Signature> | Signature,
): Promise<LoadedTask> => {
  const [tokenizerFor, labels, known] = await Promise.all([
    loadTokenizer(files),
    readLabels(files),
    signature,
  ])
  const inputs = tokenInputs(known.inputs, 'text-classification')
  const tokenizer = tokenizerFor(inputs.fixedTokens)
  const { classify } = classificationHead(known, files, labels)
  return {
    fields: ['text'],
    lists: [],
    parameters: [],
    endpoint: 'chat',
    outputs: classificationOutputs,
    read: (members, pathOf) => {
      const text = readText(members['text'], pathOf('text'))
      return (): Prepared => {
        const encoded = tokenizer.encode(text)
        return {
          rows: [inputs.row(encoded, tokenizer)],
          tokens: encoded.ids.length,
          postprocess: ([outputs = {}]) => classificationResult(classify(outputs)),
        }
      }
    },
    warmup: () => inputs.row(tokenizer.encode('warm-up'), tokenizer),
  }
}
