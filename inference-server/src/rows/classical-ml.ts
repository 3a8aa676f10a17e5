import { elementTypes } from '../onnx/model.ts'
import {
  at,
  entriesPerRow,
  flag,
  input,
  intAttribute,
  intsAttribute,
  lengthsOf,
  like,
  needConstant,
  needOffRows,
  onRows,
  type Rule,
  type RuleNode,
  type Rules,
  rankOf,
  rowAxisOf,
  rulesFor,
  textsAttribute,
} from './node.ts'
import { constantPolynomial, isOne, one, rowCount } from './polynomial.ts'
import { constantState, type TensorState } from './tensor-state.ts'
import { need } from './unproven.ts'

/** These operators take a vector as one sample, so that its entries would meet. */
const needTable = (data: TensorState): void =>
  need(
    data.kind === 'constant' || (rankOf(data) === 2 && data.axis === 0),
    'the rows are not axis 0 of a table',
  )

/** Each element by itself; the type depends on the attributes. */
const elementMap: Rule = (node) => {
  const data = input(node, 0)
  return like(data, data.lengths, data.axis, 0)
}

const tableMap =
  (elementTypeOf: (data: TensorState) => number | undefined): Rule =>
  (node) => {
    const data = input(node, 0)
    needTable(data)
    return like(data, data.lengths, data.axis, elementTypeOf(data))
  }

const oneHotEncoder: Rule = (node) => {
  const data = input(node, 0)
  const zeros = node.attributes.has('zeros') ? flag(node, 'zeros') : true
  need(zeros, 'an unknown category fails the whole batch')
  const categories = intsAttribute(node, 'cats_int64s') ?? textsAttribute(node, 'cats_strings') ?? []
  const lengths = data.lengths && [...data.lengths, constantPolynomial(categories.length)]
  return like(data, lengths, data.axis, elementTypes.float32)
}

const classLabels = (node: RuleNode): number =>
  (
    intsAttribute(node, 'classlabels_ints') ??
    intsAttribute(node, 'classlabels_int64s') ??
    textsAttribute(node, 'classlabels_strings') ??
    []
  ).length

/** Labels, and scores by class: how many there are for two classes differs between operators. */
const classifier: Rule = (node) => {
  const data = input(node, 0)
  needTable(data)
  if (!data.lengths) return [constantState(), constantState()]
  const rows = at(data.lengths, 0)
  const count = node.operator === 'SVMClassifier' ? 0 : classLabels(node)
  const scores = count > 2 ? constantPolynomial(count) : node.numbers.fresh()
  return [
    like(data, [rows], data.axis, elementTypes.int64),
    like(data, [rows, scores], data.axis, elementTypes.float32),
  ]
}

const regressor: Rule = (node) => {
  const data = input(node, 0)
  needTable(data)
  if (!data.lengths) return constantState()
  const targets = intAttribute(node, 'n_targets') ?? intAttribute(node, 'targets') ?? 1
  return like(data, [at(data.lengths, 0), constantPolynomial(targets)], data.axis, elementTypes.float32)
}

/** Picks along the last axis; a vector is taken for a table of one row. */
const arrayFeatureExtractor: Rule = (node) => {
  const [data, index] = [input(node, 0), input(node, 1)]
  if (!data.lengths || !index.lengths) {
    needConstant(node, 0, 1)
    return constantState()
  }
  const { numbers } = node
  const picked = numbers.multiplyAll(index.lengths)
  need(picked, 'the number of picked entries is not followed')
  const outer = data.lengths.length === 1 ? [one] : data.lengths.slice(0, -1)
  const lengths = [...outer, numbers.length(picked)]
  if (index.kind === 'rows') {
    const before = numbers.multiplyAll(index.lengths.slice(0, rowAxisOf(index)))
    need(data.kind === 'constant' && before && isOne(before), 'both the data and the index hold rows')
    return onRows(lengths, lengths.length - 1, data.elementType)
  }
  needOffRows(data, [rankOf(data) - 1], 'picks along the row axis')
  return like(data, lengths, data.axis)
}

const featureVectorizer: Rule = (node) => {
  for (const [index] of node.inputs.entries()) {
    const data = input(node, index)
    need(data.kind === 'rows', 'joins a fixed tensor')
    needTable(data)
    need(isOne(entriesPerRow(data)), 'the rows are not axis 0 of a table')
  }
  return onRows([rowCount, node.numbers.fresh()], 0, elementTypes.float32)
}

/** A sequence with a map for each row. */
const zipMap: Rule = (node) => {
  const data = input(node, 0)
  needTable(data)
  return like(data, data.lengths && lengthsOf(data).slice(0, 1), data.axis, 0)
}

export const classicalRules: Rules = {
  ...rulesFor('LabelEncoder CategoryMapper Binarizer', elementMap),
  ...rulesFor(
    'Scaler Normalizer',
    tableMap(() => elementTypes.float32),
  ),
  Imputer: tableMap(({ elementType }) => elementType),
  OneHotEncoder: oneHotEncoder,
  ...rulesFor('LinearClassifier SVMClassifier TreeEnsembleClassifier', classifier),
  ...rulesFor('LinearRegressor SVMRegressor TreeEnsembleRegressor TreeEnsemble', regressor),
  ArrayFeatureExtractor: arrayFeatureExtractor,
  FeatureVectorizer: featureVectorizer,
  ZipMap: zipMap,
}
