/** Forms that exporters write, each beside a twin that looks like it and lets rows meet. */
import { elementType } from '../../../testing/onnx.ts'
import { type Builder, contrib } from '../builder.ts'
import type { HandBuilt, Twins } from '../hand-built.ts'

const first = { axis: 0 }
const shapeOf = (b: Builder, x: string): string => b.node('Shape', [x])
const lengthAt = (b: Builder, x: string, axis: number): string =>
  b.node('Gather', [shapeOf(b, x), b.integers([axis])])
const joined = (b: Builder, ...parts: readonly string[]): string =>
  b.node('Concat', parts, { attributes: first })
const turned = (b: Builder, x: string, ...perm: readonly number[]): string =>
  b.node('Transpose', [x], { attributes: { perm } })

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

const attending: Twins = {
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

const picking: Twins = {
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

/** Scores of [rows, length, length] with what comes later hidden. */
const causal =
  (places: 'length' | 'rows'): HandBuilt['build'] =>
  (b) => {
    const x = b.input('FP32', 'length', 'length')
    const count = b.node('Gather', [shapeOf(b, x), b.integers(places === 'length' ? 1 : 0)])
    const range = b.node('Range', [b.integers(0), count, b.integers(1)])
    const later = b.node('Greater', [
      b.node('Unsqueeze', [range, b.integers([0])]),
      b.node('Unsqueeze', [range, b.integers([1])]),
    ])
    const hidden = b.node('Where', [later, b.constant('FP32', [], [-1e4]), b.constant('FP32', [], [0])])
    return b.node('Softmax', [b.node('Add', [x, hidden])])
  }

/** A mask of [rows, length] widened to [rows, 1, length, length], by a target in which -1 stands for what is there. */
const widened =
  (target: 'kept' | 'rows'): HandBuilt['build'] =>
  (b) => {
    const mask = b.input('INT64', 'length')
    const four = b.node('Unsqueeze', [mask, b.integers([1, 2])])
    const asked = joined(
      b,
      lengthAt(b, mask, target === 'kept' ? 0 : 1),
      b.integers([-1]),
      lengthAt(b, mask, target === 'kept' ? 1 : 0),
      b.integers([-1]),
    )
    const ones = b.constant('INT64', [4], [1])
    const shape = b.node('Where', [b.node('Equal', [asked, b.integers([-1, -1, -1, -1])]), ones, asked])
    return b.node('Cast', [b.node('Expand', [four, shape])], { attributes: { to: elementType('FP32') } })
  }

const meanOfWords =
  (axis: number): HandBuilt['build'] =>
  (b) => {
    const x = b.input('FP32', 'length', 4)
    const mask = b.node('Cast', [b.input('INT64', 'length')], { attributes: { to: elementType('FP32') } })
    const wide = b.node('Expand', [b.node('Unsqueeze', [mask, b.integers([-1])]), shapeOf(b, x)])
    const sum = (of: string) =>
      b.node('ReduceSum', [of, b.integers([axis])], { attributes: { keepdims: axis } })
    const mean = b.node('Div', [
      sum(b.node('Mul', [x, wide])),
      b.node('Clip', [sum(wide), b.constant('FP32', [], [1e-9])]),
    ])
    return axis === 1 ? b.node('Squeeze', [mean, b.integers([1])]) : b.node('Add', [x, mean])
  }

const masking: Twins = {
  apart: [
    { name: 'scores with what comes later hidden', build: causal('length') },
    {
      name: 'zeros for as many rows as there are, and the size of a row',
      build: (b) => {
        const x = b.input('FP32', 4)
        const zeros = b.node('ConstantOfShape', [shapeOf(b, x)])
        const size = b.node('Div', [b.node('Size', [x]), b.node('Squeeze', [lengthAt(b, x, 0)])])
        const real = b.node('Cast', [size], { attributes: { to: elementType('FP32') } })
        return b.node('Mul', [b.node('Add', [x, zeros]), real])
      },
    },
    { name: 'a mask widened by its own lengths', build: widened('kept') },
    { name: 'a mean of words under a mask', build: meanOfWords(1) },
  ],
  meeting: [
    { name: 'scores hidden by a triangle of rows', lengths: { length: 1 }, build: causal('rows') },
    {
      name: 'a mask widened by the lengths the wrong way round',
      lengths: { length: 1 },
      build: widened('rows'),
    },
    { name: 'a mean of rows under a mask', build: meanOfWords(0) },
  ],
}

const cell = (b: Builder, x: string, inputs: number): string =>
  b.nodes(
    'LSTM',
    [
      x,
      b.constant('FP32', [1, 8, inputs], [0.3, -0.2, 0.1]),
      b.constant('FP32', [1, 8, 2], [0.2, -0.4, 0.1]),
    ],
    { outputs: 1, attributes: { hidden_size: 2 } },
  )[0] as string

const counted = (b: Builder, words: string): string =>
  b.node('TfIdfVectorizer', [words], {
    attributes: {
      ...{ max_gram_length: 1, max_skip_count: 0, min_gram_length: 1, mode: 'TF' },
      ...{ ngram_counts: [0], ngram_indexes: [0, 1], pool_int64s: [0, 1] },
    },
  })

const characters = (b: Builder, pad: string): string => {
  const texts = b.input('BYTES')
  const tokens = b.node('Tokenizer', [texts], {
    domain: contrib,
    attributes: { mark: 0, mincharnum: 1, pad_value: pad, separators: { strings: [''] } },
  })
  return b.node('TfIdfVectorizer', [tokens], {
    attributes: {
      ...{ max_gram_length: 1, max_skip_count: 0, min_gram_length: 1, mode: 'TF' },
      ...{ ngram_counts: [0], ngram_indexes: [0, 1], pool_strings: { strings: ['1', '2'] } },
    },
  })
}

const sequences: Twins = {
  apart: [
    {
      name: 'counts of characters, padded with one that is not counted',
      most: 300,
      build: (b) => characters(b, '#'),
    },
    {
      name: 'an LSTM along time',
      build: (b) => {
        const x = b.input('FP32', 'length', 3)
        const steps = b.node('Squeeze', [cell(b, turned(b, x, 1, 0, 2), 3), b.integers([1])])
        return turned(b, steps, 1, 0, 2)
      },
    },
    { name: 'counts of words in tables', most: 3, build: (b) => counted(b, b.input('INT64', 4)) },
  ],
  meeting: [
    {
      name: 'counts of characters, padded with one that is counted',
      most: 300,
      build: (b) => characters(b, '1'),
    },
    {
      name: 'an LSTM along the rows',
      build: (b) => b.node('Squeeze', [cell(b, b.input('FP32', 'length', 3), 3), b.integers([1])]),
    },
    {
      name: 'counts of words over all rows',
      most: 3,
      build: (b) => b.node('Unsqueeze', [counted(b, b.input('INT64')), b.integers([0])]),
    },
  ],
}

const all = [attending, picking, masking, sequences]
export const exportedApart: readonly HandBuilt[] = all.flatMap(({ apart }) => apart)
export const exportedMeeting: readonly HandBuilt[] = all.flatMap(({ meeting }) => meeting)
