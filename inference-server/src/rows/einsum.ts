import { broadcastLength } from './broadcasting.ts'
import { at, lengthsOf, onRows, type Rule, type Rules, rankOf, rowAxisOf, textAttribute } from './node.ts'
import { constantState, type TensorState } from './tensor-state.ts'
import { need } from './unproven.ts'

const dots = '...'

/** One letter an axis; those of an ellipsis are #-n to #-1, aligned at their end. */
const lettersOf = (term: string, ellipsisLength: (named: number) => number): string[] => {
  if (!term.includes(dots)) return [...term]
  const [before = '', after = '', more] = term.split(dots)
  need(more === undefined, 'the equation is not well formed')
  const count = ellipsisLength(before.length + after.length)
  need(count >= 0, 'the equation is not well formed')
  return [...before, ...Array.from({ length: count }, (_, index) => `#${index - count}`), ...after]
}

const isDots = (letter: string): boolean => letter.startsWith('#')

/** The output of an equation without an arrow: the axes of ellipses, then the letters that occur once, in order. */
const implicitOutput = (terms: readonly (readonly string[])[]): string[] => {
  const all = terms.flat()
  const ellipsis = [...new Set(all.filter(isDots))].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)))
  const single = all.filter((letter) => !isDots(letter) && all.indexOf(letter) === all.lastIndexOf(letter))
  return [...ellipsis, ...single.sort()]
}

/** The axis of an operand that a letter names. */
interface Use {
  readonly operand: TensorState
  readonly axis: number
}

/** The rows are an index of the result: a free one of one operand, or a shared one of all that name it. */
const einsum: Rule = (node) => {
  const equation = textAttribute(node, 'equation', '').replaceAll(' ', '')
  const operands = node.inputs.filter((operand) => operand !== undefined)
  const [left = '', right] = equation.split('->')
  const sources = left.split(',')
  need(sources.length === operands.length, 'the equation is not well formed')
  const terms = sources.map((term, index) => lettersOf(term, (named) => rankOf(at(operands, index)) - named))
  const widest = Math.max(0, ...terms.map((term) => term.filter(isDots).length))
  const output = right === undefined ? implicitOutput(terms) : lettersOf(right, () => widest)
  const uses = new Map<string, Use[]>()
  for (const [index, operand] of operands.entries()) {
    const term = at(terms, index)
    need(term.length === rankOf(operand), 'the equation is not well formed')
    for (const [axis, letter] of term.entries())
      uses.set(letter, [...(uses.get(letter) ?? []), { operand, axis }])
  }
  const usesOf = (letter: string): readonly Use[] => {
    const found = uses.get(letter)
    need(found, 'the equation is not well formed')
    return found
  }
  const lengths = output.map((letter) =>
    broadcastLength(
      node.numbers,
      usesOf(letter).map(({ operand, axis }) => at(lengthsOf(operand), axis)),
    ),
  )
  const rows = new Set(
    operands.flatMap((operand, index) =>
      operand.kind === 'rows' ? at(at(terms, index), rowAxisOf(operand)) : [],
    ),
  )
  const elementType = operands[0]?.elementType
  const [letter, other] = rows
  if (letter === undefined) return constantState(lengths, elementType)
  need(other === undefined, 'two operands hold the rows on different axes')
  need(output.includes(letter), 'sums over the row axis')
  need(output.indexOf(letter) === output.lastIndexOf(letter), 'the equation is not well formed')
  const shared = usesOf(letter)
  need(
    shared.every(({ operand, axis }) => operand.kind === 'rows' && operand.axis === axis),
    'a fixed operand meets the row axis',
  )
  const keys = new Set(shared.map(({ operand, axis }) => at(lengthsOf(operand), axis).key))
  need(keys.size === 1, 'operands of different lengths meet on the row axis')
  return onRows(lengths, output.indexOf(letter), elementType)
}

export const einsumRules: Rules = { Einsum: einsum }
