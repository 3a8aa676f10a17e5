/** Forms that exporters write, each beside a twin that looks like it and lets rows meet. */
import { elementType } from '../../../testing/onnx.ts'
import { type Builder, contrib } from '../builder.ts'
import type { HandBuilt, Twins } from '../hand-built.ts'
import { attending, picking } from './attending.ts'
import { classes } from './classes.ts'
import { joined, lengthAt, shapeOf, turned } from './writing.ts'

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

const all = [attending, picking, masking, sequences, classes]
export const exportedApart: readonly HandBuilt[] = all.flatMap(({ apart }) => apart)
export const exportedMeeting: readonly HandBuilt[] = all.flatMap(({ meeting }) => meeting)
