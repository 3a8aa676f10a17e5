import { StartError } from '../failures/errors.ts'
import type { TaskFiles } from '../models/model-files.ts'
import {
  type NamedTensors,
  noTensors,
  type Signature,
  stackNamed,
  type TensorSpec,
} from '../tensors/tensor.ts'
import { readCandidates } from './candidate-labels.ts'
import { pictureReader } from './picture/picture-input.ts'
import { rankedOutputs, rankedResult } from './results.ts'
import { sigmoid, softmax } from './softmax.ts'
import type { LoadedTask, Prepared } from './task.ts'
import { after, type Reading, readAll } from './text/readings.ts'
import { readImage } from './text/texts.ts'
import { type TokenInputs, tokenInputs } from './text/token-input.ts'
import { numbersOf } from './text/token-output.ts'
import { loadTokenizer, type Tokenizer } from './text/tokenizer.ts'

/** The pipeline's of transformers. */
const defaultTemplate = 'This is a photo of {}.'

/** How far SigLIP's texts are filled up: it learned with nothing else. */
const siglipTokens = 64

/** The output that compares one picture with all texts: FP32 [pictures, texts]. */
const scoresName = 'logits_per_image'

/** Picture and labels -> how well each label fits, by a model such as CLIP that compares pictures with texts. */
export const zeroShotImageClassification = async (
  files: TaskFiles,
  signature: Promise<Signature> | Signature,
): Promise<LoadedTask> => {
  const [tokenizerFor, known] = await Promise.all([loadTokenizer(files), signature])
  const isPicture = ({ shape }: TensorSpec): boolean => shape.length === 4
  const task = 'zero-shot-image-classification'
  const pictures = pictureReader(known.inputs.filter(isPicture), files, task)
  const inputs = tokenInputs(
    known.inputs.filter((input) => !isPicture(input)),
    task,
    files,
  )
  if (!known.outputs.some(({ name }) => name === scoresName))
    throw new StartError(
      `the model has no output ${scoresName}; export it with one or serve it as task tensor`,
    )
  const normalised = files.graph?.endings.has(scoresName)
  const isSiglip = /siglip/.test(String(files.config['model_type']))
  const tokenizer = tokenizerFor(inputs.fixedTokens ?? (isSiglip ? siglipTokens : undefined))
  const texts = (list: readonly string[]) => textTensors(list, inputs, tokenizer, isSiglip ? siglipTokens : 0)
  return {
    fields: ['image'],
    lists: ['candidate_labels'],
    parameters: ['hypothesis_template'],
    endpoint: undefined,
    outputs: rankedOutputs,
    read: (members, pathOf) => {
      const bytes = readImage(members['image'], pathOf('image'))
      const { labels, hypotheses } = readCandidates(members, pathOf, defaultTemplate)
      return async (): Promise<Prepared> => {
        const { tensors, tokens } = await texts(hypotheses)
        const picture = await pictures.read(bytes, pathOf('image'))
        return {
          rows: [new Map([...tensors, ...picture.tensors])],
          pixels: picture.pixels,
          tokens,
          postprocess: ([outputs = noTensors]) => {
            const logits = numbersOf(outputs, scoresName)
            if (normalised) return rankedResult(labels, logits)
            // SigLIP judges each text by itself.
            const scores = isSiglip ? Array.from(logits, sigmoid) : softmax(logits, labels.length)
            return rankedResult(labels, scores)
          },
        }
      }
    },
    warmup: async () => new Map([...(await texts(['warm-up'])).tensors, ...(await pictures.blank())]),
  }
}

/** All texts as one tensor per input, [texts, tokens], filled up to the longest. */
const textTensors = (
  texts: readonly string[],
  inputs: TokenInputs,
  tokenizer: Tokenizer,
  least: number,
): Reading<{ readonly tensors: NamedTensors; readonly tokens: number }> =>
  after(
    readAll(texts, (text) => tokenizer.encode(text, 'candidate_labels')),
    (encoded) => {
      const length = Math.max(least, ...encoded.map(({ ids }) => ids.length))
      const [first = noTensors, ...others] = encoded.map((text) => inputs.row(text, tokenizer, length))
      const tensors = stackNamed([first, ...others])
      return { tensors, tokens: encoded.reduce((sum, { ids }) => sum + ids.length, 0) }
    },
  )
