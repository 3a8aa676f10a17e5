import { contrib } from '../builder.ts'
import { fixed, floats, type Operand, type Sample, signedWeights, weights, words32 } from './sample.ts'

/** Hidden size 2, input size 3; `gates` matrices of each. */
const cell = (
  op: string,
  gates: number,
  directions: number,
  states: readonly (Operand | undefined)[],
): Sample => ({
  op,
  operands: [
    floats('S B 3'),
    weights(`${directions} ${gates * 2} 3`),
    weights(`${directions} ${gates * 2} 2`),
    weights(`${directions} ${gates * 4}`),
    ...states,
  ],
  attributes: { hidden_size: 2, ...(directions === 2 ? { direction: 'bidirectional' } : {}) },
  outputs: op === 'LSTM' ? 3 : 2,
  apart: 'B',
})

const lengths = words32('B', [1, 2])

const cells: readonly (readonly [op: string, gates: number])[] = [
  ['RNN', 1],
  ['GRU', 3],
  ['LSTM', 4],
]

export const recurrentSamples: readonly Sample[] = [
  ...cells.flatMap(([op, gates]) => [
    cell(op, gates, 1, []),
    cell(op, gates, 2, [lengths]),
    cell(op, gates, 1, [lengths, floats('1 B 2')]),
    cell(op, gates, 2, [undefined, floats('2 B 2')]),
  ]),
  cell('LSTM', 4, 1, [lengths, floats('1 B 2'), floats('1 B 2'), weights('1 6')]),
  {
    op: 'DynamicQuantizeLSTM',
    domain: contrib,
    operands: [
      floats('S B 3'),
      signedWeights('1 3 8'),
      signedWeights('1 2 8'),
      weights('1 16'),
      lengths,
      floats('1 B 2'),
      floats('1 B 2'),
      undefined,
      fixed('FP32', '1', 0.02),
      fixed('INT8', '1', 0),
      fixed('FP32', '1', 0.02),
      fixed('INT8', '1', 0),
    ],
    attributes: { hidden_size: 2 },
    outputs: 3,
    apart: 'B',
    scaled: 0.1,
  },
]
