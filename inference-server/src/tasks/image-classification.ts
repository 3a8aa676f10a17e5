import type { TaskFiles } from '../models/model-files.ts'
import { noTensors, type Signature } from '../tensors/tensor.ts'
import { classificationHead, classificationOutputs, classificationResult } from './classification.ts'
import { readLabels } from './labels.ts'
import { pictureReader } from './picture/picture-input.ts'
import type { LoadedTask, Prepared } from './task.ts'
import { readImage } from './text/texts.ts'

/** Picture -> label: decoded, resized and normalised after preprocessor_config.json, FP32 [1, channels, height, width]. */
export const imageClassification = async (
  files: TaskFiles,
  signature: Promise<Signature> | Signature,
): Promise<LoadedTask> => {
  const [labels, known] = await Promise.all([readLabels(files), signature])
  const pictures = pictureReader(known.inputs, files, 'image-classification')
  const head = classificationHead(known, files, labels)
  return {
    fields: ['image'],
    lists: [],
    parameters: head.parameters,
    classOutput: head.output,
    endpoint: 'analyze',
    outputs: classificationOutputs,
    read: (members, pathOf) => {
      const bytes = readImage(members['image'], pathOf('image'))
      const classify = head.read(members, pathOf)
      return async (): Promise<Prepared> => {
        const { tensors, pixels, view } = await pictures.read(bytes, pathOf('image'))
        return {
          rows: [tensors],
          pixels,
          view,
          postprocess: ([outputs = noTensors]) => classificationResult(classify(outputs)),
        }
      }
    },
    checkWarmup: head.check,
    warmup: () => pictures.blank(),
  }
}
