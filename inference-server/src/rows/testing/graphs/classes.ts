/** Scores of classes that are computed one class after the other and joined. */
import type { Builder } from '../builder.ts'
import type { HandBuilt, Twins } from '../hand-built.ts'

const distances = (b: Builder, x: string, centre: number, keepdims: number): string => {
  const away = b.node('Sub', [x, b.constant('FP32', [3], [centre, -centre, 1])])
  const squares = b.node('Mul', [away, away])
  return b.node('ReduceSum', [squares, b.integers([1])], { attributes: { keepdims } })
}

/** The form in which quadratic discriminant analysis is converted: the distances of all rows to one centre, then to the next. */
const joined =
  (keepdims: number, target: readonly number[], perm?: readonly number[]): HandBuilt['build'] =>
  (b) => {
    const x = b.input('FP32', 3)
    const parts = [0, 1, 2, 3].map((centre) => distances(b, x, centre, keepdims))
    const all = b.node('Concat', parts, { attributes: { axis: 0 } })
    const table = b.node('Reshape', [all, b.integers(target)])
    return perm ? b.node('Transpose', [table], { attributes: { perm } }) : table
  }

/** The form in which attention for time-first sequences is exported: places and rows on one axis for a Gemm. */
const timeFirst =
  (middle: (b: Builder, x: string) => string, target: 'places' | 'rows'): HandBuilt['build'] =>
  (b) => {
    const x = b.node('Transpose', [b.input('FP32', 'length', 4)], { attributes: { perm: [1, 0, 2] } })
    const shape = b.node('Shape', [x])
    const lines = middle(b, b.node('Reshape', [x, b.integers([-1, 4])]))
    if (target === 'places') {
      const back = b.node('Reshape', [lines, shape])
      return b.node('Transpose', [back], { attributes: { perm: [1, 0, 2] } })
    }
    const [places, rows] = [0, 1].map((axis) => b.node('Gather', [shape, b.integers([axis])])) as [
      string,
      string,
    ]
    const turned = b.node('Concat', [rows, places, b.integers([4])], { attributes: { axis: 0 } })
    return b.node('Reshape', [lines, turned])
  }

const weighted = (b: Builder, x: string): string => {
  const numbers = Array.from({ length: 16 }, (_, index) => ((index * 7) % 5) - 2)
  const bias = b.constant('FP32', [4], [0.5, -1, 2, 0])
  const product = b.node('Gemm', [x, b.constant('FP32', [4, 4], numbers), bias])
  const scaled = b.node('Mul', [product, b.constant('FP32', [1, 4], [1, 2, 3, 0.5])])
  return b.node('Tanh', [b.node('MatMul', [b.node('Add', [scaled, x]), b.constant('FP32', [4, 4], numbers)])])
}

export const classes: Twins = {
  apart: [
    { name: 'distances to centres joined and laid in lines of a centre', build: joined(1, [4, -1], [1, 0]) },
    { name: 'distances to centres joined as vectors', build: joined(0, [4, -1], [1, 0]) },
    {
      name: 'distances to centres joined and laid in squares of centres',
      build: joined(1, [2, 2, -1], [2, 1, 0]),
    },
    { name: 'a Gemm of places and rows on one axis', build: timeFirst(weighted, 'places') },
    {
      name: 'a normalization of places and rows on one axis',
      build: timeFirst(
        (b, x) => b.node('LayerNormalization', [x, b.constant('FP32', [4], [1, 2, 1, 1])]),
        'places',
      ),
    },
  ],
  meeting: [
    { name: 'distances to centres joined and laid in lines of a row', build: joined(1, [-1, 4]) },
    { name: 'distances to centres joined and laid in too few lines', build: joined(1, [2, -1], [1, 0]) },
    {
      name: 'a Gemm of places and rows on one axis, read the other way round',
      build: timeFirst(weighted, 'rows'),
    },
    {
      name: 'a softmax over places and rows on one axis',
      build: timeFirst((b, x) => b.node('Softmax', [x], { attributes: { axis: 0 } }), 'places'),
    },
    {
      name: 'sums along places and rows on one axis',
      build: timeFirst((b, x) => b.node('CumSum', [x, b.integers(0)]), 'places'),
    },
    { name: 'distances to centres joined and left so', build: joined(1, [-1, 1]) },
  ],
}
