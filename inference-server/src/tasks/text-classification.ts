import { Failure, StartError } from '../errors.ts'
import type { NamedTensors, Signature, TensorSpec } from '../tensor.ts'
import { classificationHead } from './classification.ts'
import { readLabels } from './labels.ts'
import { shown } from './signature.ts'
import type { LoadedTask, TaskFiles } from './task.ts'
import { type Encoded, loadTokenizer, type Tokenizer } from './tokenizer.ts'

/** Rows are filled up to a multiple of this, so that texts of about one length share a batch. */
const paddingStep = 16

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
  const inputs = tokenInputs(known.inputs)
  const tokenizer = tokenizerFor(fixedLength(inputs))
  const { postprocess } = classificationHead(known, files, labels)
  const preprocess = (text: string) => tokenTensors(inputs, pad(tokenizer.encode(text), inputs, tokenizer))
  return {
    accepts: 'text',
    preprocess: (input) => {
      if (input.kind !== 'text')
        throw new Failure('unsupported-media-type', 'this model reads texts, not pictures')
      return preprocess(input.text)
    },
    postprocess,
    warmup: () => preprocess('warm-up'),
  }
}

/** What the graph's inputs are filled with. */
const fillings = ['input_ids', 'attention_mask', 'token_type_ids'] as const

const tokenInputs = (inputs: readonly TensorSpec[]): readonly TensorSpec[] => {
  const problem = inputProblem(inputs)
  if (problem) throw new StartError(`${problem}; serve the model as task tensor to fill its inputs yourself`)
  return inputs
}

const inputProblem = (inputs: readonly TensorSpec[]): string | undefined => {
  if (!inputs.some(({ name }) => name === 'input_ids'))
    return `the model has no input input_ids, only ${shown(inputs)}`
  const strange = inputs.find(({ name }) => !(fillings as readonly string[]).includes(name))
  if (strange) return `the model has an input ${strange.name}, which text-classification cannot fill`
  const wrong = inputs.find(({ datatype, shape }) => !/^INT(32|64)$/.test(datatype) || shape.length !== 2)
  return wrong && `input ${shown([wrong])} is not INT64 [rows, tokens]`
}

const fixedLength = (inputs: readonly TensorSpec[]): number | undefined =>
  inputs.map(({ shape }) => shape[1] ?? -1).find((length) => length > 0)

/** A row and what it is filled up to. */
interface Row extends Encoded {
  readonly length: number
  readonly padId: number
}

/** Filling up changes no answer only where a mask hides it; without a mask or a pad token, rows keep their length. */
const pad = (encoded: Encoded, inputs: readonly TensorSpec[], tokenizer: Tokenizer): Row => {
  const fixed = fixedLength(inputs)
  const { padId = 0, maxTokens } = tokenizer
  const masked = tokenizer.padId !== undefined && inputs.some(({ name }) => name === 'attention_mask')
  const step = Math.min(maxTokens, Math.ceil(encoded.ids.length / paddingStep) * paddingStep)
  return { ...encoded, padId, length: fixed ?? (masked ? step : encoded.ids.length) }
}

const tokenTensors = (inputs: readonly TensorSpec[], row: Row): NamedTensors =>
  Object.fromEntries(
    inputs.map(({ name, datatype: dtype }) => {
      const values = valuesOf(name, row)
      const data = dtype === 'INT64' ? BigInt64Array.from(values, BigInt) : Int32Array.from(values)
      return [name, { dtype: dtype, shape: [1, row.length], data }]
    }),
  )

const valuesOf = (name: string, { ids, typeIds, length, padId }: Row): number[] => {
  const filled = (values: readonly number[], rest: number) => [
    ...values,
    ...new Array<number>(length - values.length).fill(rest),
  ]
  if (name === 'attention_mask')
    return filled(
      ids.map(() => 1),
      0,
    )
  return name === 'token_type_ids' ? filled(typeIds, 0) : filled(ids, padId)
}
