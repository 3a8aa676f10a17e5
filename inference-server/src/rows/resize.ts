import { approximate, floor } from './coefficient.ts'
import {
  at,
  axisOf,
  expressions,
  input,
  intsAttribute,
  lengthsOf,
  like,
  type Rule,
  type RuleNode,
  type Rules,
  rankOf,
  textAttribute,
} from './node.ts'
import { constantPolynomial, isOne, type Polynomial, product, same } from './polynomial.ts'
import type { Element } from './symbols.ts'
import type { TensorState } from './tensor-state.ts'
import { need } from './unproven.ts'

/** These modes would move rows even at a scale of 1, or take a region from the values of an input. */
const needFollowedMode = (node: RuleNode): void => {
  const coordinates = textAttribute(node, 'coordinate_transformation_mode', 'half_pixel')
  const mode = textAttribute(node, 'mode', 'nearest')
  const policy = textAttribute(node, 'keep_aspect_ratio_policy', 'stretch')
  const movesRows = coordinates === 'tf_half_pixel_for_nn' && mode === 'nearest'
  need(
    coordinates !== 'tf_crop_and_resize' && policy === 'stretch' && !movesRows,
    'this mode of resizing is not followed',
  )
}

/** A length is at least 1 after resizing. */
const resizedLength = (
  { numbers }: RuleNode,
  length: Polynomial,
  amount: Element | undefined,
  isSize: boolean,
): Polynomial => {
  need(amount && !amount.hasRows, 'its sizes depend on the number of rows')
  if (isSize) return numbers.length(amount, true)
  const scaled = product(amount, length)
  if (amount.constant !== undefined && typeof length.constant === 'number' && scaled.constant !== undefined) {
    const exact = floor(scaled.constant)
    // The run time multiplies in float32, which may round up to the next whole number.
    if (exact === Math.floor(Math.fround(approximate(amount.constant) * length.constant)))
      return constantPolynomial(exact)
    return numbers.fresh()
  }
  const named = numbers.opaque('rs', [amount, length], { least: 1 })
  need(named, 'its sizes depend on the number of rows')
  return named
}

/** Scales, or the lengths of the result. */
interface Amounts {
  readonly list: readonly Element[] | undefined
  readonly areSizes: boolean
}

/**
 * The runtime interpolates two or three axes along all of them, the row axis too: the row beside enters with weight 0, and 0 times NaN
 * is NaN. It interpolates more axes along inner ones only.
 */
const needRowsApart = (node: RuleNode, data: TensorState): void => {
  if (data.kind !== 'rows' || textAttribute(node, 'mode', 'nearest') === 'nearest') return
  need(data.axis === 0 && rankOf(data) >= 4, 'interpolates along the row axis')
}

const resizeBy = (node: RuleNode, { list, areSizes }: Amounts): TensorState => {
  const data = input(node, 0)
  needFollowedMode(node)
  needRowsApart(node, data)
  const given = intsAttribute(node, 'axes') ?? []
  const lengths = [...lengthsOf(data)]
  const axes = given.length > 0 ? given.map((axis) => axisOf(axis, rankOf(data))) : [...lengths.keys()]
  for (const [index, axis] of axes.entries()) {
    const amount = list?.[index]
    const length = at(lengths, axis)
    if (data.kind === 'rows' && axis === data.axis)
      need(amount && (areSizes ? same(amount, length) : isOne(amount)), 'resizes the row axis')
    else lengths[axis] = resizedLength(node, length, amount, areSizes)
  }
  return like(data, lengths, data.axis)
}

const resize: Rule = (node) => {
  const sizes = expressions(node, 3) ?? []
  if (sizes.length > 0) return resizeBy(node, { list: sizes, areSizes: true })
  return resizeBy(node, { list: expressions(node, node.opset < 11 ? 1 : 2), areSizes: false })
}

const upsample: Rule = (node) => resizeBy(node, { list: expressions(node, 1, 'scales'), areSizes: false })

export const resizeRules: Rules = { Resize: resize, Upsample: upsample }
