import type { TaskFiles } from '../models/model-files.ts'
import { noTensors, type Signature } from '../tensors/tensor.ts'
import { classificationHead, classificationOutputs, classificationResult } from './classification.ts'
import type { LoadedTask, Prepared } from './task.ts'
import type { Encoded } from './text/frames.ts'
import { after } from './text/readings.ts'
import { readText } from './text/texts.ts'
import { loadTextClassifier } from './text-classifier.ts'

/**
 * Text -> label: tokenizer.json, then a BERT-like graph (`input_ids`, and `attention_mask`, `token_type_ids` where the
 * graph has them), then softmax or what else fits.
 */
export const textClassification = async (
  files: TaskFiles,
  signature: Promise<Signature> | Signature,
): Promise<LoadedTask> => {
  const { known, inputs, tokenizer, labels } = await loadTextClassifier(
    files,
    signature,
    'text-classification',
  )
  const head = classificationHead(known, files, labels)
  return {
    fields: ['text'],
    lists: [],
    parameters: head.parameters,
    classOutput: head.output,
    endpoint: 'chat',
    maskText: tokenizer.maskText,
    outputs: classificationOutputs,
    read: (members, pathOf) => {
      const field = pathOf('text')
      const text = readText(members['text'], field)
      const classify = head.read(members, pathOf)
      const prepared = (encoded: Encoded): Prepared => ({
        rows: [inputs.row(encoded, tokenizer)],
        tokens: encoded.ids.length,
        postprocess: ([outputs = noTensors]) => classificationResult(classify(outputs)),
      })
      return () => after(tokenizer.encode(text, field), prepared)
    },
    checkWarmup: head.check,
    warmup: () => after(tokenizer.encode('warm-up'), (encoded) => inputs.row(encoded, tokenizer)),
  }
}
