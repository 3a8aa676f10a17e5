/** How exporters write attention, and how models pick a state for each row; each beside a twin that lets rows meet. */
import type { HandBuilt, Twins } from '../hand-built.ts'
import { joined, lengthAt, shapeOf, turned } from './writing.ts'

/** Splits rows of words into heads and puts them back together, as T5 and BERT do. */
const heads =
  (order: readonly number[]): HandBuilt['build'] =>
  (b) => {
    const x = b.input('FP32', 'length', 6)
    const split = b.node('Reshape', [x, joined(b, lengthAt(b, x, 0), b.integers([-1, 2, 3]))])
    const apart = turned(b, split, 0, 2, 1, 3)
    const scores = b.node('Softmax', [b.node('MatMul', [apart, turned(b, apart, 0, 1, 3, 2)])])
    const together = turned(b, b.node('MatMul', [scores, apart]), ...order)
    return b.node('Reshape', [together, joined(b, lengthAt(b, x, 0), b.integers([-1, 6]))])
  }

/** fairseq keeps time first and merges rows with heads: [time, rows, width] to [rows * heads, time, width / heads]. */
const merged =
  (rowsFirst: boolean): HandBuilt['build'] =>
  (b) => {
    const x = b.input('FP32', 'length', 6)
    const timeFirst = turned(b, x, 1, 0, 2)
    const rows = lengthAt(b, x, 0)
    const length = lengthAt(b, x, 1)
    const rowsByHeads = b.node('Mul', [rows, b.integers([2])])
    const source = rowsFirst ? timeFirst : x
    const split = b.node('Reshape', [
      source,
      joined(
        b,
        rowsFirst ? length : rows,
        rowsFirst ? rowsByHeads : b.node('Mul', [length, b.integers([2])]),
        b.integers([3]),
      ),
    ])
    const apart = turned(b, split, 1, 0, 2)
    const scores = b.node('Softmax', [b.node('MatMul', [apart, turned(b, apart, 0, 2, 1)])])
    const back = turned(b, b.node('MatMul', [scores, apart]), 1, 0, 2)
    const together = b.node('Reshape', [
      back,
      joined(b, rowsFirst ? length : rows, rowsFirst ? rows : length, b.integers([6])),
    ])
    return rowsFirst ? turned(b, together, 1, 0, 2) : together
  }

export const attending: Twins = {
  apart: [
    { name: 'attention in heads', build: heads([0, 2, 1, 3]) },
    { name: 'attention with rows merged into heads', build: merged(true) },
  ],
  meeting: [
    { name: 'attention whose heads come back in the order of another axis', build: heads([2, 0, 1, 3]) },
    { name: 'attention of heads merged with time, across the rows', build: merged(false) },
  ],
}

/** Windows of 2 by 2 in pictures of 4 by 4, shifted by one: Swin. */
const windows =
  (shiftAxis: number): HandBuilt['build'] =>
  (b) => {
    const x = b.input('FP32', 4, 4, 3)
    const part = (from: number, to: number) =>
      b.node('Slice', [x, b.integers([from]), b.integers([to]), b.integers([shiftAxis])])
    const shifted = b.node('Concat', [part(1, 2 ** 31), part(0, 1)], { attributes: { axis: shiftAxis } })
    const cut = b.node('Reshape', [shifted, b.integers([-1, 2, 2, 2, 2, 3])])
    const perWindow = b.node('Reshape', [turned(b, cut, 0, 1, 3, 2, 4, 5), b.integers([-1, 4, 3])])
    const scores = b.node('Softmax', [b.node('MatMul', [perWindow, turned(b, perWindow, 0, 2, 1)])])
    const seen = b.node('MatMul', [scores, perWindow])
    const back = turned(b, b.node('Reshape', [seen, b.integers([-1, 2, 2, 2, 2, 3])]), 0, 1, 3, 2, 4, 5)
    return b.node('Reshape', [back, b.integers([-1, 4, 4, 3])])
  }

/** The state at the largest id of each row: CLIP's end of text. */
const endOfText =
  (numbersFrom: 'rows' | 'twice' | 'length'): HandBuilt['build'] =>
  (b) => {
    const x = b.input('FP32', 'length', 4)
    const ids = b.input('INT64', 'length')
    const count = b.node('Gather', [shapeOf(b, x), b.integers(numbersFrom === 'length' ? 1 : 0)])
    const range = b.node('Range', [b.integers(0), count, b.integers(1)])
    const numbers = numbersFrom === 'twice' ? b.node('Mul', [range, b.integers(0)]) : range
    const found = b.node('ArgMax', [ids], { attributes: { axis: -1, keepdims: 0 } })
    const column = (of: string) => b.node('Unsqueeze', [of, b.integers([-1])])
    const tuples = b.node('Concat', [column(numbers), column(found)], { attributes: { axis: -1 } })
    return b.node('GatherND', [x, tuples])
  }

/** The state at the largest id, out of the states of all rows in one list. */
const endInList =
  (step: 'length' | 'longer' | 'shorter'): HandBuilt['build'] =>
  (b) => {
    const x = b.input('FP32', 'length', 4)
    const ids = b.input('INT64', 'length')
    const list = b.node('Reshape', [x, b.integers([-1, 4])])
    const range = b.node('Range', [b.integers(0), b.node('Squeeze', [lengthAt(b, x, 0)]), b.integers(1)])
    const off = { length: 0, longer: 1, shorter: -1 }[step]
    const stride = b.node('Add', [lengthAt(b, x, 1), b.integers([off])])
    const found = b.node('ArgMax', [ids], { attributes: { axis: -1, keepdims: 0 } })
    return b.node('Gather', [list, b.node('Add', [b.node('Mul', [range, stride]), found])])
  }

export const picking: Twins = {
  apart: [
    { name: 'windows shifted along the height', build: windows(1) },
    { name: 'the state at the end of each text', most: 9, build: endOfText('rows') },
    {
      name: 'the state at the end of each text, by its place in a list of all',
      most: 9,
      build: endInList('length'),
    },
  ],
  meeting: [
    {
      name: 'states from a list of all, in steps too short',
      most: 9,
      build: endInList('shorter'),
    },
    {
      name: 'states from a list of all, in steps too long',
      neverRuns: 'the last is beyond the list, or the batch has one row',
      most: 9,
      build: endInList('longer'),
    },
    { name: 'windows of pictures shifted along the rows', build: windows(0) },
    { name: 'the state at the end of texts, all of the first row', most: 9, build: endOfText('twice') },
    {
      name: 'the state of as many rows as a text is long',
      neverRuns: 'there are as many rows as words in one batch only',
      lengths: { length: 2 },
      most: 9,
      build: endOfText('length'),
    },
  ],
}
