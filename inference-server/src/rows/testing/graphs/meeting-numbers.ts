/** Graphs in which rows meet, by means, sums and numbers of rows; none may be called independent. */
import { elementType } from '../../../testing/onnx.ts'
import type { Builder } from '../builder.ts'
import type { HandBuilt } from '../hand-built.ts'
import { number, table } from './writing.ts'

const firstAxis = { axis: 0 }
const axes0 = { axes: [0] }

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

export const meetingNumbers: readonly HandBuilt[] = [...byMean, ...bySpread, ...byNumber]
