/** Graphs in which rows meet in the branch that is taken, though arithmetic without limits would take the other one. */
import type { Graph, LocalFunction, Node, OpenValue } from '../../../testing/onnx.ts'
import type { Builder } from '../builder.ts'
import type { HandBuilt } from '../hand-built.ts'
import { call, joined, lengthAt, number, table } from './writing.ts'

const graphOf = (
  nodes: readonly Node[],
  outputs: readonly string[],
): { readonly graph: Graph<OpenValue> } => ({
  graph: { inputs: [], nodes, outputs: outputs.map((name) => ({ name })) },
})

/** x where the condition holds, otherwise its rows in the opposite order. */
const turnedUnless = (b: Builder, condition: string, x: string): string => {
  const [last, beyond, rows] = [-1, -1000, 0].map((value) => b.integers([value])) as [string, string, string]
  const turn = call('Slice', [x, last, beyond, rows, last], 'q')
  return b.node('If', [condition], {
    attributes: {
      then_branch: graphOf([call('Identity', [x], 'p')], ['p']),
      else_branch: graphOf([turn], ['q']),
    },
  })
}

const cast = (b: Builder, x: string, to: number): string => b.node('Cast', [x], { attributes: { to } })
const types = { float32: 1, int32: 6, int64: 7, float64: 11, uint64: 13 } as const

const squared = (b: Builder, x: string): string => b.node('Mul', [x, x])

/** 0.1 times 0.3, rounded. */
const rounded = (b: Builder): string => b.node('Mul', [number(b, 0.1), number(b, 0.3)])

/** Makes sure of a length of 3 or more where it runs, which it does not for a length of 1. */
const convolvedWhereLong = (b: Builder, x: string, length: string): void => {
  const filter = b.constant('FP32', [1, 1, 3], [1, 1, 1])
  const mean = { axes: [1, 2] }
  b.node('If', [b.node('Greater', [length, b.integers([2])])], {
    attributes: {
      then_branch: graphOf([call('Conv', [x, filter], 'c'), call('ReduceMean', ['c'], 'm', mean)], ['m']),
      else_branch: graphOf([call('ReduceMean', [x], 'n', mean)], ['n']),
    },
  })
}

/** The run time has an operator of that name, which keeps a triangle of the rows. */
const ownTrilu: LocalFunction = {
  domain: 'com.microsoft',
  name: 'Trilu',
  inputs: ['in'],
  outputs: ['out'],
  nodes: [call('Identity', ['in'], 'out')],
  opsets: { '': 17 },
}

export const meetingDecisions: readonly HandBuilt[] = [
  {
    name: 'takes the branch of a product of 32 bits that wraps around to 0',
    lengths: { length: 256 },
    build: (b) => {
      const x = b.input('FP32', 'length')
      const length = cast(b, lengthAt(b, x, 1), types.int32)
      const zero = cast(b, b.integers([0]), types.int32)
      return turnedUnless(b, b.node('Greater', [squared(b, squared(b, length)), zero]), x)
    },
  },
  {
    name: 'takes the branch of a product of 64 bits that wraps around to 0',
    lengths: { length: 65536 },
    build: (b) => {
      const x = b.input('FP32', 'length')
      const product = squared(b, squared(b, lengthAt(b, x, 1)))
      return turnedUnless(b, b.node('Greater', [product, b.integers([0])]), x)
    },
  },
  {
    name: 'takes the branch of a product over a shape that ends at the largest number',
    lengths: { length: 256 },
    build: (b) => {
      const x = b.input('FP32', 'length')
      const length = lengthAt(b, x, 1)
      const all = joined(b, ...Array.from({ length: 8 }, () => length))
      const product = b.node('ReduceProd', [all], { attributes: { keepdims: 0 } })
      return turnedUnless(b, b.node('Greater', [b.node('Add', [product, b.integers(1)]), product]), x)
    },
  },
  {
    name: 'takes the branch of a product that 32 bits do not hold',
    lengths: { length: 256 },
    build: (b) => {
      const x = b.input('FP32', 'length')
      const product = squared(b, squared(b, lengthAt(b, x, 1)))
      const held = cast(b, cast(b, product, types.int32), types.int64)
      return turnedUnless(b, b.node('Equal', [product, held]), x)
    },
  },
  {
    name: 'takes the branch of a rest that has another sign',
    build: (b) => {
      const x = b.input('FP32', 'length')
      const operands = [b.node('Sub', [lengthAt(b, x, 1), b.integers([10])]), b.integers([4])]
      const rest = b.node('Mod', operands, { attributes: { fmod: 1 } })
      return turnedUnless(b, b.node('Equal', [rest, b.node('Mod', operands)]), x)
    },
  },
  {
    name: 'takes the branch of a quotient that is another one without a sign',
    build: (b) => {
      const x = b.input('FP32', 'length')
      const parts = [lengthAt(b, x, 1), b.integers([10]), b.integers([3])] as const
      const quotient = ([length, ten, three]: readonly [string, string, string]): string =>
        b.node('Div', [b.node('Sub', [length, ten]), three])
      const unsigned = parts.map((part) => cast(b, part, types.uint64)) as [string, string, string]
      const back = cast(b, quotient(unsigned), types.int64)
      return turnedUnless(b, b.node('Equal', [quotient([...parts]), back]), x)
    },
  },
  {
    name: 'takes the branch of a sum of lengths that is rounded',
    lengths: { length: 4096 },
    build: (b) => {
      const x = b.input('FP32', 'length')
      const product = cast(b, squared(b, lengthAt(b, x, 1)), types.float32)
      return turnedUnless(b, b.node('Greater', [b.node('Add', [product, number(b, 1)]), product]), x)
    },
  },
  {
    name: 'takes the branch of a product that is another one in double precision',
    build: (b) => {
      const single = cast(b, rounded(b), types.float64)
      const [left, right] = [0.1, 0.3].map((value) => cast(b, number(b, value), types.float64)) as [
        string,
        string,
      ]
      return turnedUnless(b, b.node('Equal', [b.node('Mul', [left, right]), single]), table(b))
    },
  },
  {
    name: 'takes the branch of a small number that was added to a large one, which is taken away again',
    build: (b) => {
      const [small, large] = [rounded(b), number(b, 4096)]
      const left = b.node('Sub', [b.node('Add', [small, large]), large])
      return turnedUnless(b, b.node('Equal', [small, left]), table(b))
    },
  },
  {
    name: 'takes the branch of a length of which another branch, that does not run, would make sure',
    lengths: { length: 1 },
    build: (b) => {
      const x = b.input('FP32', 1, 'length')
      const length = lengthAt(b, x, 2)
      convolvedWhereLong(b, x, length)
      const beyond = b.node('Sub', [length, b.integers([2])])
      return turnedUnless(b, b.node('Greater', [beyond, b.integers([0])]), x)
    },
  },
  {
    name: 'calls an operator of the run time by the name of a function of the model',
    functions: [ownTrilu],
    build: (b) => b.node('Trilu', [table(b)], { domain: 'com.microsoft' }),
  },
]
