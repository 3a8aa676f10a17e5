import { elementTypes } from '../onnx/model.ts'
import { floor } from './coefficient.ts'
import type { Relation } from './comparison.ts'
import { input, intAttribute, type RuleNode } from './node.ts'
import type { Numbers } from './numbers.ts'
import { one, same, zero } from './polynomial.ts'
import { mapElements, type SymbolicArray } from './symbolic-array.ts'
import type { Element } from './symbols.ts'
import {
  arithmetic,
  castTo,
  ceiling,
  division,
  type Fold,
  modulo,
  reduction,
  rounding,
} from './value-arithmetic.ts'
import { layoutFolds } from './value-layout.ts'

const comparison =
  (relation: Relation, isSwapped: boolean): Fold =>
  ({ numbers }, arrays) =>
    mapElements(isSwapped ? arrays.toReversed() : arrays, (a, b) => {
      if (a === undefined || b === undefined) return null
      return numbers.compare(a, b, relation)
    })

const negation: Fold = ({ numbers }, [array]) =>
  array &&
  mapElements([array], (element) => {
    if (!element) return null
    if (element.constant !== undefined) return element.constant === 0 ? one : zero
    return numbers.opaque('not', [element], { whole: true })
  })

const connective =
  (operator: string, decide: (a: boolean, b: boolean) => boolean): Fold =>
  ({ numbers }, arrays) =>
    mapElements(arrays, (a, b) => {
      if (a?.constant === undefined || b?.constant === undefined)
        return numbers.opaque(operator, [a ?? null, b ?? null], { whole: true })
      return decide(a.constant !== 0, b.constant !== 0) ? one : zero
    })

const where: Fold = ({ numbers }, arrays) =>
  mapElements(arrays, (condition, a, b) => {
    if (!condition || a === undefined || b === undefined) return null
    if (condition.constant !== undefined) return condition.constant === 0 ? b : a
    if (!a || !b) return null
    return same(a, b) ? a : numbers.opaque('where', [condition, a, b])
  })

/** The larger or the smaller of two, where it is known which. */
const extremeOf = (numbers: Numbers, a: Element, b: Element, isLarger: boolean): Element => {
  const isOrdered = numbers.compare(a, b, 'le')?.constant
  if (isOrdered === undefined) return numbers.opaque(isLarger ? 'max' : 'min', [a, b])
  return (isOrdered === 1) === isLarger ? b : a
}

const extreme =
  (isLarger: boolean): Fold =>
  ({ numbers }, arrays) =>
    arrays.length === 2
      ? mapElements(arrays, (a, b) => extremeOf(numbers, a ?? null, b ?? null, isLarger))
      : undefined

const folds: ReadonlyMap<string, Fold> = new Map(
  Object.entries<Fold>({
    ...layoutFolds,
    Identity: (_, [array]) => array,
    Cast: (node, [array]) => array && castTo(node, array, intAttribute(node, 'to')),
    CastLike: (node, [array]) => array && castTo(node, array, input(node, 1).elementType),
    Add: arithmetic('add', (numbers, a, b) => numbers.add(a, b)),
    Sub: arithmetic('sub', (numbers, a, b) => numbers.subtract(a, b)),
    Mul: arithmetic('mul', (numbers, a, b) => numbers.multiply(a, b)),
    Div: division,
    Mod: modulo,
    Floor: rounding('Floor', floor),
    Ceil: rounding('Ceil', ceiling),
    Neg: ({ numbers }, [array]) =>
      array && mapElements([array], (element) => numbers.subtract(zero, element ?? null)),
    Equal: comparison('eq', false),
    Less: comparison('lt', false),
    LessOrEqual: comparison('le', false),
    Greater: comparison('lt', true),
    GreaterOrEqual: comparison('le', true),
    Not: negation,
    And: connective('And', (a, b) => a && b),
    Or: connective('Or', (a, b) => a || b),
    Where: where,
    Max: extreme(true),
    Min: extreme(false),
    ReduceProd: reduction('ReduceProd', (numbers, a, b) => numbers.multiply(a, b), one),
    ReduceSum: reduction('ReduceSum', (numbers, a, b) => numbers.add(a, b), zero),
  }),
)

const boolean: ReadonlySet<string> = new Set(
  'Equal Less Greater LessOrEqual GreaterOrEqual And Or Not'.split(' '),
)

const resultType = (node: RuleNode): number | undefined => {
  if (boolean.has(node.operator)) return elementTypes.bool
  if (node.operator === 'Cast') return intAttribute(node, 'to')
  return node.operator === 'Where' || node.operator === 'CastLike'
    ? node.inputs[1]?.elementType
    : node.inputs[0]?.elementType
}

/** The elements and the type of the node's only output, where those of all inputs are known. */
export const foldValues = (
  node: RuleNode,
): { readonly values: SymbolicArray; readonly elementType: number | undefined } | undefined => {
  const fold = folds.get(node.operator)
  if (!fold || node.inputs.length === 0) return undefined
  if (node.inputs.some((state) => state?.kind === 'rows')) return undefined
  const arrays: SymbolicArray[] = []
  for (const state of node.inputs) {
    if (!state) continue
    if (!state.values) return undefined
    arrays.push(state.values)
  }
  const values = fold(node, arrays)
  return values && { values, elementType: resultType(node) }
}
