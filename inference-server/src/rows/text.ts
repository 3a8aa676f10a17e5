import { elementTypes } from '../onnx/model.ts'
import {
  at,
  bytesAttribute,
  input,
  intsAttribute,
  lengthsOf,
  like,
  type Rule,
  type Rules,
  rankOf,
  textsAttribute,
} from './node.ts'
import { constantPolynomial } from './polynomial.ts'
import { rowState } from './tensor-state.ts'
import { need } from './unproven.ts'

/** Stop words are dropped from the whole batch, which then has fewer entries. */
const stringNormalizer: Rule = (node) => {
  const data = input(node, 0)
  need((textsAttribute(node, 'stopwords') ?? []).length === 0, 'drops stop words from the batch')
  return like(data, data.lengths, data.axis)
}

/** Each row is padded to the longest of the batch. */
const tokenizer: Rule = (node) => {
  const data = input(node, 0)
  need(data.kind === 'rows' && data.axis === 0, 'the rows are not on axis 0')
  return {
    ...data,
    kind: 'padded',
    lengths: [...lengthsOf(data), node.numbers.fresh()],
    values: undefined,
    elementType: undefined,
    padding: bytesAttribute(node, 'pad_value') ?? Buffer.alloc(0),
    reason: 'pads to the longest row',
  }
}

/** Counts of the n-grams of a vocabulary: padding changes nothing where no n-gram contains it. */
const tfIdf: Rule = (node) => {
  const data = input(node, 0)
  const isTable = (data.kind === 'rows' || data.kind === 'padded') && rankOf(data) === 2 && data.axis === 0
  need(isTable, 'one vector is one sample: the rows are counted together')
  if (data.kind === 'padded') {
    const words = textsAttribute(node, 'pool_strings')
    const { padding } = data
    need(
      words && padding && !words.some((word) => word.equals(padding)),
      'the padding word is in the vocabulary',
    )
  }
  const indices = intsAttribute(node, 'ngram_indexes') ?? []
  need(indices.length > 0, 'the vocabulary is not given')
  const largest = indices.reduce((a, b) => Math.max(a, b))
  return rowState('rows', [at(lengthsOf(data), 0), constantPolynomial(largest + 1)], 0, elementTypes.float32)
}

export const textRules: Rules = { StringNormalizer: stringNormalizer, TfIdfVectorizer: tfIdf }

export const microsoftTextRules: Rules = { Tokenizer: tokenizer }
