import { contrib } from '../builder.ts'
import {
  bytes,
  byteWeights,
  fixed,
  floats,
  integers,
  type Operand,
  type Sample,
  signedWeights,
  weights,
  words32,
  zero,
} from './sample.ts'

/** Two heads of four numbers each. */
const hidden = floats('B 2 8')
const past = floats('2 B 2 3 4')
const heads = { num_heads: 2 }

const of = (
  op: string,
  operands: readonly (Operand | undefined)[],
  attributes: Sample['attributes'] = heads,
  apart = 'B',
  outputs = 1,
): Sample => ({ op, domain: contrib, operands, attributes, apart, outputs })

const joint = [weights('8 24'), weights('24')]

const fused: readonly Sample[] = [
  of('Attention', [hidden, ...joint]),
  of('Attention', [hidden, ...joint, words32('B', [1, 2])]),
  of('Attention', [hidden, ...joint, words32('B 2')]),
  of('Attention', [hidden, ...joint, words32('B 2 2')]),
  of('Attention', [hidden, ...joint, undefined, past], heads, 'B', 2),
  of('Attention', [hidden, ...joint, words32('B 5'), past], { ...heads, unidirectional: 1 }, 'B', 2),
  of('Attention', [hidden, ...joint, undefined, undefined, floats('B 2 2 2')]),
  of('Attention', [hidden, ...joint, undefined, undefined, weights('1 2 2 2')]),
  of('Attention', [hidden, weights('8 20'), weights('20'), words32('B 2')], {
    ...heads,
    qkv_hidden_sizes: [8, 8, 4],
  }),
  of('QAttention', [
    bytes('B 2 8'),
    signedWeights('8 24'),
    weights('24'),
    fixed('FP32', '', 0.02),
    fixed('FP32', '', 0.01),
    undefined,
    zero,
    fixed('INT8', '', 2),
  ]),
  of('QAttention', [
    bytes('B 2 8'),
    signedWeights('8 24'),
    weights('24'),
    fixed('FP32', '', 0.02),
    fixed('FP32', '', 0.01),
    words32('B', [1, 2]),
    zero,
    fixed('INT8', '', 2),
  ]),
  of(
    'QAttention',
    [
      bytes('B 2 8'),
      signedWeights('8 24'),
      weights('24'),
      fixed('FP32', '', 0.02),
      fixed('FP32', '', 0.01),
      undefined,
      zero,
      fixed('INT8', '', 2),
      past,
    ],
    { ...heads, unidirectional: 1 },
    'B',
    2,
  ),
]

const other = floats('B 3 8')
const cache = floats('B 2 3 4')

const multiHead: readonly Sample[] = [
  of('MultiHeadAttention', [hidden, hidden, hidden]),
  of('MultiHeadAttention', [hidden, other, other, weights('24')], heads),
  of('MultiHeadAttention', [hidden, other, other, undefined, words32('B 3')]),
  of('MultiHeadAttention', [hidden, hidden, hidden, undefined, undefined, floats('B 2 2 2')]),
  of('MultiHeadAttention', [hidden, hidden, hidden, undefined, undefined, weights('1 2 2 2')]),
  of(
    'MultiHeadAttention',
    [hidden, hidden, hidden, undefined, undefined, undefined, cache, cache],
    heads,
    'B',
    3,
  ),
  of('MultiHeadAttention', [hidden, cache, cache]),
]

/** Heads of sixteen numbers: rotary embeddings of this operator want no fewer. */
const grouped = (attributes: Sample['attributes'] = {}, ...more: readonly Operand[]): Sample =>
  of(
    'GroupQueryAttention',
    [
      floats('B 1 32'),
      floats('B 1 16'),
      floats('B 1 16'),
      floats('B 1 3 16'),
      floats('B 1 3 16'),
      words32('B', [2, 3]),
      fixed('INT32', '1', 4),
      ...more,
    ],
    { num_heads: 2, kv_num_heads: 1, ...attributes },
    'B',
    3,
  )
const prompt: Sample = of(
  'GroupQueryAttention',
  [
    floats('B 3 32'),
    floats('B 3 16'),
    floats('B 3 16'),
    undefined,
    undefined,
    words32('B', [2, 2]),
    fixed('INT32', '1', 3),
  ],
  { num_heads: 2, kv_num_heads: 1 },
  'B',
  3,
)
const packed: Sample = of(
  'GroupQueryAttention',
  [
    floats('B 1 64'),
    undefined,
    undefined,
    floats('B 1 3 16'),
    floats('B 1 3 16'),
    words32('B', [2, 3]),
    fixed('INT32', '1', 4),
  ],
  { num_heads: 2, kv_num_heads: 1 },
  'B',
  3,
)

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

export const attentionSamples: readonly Sample[] = [
  ...fused,
  ...multiHead,
  grouped(),
  grouped({ do_rotary: 1 }, weights('8 8'), weights('8 8')),
  prompt,
  packed,
  ...newer,
  ...embeddings,
  quantizedEmbeddings,
]
