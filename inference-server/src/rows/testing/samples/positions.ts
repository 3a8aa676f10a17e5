/** Attention of ONNX itself, and embeddings by position. */
import { contrib } from '../builder.ts'
import {
  byteWeights,
  fixed,
  floats,
  integers,
  type Operand,
  type Sample,
  weights,
  words32,
  zero,
} from './sample.ts'

const cache = floats('B 2 3 4')
const of = (
  op: string,
  operands: readonly (Operand | undefined)[],
  attributes: Sample['attributes'] = {},
  apart = 'B',
  outputs = 1,
): Sample => ({ op, domain: contrib, operands, attributes, apart, outputs })

const table = weights('8 4')

const newer: readonly Sample[] = [
  {
    op: 'Attention',
    opset: 23,
    operands: [floats('B 2 3 4'), floats('B 2 5 4'), floats('B 2 5 4')],
    apart: 'B',
  },
  {
    op: 'Attention',
    opset: 23,
    operands: [floats('B 3 8'), floats('B 5 8'), floats('B 5 8'), floats('3 5')],
    attributes: { q_num_heads: 2, kv_num_heads: 2 },
    apart: 'B',
  },
  {
    op: 'Attention',
    opset: 23,
    operands: [
      floats('B 2 3 4'),
      floats('B 2 3 4'),
      floats('B 2 3 4'),
      { ...floats('B 1 3 3'), datatype: 'BOOL' },
    ],
    attributes: { is_causal: 0 },
    apart: 'B',
  },
  {
    op: 'Attention',
    opset: 23,
    operands: [floats('B 2 1 4'), floats('B 2 1 4'), floats('B 2 1 4'), undefined, cache, cache],
    outputs: 3,
    apart: 'B',
  },
  {
    op: 'RotaryEmbedding',
    opset: 23,
    operands: [floats('B 2 3 8'), table, table, integers('B 3', [0, 7])],
    apart: 'B',
  },
  {
    op: 'RotaryEmbedding',
    opset: 23,
    operands: [floats('B 3 16'), floats('B 3 4'), floats('B 3 4')],
    attributes: { num_heads: 2 },
    apart: 'B',
  },
]

const embeddings: readonly Sample[] = [
  of('RotaryEmbedding', [floats('B 2 3 8'), integers('B 3', [0, 7]), table, table], {}),
  of('RotaryEmbedding', [floats('B 3 16'), fixed('INT64', '1', 2), table, table], {}),
  of(
    'EmbedLayerNormalization',
    [
      words32('B S', [0, 4]),
      words32('B S'),
      weights('5 4'),
      weights('3 4'),
      weights('2 4'),
      weights('4'),
      weights('4'),
      words32('B S'),
    ],
    {},
    'B',
    3,
  ),
  of(
    'EmbedLayerNormalization',
    [
      words32('B S', [0, 4]),
      undefined,
      weights('5 4'),
      weights('3 4'),
      undefined,
      weights('4'),
      weights('4'),
    ],
    {},
    'B',
    2,
  ),
]

const tables = ['5 4', '3 4', '2 4', '4', '4'].map((axes) => byteWeights(axes))
const tableScales = tables.map(() => fixed('FP32', '', 0.02))
const tableZeros = tables.map(() => zero)
const quantizedEmbeddings: Sample = of(
  'QEmbedLayerNormalization',
  [words32('B S', [0, 4]), words32('B S'), ...tables, words32('B S'), ...tableScales, ...tableZeros],
  {},
  'B',
  2,
)

export const positionSamples: readonly Sample[] = [...newer, ...embeddings, quantizedEmbeddings]
