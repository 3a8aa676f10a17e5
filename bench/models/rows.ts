/** One row for each of the models that build.py makes, as a caller would send it. */

export interface RowTensor {
  readonly name: string
  readonly datatype: 'FP32' | 'INT64'
  /** The first axis is 1. */
  readonly shape: readonly number[]
  readonly data: Float32Array | BigInt64Array
}

interface Kind {
  /** What the graph answers. */
  readonly output: string
  readonly row: () => readonly RowTensor[]
}

/** Tokens of every text. */
export const tokens = 128

/** The same at every start; the values do not matter, that they differ does. */
const varied = (count: number, most: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => (index * 7919 + 104_729) % most)

const floats = (...shape: readonly number[]): readonly RowTensor[] => {
  const count = shape.reduce((product, length) => product * length, 1)
  const data = Float32Array.from(varied(count, 1000), (value) => value / 500 - 1)
  return [{ name: 'input', datatype: 'FP32', shape, data }]
}

const text = (): readonly RowTensor[] => {
  const tensor = (name: string, values: readonly number[]): RowTensor => {
    const data = BigInt64Array.from(values, BigInt)
    return { name, datatype: 'INT64', shape: [1, tokens], data }
  }
  return [
    tensor('input_ids', varied(tokens, 30_522)),
    tensor('attention_mask', new Array<number>(tokens).fill(1)),
    tensor('token_type_ids', new Array<number>(tokens).fill(0)),
  ]
}

const kinds = {
  perceptron: { output: 'probabilities', row: () => floats(1, 4) },
  minilm: { output: 'last_hidden_state', row: text },
  'minilm-pooled': { output: 'sentence_embedding', row: text },
  'bert-base-pooled': { output: 'sentence_embedding', row: text },
  'resnet-50': { output: 'logits', row: () => floats(1, 3, 224, 224) },
} as const satisfies Record<string, Kind>

export type ModelName = keyof typeof kinds | `${keyof typeof kinds}-int8`

/** @param name of a model; quantized ones take the rows of those that they come from */
export const kindOf = (name: ModelName): Kind => kinds[name.replace(/-int8$/, '') as keyof typeof kinds]
