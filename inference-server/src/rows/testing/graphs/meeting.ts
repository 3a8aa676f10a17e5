/** Graphs in which rows meet, each in its own way; none may be called independent. */
import { elementType } from '../../../testing/onnx.ts'
import type { Builder } from '../builder.ts'
import type { HandBuilt } from '../hand-built.ts'

const firstAxis = { axis: 0 }
const axes0 = { axes: [0] }

/** [n, 4] */
const table = (builder: Builder): string => builder.input('FP32', 4)
const number = (builder: Builder, value: number): string => builder.constant('FP32', [], [value])

const meanOverRows = (builder: Builder, of: string): string =>
  builder.node('ReduceMean', [of], { attributes: axes0 })

const rowsOf = (builder: Builder, of: string): string =>
  builder.node('Gather', [builder.node('Shape', [of]), builder.integers(0)])

const byMean: readonly HandBuilt[] = [
  {
    name: 'takes the mean of a column away, one number a row',
    build: (b) => {
      const x = b.input('FP32', 1)
      return b.node('Sub', [x, meanOverRows(b, x)])
    },
  },
  {
    name: 'adds a hundredth of the mean over all rows',
    build: (b) => {
      const x = table(b)
      return b.node('Add', [x, b.node('Mul', [meanOverRows(b, x), number(b, 0.01)])])
    },
  },
  {
    name: 'makes numbers of 1e-7 by a softmax over the rows',
    build: (b) => {
      const shares = b.node('Softmax', [table(b)], { attributes: firstAxis })
      return b.node('Mul', [shares, number(b, 1e-7)])
    },
  },
  {
    name: 'takes the mean by a product with a row of ones',
    build: (b) => {
      const x = table(b)
      const shape = b.node(
        'Concat',
        [b.integers([1]), b.node('Unsqueeze', [rowsOf(b, x), b.integers([0])])],
        {
          attributes: firstAxis,
        },
      )
      const ones = b.node('ConstantOfShape', [shape], {
        attributes: { value: { tensor: { shape: [1], data: new Float32Array([1]) } } },
      })
      return b.node('Add', [x, b.node('MatMul', [ones, x])])
    },
  },
  {
    name: 'sums over the rows in an Einsum',
    build: (b) => {
      const x = table(b)
      return b.node('Add', [x, b.node('Einsum', [x], { attributes: { equation: 'nd->d' } })])
    },
  },
  {
    name: 'multiplies rows with rows: similarities within the batch',
    build: (b) => {
      const x = table(b)
      return b.node('MatMul', [x, b.node('Transpose', [x])])
    },
  },
]

const bySpread: readonly HandBuilt[] = [
  {
    name: 'normalizes from axis 0 in an old softmax',
    opset: 11,
    build: (b) => b.node('Softmax', [table(b)], { attributes: firstAxis }),
  },
  {
    name: 'normalizes over the rows by transposing there and back',
    build: (b) => {
      const turned = b.node('Transpose', [table(b)])
      return b.node('Transpose', [b.node('Softmax', [turned], { attributes: { axis: -1 } })])
    },
  },
  {
    name: 'normalizes over everything, rows too',
    build: (b) => {
      const flat = b.node('Reshape', [table(b), b.integers([1, -1])])
      return b.node('Reshape', [b.node('Softmax', [flat]), b.integers([-1, 4])])
    },
  },
  { name: 'normalizes by the statistics of the batch', build: (b) => batchStatistics(b) },
  {
    name: 'divides by the largest number of the batch',
    build: (b) => {
      const x = table(b)
      return b.node('Div', [x, b.node('ReduceMax', [x], { attributes: { keepdims: 0 } })])
    },
  },
  {
    name: 'divides by the norm of a column',
    build: (b) => b.node('LpNormalization', [table(b)], { attributes: firstAxis }),
  },
]

const batchStatistics = (b: Builder): string => {
  const x = b.input('FP32', 4, 2, 2)
  const one = b.constant('FP32', [4], [1])
  return b.nodes('BatchNormalization', [x, one, one, one, one], {
    outputs: 3,
    attributes: { training_mode: 1 },
  })[0] as string
}

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

const byNumber: readonly HandBuilt[] = [
  {
    name: 'multiplies by the number of rows',
    build: (b) => {
      const x = table(b)
      return b.node('Mul', [x, b.node('Cast', [rowsOf(b, x)], { attributes: { to: elementType('FP32') } })])
    },
  },
  {
    name: 'adds the number of the row',
    build: (b) => {
      const x = table(b)
      const numbers = b.node('Range', [b.integers(0), rowsOf(b, x), b.integers(1)])
      const real = b.node('Cast', [numbers], { attributes: { to: elementType('FP32') } })
      return b.node('Add', [x, b.node('Unsqueeze', [real, b.integers([1])])])
    },
  },
  {
    name: 'asks whether there is one row',
    build: (b) => {
      const x = table(b)
      const single = b.node('Equal', [rowsOf(b, x), b.integers(1)])
      return b.node('Where', [single, x, b.node('Neg', [x])])
    },
  },
  {
    name: 'adds half the number of rows, rounded down',
    build: (b) => {
      const x = table(b)
      const half = b.node('Div', [rowsOf(b, x), b.integers(2)])
      return b.node('Add', [x, b.node('Cast', [half], { attributes: { to: elementType('FP32') } })])
    },
  },
  {
    name: 'adds a table with one line for each of five rows',
    build: (b) => b.node('Add', [table(b), b.constant('FP32', [5, 4], [1, 2, 3, 4, 5, 6, 7])]),
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
    name: 'calls an operator that nobody knows',
    neverRuns: 'onnxruntime does not know it either',
    build: (b) => b.node('Mystery', [table(b)], { domain: 'custom' }),
  },
]

export const meetingGraphs: readonly HandBuilt[] = [
  ...byMean,
  ...bySpread,
  ...byPlace,
  ...byNumber,
  ...byCount,
  ...byChance,
]
