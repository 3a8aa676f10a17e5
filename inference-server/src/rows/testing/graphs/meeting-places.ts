/** Graphs in which rows meet by their places, by their count and by chance. */
import type { HandBuilt } from '../hand-built.ts'

import { number, table } from './writing.ts'

const firstAxis = { axis: 0 }

const byPlace: readonly HandBuilt[] = [
  {
    name: 'adds up the rows before',
    build: (b) => b.node('CumSum', [table(b), b.integers(0)]),
  },
  {
    name: 'takes the first row away from all',
    build: (b) => {
      const x = table(b)
      return b.node('Sub', [x, b.node('Gather', [x, b.integers([0])])])
    },
  },
  {
    name: 'takes the row before away: a lag',
    build: (b) => {
      const x = table(b)
      const padded = b.node('Pad', [x, b.integers([1, 0, 0, 0])])
      const before = b.node('Slice', [padded, b.integers([0]), b.integers([-1]), b.integers([0])])
      return b.node('Sub', [x, before])
    },
  },
  {
    name: 'rolls the rows by one',
    build: (b) => {
      const x = table(b)
      const last = b.node('Slice', [x, b.integers([-1]), b.integers([2 ** 31]), b.integers([0])])
      const others = b.node('Slice', [x, b.integers([0]), b.integers([-1]), b.integers([0])])
      return b.node('Concat', [last, others], { attributes: firstAxis })
    },
  },
  {
    name: 'reverses the rows',
    build: (b) =>
      b.node('Slice', [
        table(b),
        b.integers([-1]),
        b.integers([-(2 ** 31)]),
        b.integers([0]),
        b.integers([-1]),
      ]),
  },
  {
    name: 'stretches rows of three axes by an interpolation that multiplies the next row by 0, which may be no number',
    build: (b) => {
      const x = b.node('Log', [b.input('FP32', 1, 1)])
      return b.node('Resize', [x, '', b.constant('FP32', [3], [1, 1, 2])], { attributes: { mode: 'linear' } })
    },
  },
  { name: 'repeats the rows', build: (b) => b.node('Tile', [table(b), b.integers([2, 1])]) },
  {
    name: 'joins the rows with themselves',
    build: (b) => {
      const x = table(b)
      return b.node('Concat', [x, x], { attributes: firstAxis })
    },
  },
  {
    name: 'reads the rows as one sequence, column by column',
    build: (b) => b.node('Reshape', [b.node('Transpose', [table(b)]), b.integers([-1, 4])]),
  },
  { name: 'pairs neighbours', build: (b) => b.node('Reshape', [table(b), b.integers([-1, 8])]) },
  {
    name: 'picks rows by numbers of the rows',
    build: (b) => b.node('Gather', [table(b), b.input('INT64')]),
  },
  {
    name: 'writes rows to places that rows name',
    build: (b) => {
      const x = table(b)
      const places = b.input('INT64', 4)
      return b.node('ScatterElements', [x, places, x], { attributes: firstAxis })
    },
  },
  {
    name: 'sorts the rows',
    build: (b) =>
      b.nodes('TopK', [table(b), b.integers([1])], { outputs: 2, attributes: firstAxis })[0] as string,
  },
  {
    name: 'runs a recurrent cell over the rows as if they were time',
    build: (b) => {
      const x = b.node('Unsqueeze', [table(b), b.integers([1])])
      const weights = [
        b.constant('FP32', [1, 8, 4], [0.3, -0.2, 0.1]),
        b.constant('FP32', [1, 8, 2], [0.2, -0.4]),
      ]
      const [steps] = b.nodes('LSTM', [x, ...weights], { outputs: 1, attributes: { hidden_size: 2 } })
      return b.node('Reshape', [steps as string, b.integers([-1, 2])])
    },
  },
  {
    name: 'slides a window over the rows',
    build: (b) => {
      const x = b.node('Unsqueeze', [b.node('Transpose', [table(b)]), b.integers([0])])
      const y = b.node('Conv', [x, b.constant('FP32', [4, 4, 3], [1, 0, -1])], {
        attributes: { pads: [1, 1] },
      })
      return b.node('Transpose', [b.node('Squeeze', [y, b.integers([0])])])
    },
  },
]

const byCount: readonly HandBuilt[] = [
  {
    name: 'drops rows of small numbers',
    build: (b) => {
      const x = table(b)
      const most = b.node('ReduceMax', [x], { attributes: { axes: [1], keepdims: 0 } })
      return b.node('Compress', [x, b.node('Greater', [most, number(b, 0.05)])], { attributes: firstAxis })
    },
  },
  { name: 'lists what is not zero', build: (b) => b.node('Transpose', [b.node('NonZero', [table(b)])]) },
  {
    name: 'lists each row once',
    build: (b) => b.nodes('Unique', [table(b)], { outputs: 1, attributes: firstAxis })[0] as string,
  },
  {
    name: 'returns the sum of the batch',
    build: (b) => b.node('ReduceSum', [table(b)], { attributes: { keepdims: 0 } }),
  },
  {
    name: 'returns a constant',
    build: (b) => {
      table(b)
      return b.node('Identity', [b.constant('FP32', [1, 2], [1])])
    },
  },
  {
    name: 'says where in the batch each largest number was',
    build: (b) =>
      b.nodes('MaxPool', [b.input('FP32', 1, 4)], {
        outputs: 2,
        attributes: { kernel_shape: [2] },
      })[1] as string,
  },
]

const byChance: readonly HandBuilt[] = [
  {
    name: 'adds random numbers',
    build: (b) => {
      const x = table(b)
      return b.node('Add', [x, b.node('RandomNormalLike', [x])])
    },
  },
  {
    name: 'adds a random number that is the same for all',
    build: (b) => b.node('Add', [table(b), b.node('RandomUniform', [], { attributes: { shape: [1] } })]),
  },
  { name: 'throws dice', build: (b) => b.node('Multinomial', [table(b)]) },
  { name: 'throws a coin', opset: 15, build: (b) => b.node('Bernoulli', [b.node('Sigmoid', [table(b)])]) },
  {
    name: 'drops numbers as in training',
    build: (b) => b.node('Dropout', [table(b), number(b, 0.5), b.constant('BOOL', [], [1])]),
  },
  {
    name: 'calls an unknown operator',
    neverRuns: 'onnxruntime does not know it either',
    build: (b) => b.node('Mystery', [table(b)], { domain: 'custom' }),
  },
]

export const meetingPlaces: readonly HandBuilt[] = [...byPlace, ...byCount, ...byChance]
