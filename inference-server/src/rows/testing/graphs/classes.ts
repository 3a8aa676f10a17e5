/** Scores of classes that are computed one class after the other and joined. */
import type { Builder } from '../builder.ts'
import type { HandBuilt, Twins } from '../hand-built.ts'

const distances = (b: Builder, x: string, centre: number, keepdims: number): string => {
  const away = b.node('Sub', [x, b.constant('FP32', [3], [centre, -centre, 1])])
  const squares = b.node('Mul', [away, away])
  return b.node('ReduceSum', [squares, b.integers([1])], { attributes: { keepdims } })
}

/** As quadratic discriminant analysis is converted: the distances of all rows to one centre, then to the next. */
const joined =
  (keepdims: number, target: readonly number[], perm?: readonly number[]): HandBuilt['build'] =>
  (b) => {
    const x = b.input('FP32', 3)
    const parts = [0, 1, 2, 3].map((centre) => distances(b, x, centre, keepdims))
    const all = b.node('Concat', parts, { attributes: { axis: 0 } })
    const table = b.node('Reshape', [all, b.integers(target)])
    return perm ? b.node('Transpose', [table], { attributes: { perm } }) : table
  }

export const classes: Twins = {
  apart: [
    { name: 'distances to centres joined and laid in lines of a centre', build: joined(1, [4, -1], [1, 0]) },
    { name: 'distances to centres joined as vectors', build: joined(0, [4, -1], [1, 0]) },
    {
      name: 'distances to centres joined and laid in squares of centres',
      build: joined(1, [2, 2, -1], [2, 1, 0]),
    },
  ],
  meeting: [
    { name: 'distances to centres joined and laid in lines of a row', build: joined(1, [-1, 4]) },
    { name: 'distances to centres joined and laid in too few lines', build: joined(1, [2, -1], [1, 0]) },
    { name: 'distances to centres joined and left so', build: joined(1, [-1, 1]) },
  ],
}
