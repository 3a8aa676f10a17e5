import { passedOn, refusedEntry } from './entering.ts'
import { valuedState } from './layout.ts'
import type { Rule, RuleNode } from './node.ts'
import { isOne, same } from './polynomial.ts'
import { followGroups } from './row-groups.ts'
import { movedNumbers, movesElements, numberArithmetic, withBound } from './row-numbers.ts'
import { isKnownDomain, ruleOf } from './rules.ts'
import { constantState, isConstant, type TensorState } from './tensor-state.ts'
import { need } from './unproven.ts'
import { foldValues } from './values.ts'

/** A tensor of few known elements. */
const foldedState = (node: RuleNode): TensorState | undefined => {
  try {
    const folded = foldValues(node)
    return folded && valuedState(folded.values, folded.elementType)
  } catch {
    // The elements are not followed; a rule may know more of the tensor.
    return undefined
  }
}

/** Broadcasting against the other does not widen the lengths. */
const covers = (lengths: TensorState['lengths'], other: TensorState['lengths']): boolean =>
  lengths !== undefined &&
  other !== undefined &&
  other.length <= lengths.length &&
  other.every((length, axis) => {
    const own = lengths[axis + lengths.length - other.length]
    return isOne(length) || (own !== undefined && same(length, own))
  })

/** Where with a fixed condition takes one side, as long as that side has the shape of the result. */
const decidedWhere = (node: RuleNode): TensorState | undefined => {
  const [condition, a, b] = node.inputs
  if (node.operator !== 'Where' || condition?.kind !== 'constant' || !condition.values || !a || !b)
    return undefined
  const [first, ...rest] = condition.values.elements
  const decided = first?.constant
  if (decided === undefined || !rest.every((element) => element?.constant === decided)) return undefined
  const picked = decided === 0 ? b : a
  const isWidest = [condition, a, b].every((state) => covers(picked.lengths, state.lengths))
  return isWidest ? picked : undefined
}

const followRule = (node: RuleNode, domain: string, rule: Rule): TensorState | readonly TensorState[] => {
  if (domain !== '' || !node.inputs[0]) return rule(node)
  if (movesElements(node.operator) && node.inputs[0].kind === 'row-numbers') return movedNumbers(node, rule)
  const result = rule(node)
  return 'length' in result ? result : withBound(node, result)
}

/** Operators without a rule: a function of constants is constant. */
const constantOutputs = (node: RuleNode, domain: string): readonly TensorState[] => {
  const hasGraph = [...node.attributes.values()].some(({ kind }) => kind === 'graph' || kind === 'graphs')
  need(
    isKnownDomain(domain) && node.inputs.every(isConstant) && !hasGraph,
    `there is no rule for the operator ${node.place.operator}`,
  )
  return node.outputs.map(() => constantState())
}

/** Outputs of an operator that the run time has. @throws Unproven where nothing is known of them */
export const applyRule = (node: RuleNode, domain: string): TensorState | readonly TensorState[] => {
  const valued = domain === '' ? (foldedState(node) ?? decidedWhere(node)) : undefined
  if (valued) return valued
  const rule = ruleOf(domain, node.operator)
  const grouped = domain === '' ? followGroups(node, rule) : undefined
  if (grouped) return grouped
  const refused = refusedEntry(node, domain, rule)
  if (refused) return numberArithmetic(node, refused) ?? node.outputs.map(() => refused)
  const passed = passedOn(node, domain)
  if (passed) return passed
  return rule ? followRule(node, domain, rule) : constantOutputs(node, domain)
}
