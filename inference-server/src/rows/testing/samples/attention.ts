import { contrib } from '../builder.ts'
import {
  bytes,
  fixed,
  floats,
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

export const attentionSamples: readonly Sample[] = [
  ...fused,
  ...multiHead,
  grouped(),
  grouped({ do_rotary: 1 }, weights('8 8'), weights('8 8')),
  prompt,
  packed,
]
