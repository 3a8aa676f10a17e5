/** One row for each of the models that build.py makes, as a caller would send it. */

export interface RowTensor {
  readonly name: string
  readonly datatype: 'FP32' | 'INT64'
  /** Shape of one row: the first axis is 1. */
  readonly shape: readonly number[]
  readonly data: Float32Array | BigInt64Array
}

/** Number of tokens of every text. */
export const tokens = 128

/** Numbers that are the same at every start. They differ from each other; their values do not matter. */
const varied = (count: number, most: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => (index * 7919 + 104_729) % most)

const floats = (shape: readonly number[], name = 'input'): readonly RowTensor[] => {
  const count = shape.reduce((product, length) => product * length, 1)
  const data = Float32Array.from(varied(count, 1000), (value) => value / 500 - 1)
  return [{ name, datatype: 'FP32', shape, data }]
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

const rows = {
  perceptron: () => floats([1, 4]),
  'channel-maxima': () => floats([1, 3, 224, 224]),
  minilm: text,
  'minilm-pooled': text,
  'bert-base-pooled': text,
  'resnet-50': () => floats([1, 3, 224, 224]),
  'detector-320': () => floats([1, 3, 320, 320], 'images'),
  'detector-640': () => floats([1, 3, 640, 640], 'images'),
  'ocr-classifier': () => floats([1, 3, 48, 192], 'x'),
} as const

export type ModelName = keyof typeof rows | `${keyof typeof rows}-int8`

/** @param name of a model; quantized ones take the rows of those that they come from */
export const rowOf = (name: ModelName): readonly RowTensor[] =>
  rows[name.replace(/-int8$/, '') as keyof typeof rows]()
