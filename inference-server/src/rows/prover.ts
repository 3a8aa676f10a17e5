import type { AttributeValue, OnnxFunction, OnnxGraph, OnnxModel, OnnxNode } from '../onnx/model.ts'
import { constantOutput, constantStateOf } from './constants.ts'
import { passedOn, refusedEntry } from './entering.ts'
import { checked } from './invariants.ts'
import { valuedState } from './layout.ts'
import type { Rule, RuleNode } from './node.ts'
import { inOrder } from './node-order.ts'
import type { Numbers } from './numbers.ts'
import { isOne, same } from './polynomial.ts'
import { followGroups } from './row-groups.ts'
import { movedNumbers, movesElements, numberArithmetic, withBound } from './row-numbers.ts'
import { isDomainOfRuntime, isKnownDomain, isRandom, ruleOf } from './rules.ts'
import { constantState, isConstant, type Place, type TensorState, unknownState } from './tensor-state.ts'
import { need, Unproven } from './unproven.ts'
import { foldValues } from './values.ts'

/** Tensors of one graph by name; a graph inside another sees those around it. */
export interface Scope {
  readonly states: Map<string, TensorState>
  readonly around: Scope | undefined
}

type Attributes = ReadonlyMap<string, AttributeValue>
type Opsets = ReadonlyMap<string, number>

/** Functions call each other no deeper in any real model. */
const maxFunctionDepth = 20

/** Loops read their graphs several times, and functions theirs at every call. */
const maxVisits = 200_000

export const findState = (scope: Scope, name: string): TensorState | undefined => {
  for (let at: Scope | undefined = scope; at; at = at.around) {
    const state = at.states.get(name)
    if (state) return state
  }
  return undefined
}

const placeOf = ({ name, operator, domain, outputs }: OnnxNode): Place => ({
  node: name || outputs[0] || '',
  operator: domain === '' ? operator : `${domain}.${operator}`,
})

/** Follows states through the nodes of a graph. */
export interface Prover {
  /** Adds the states of all tensors of the graph. @throws Unproven where the graph is not well formed */
  readonly follow: (graph: OnnxGraph, scope: Scope) => void
}

export const createProver = (model: OnnxModel, numbers: Numbers): Prover => {
  const functions = new Map(model.functions.map((definition) => [functionKey(definition), definition]))
  let opsets: Opsets = model.opsets
  let functionDepth = 0
  let visits = 0

  const follow = (graph: OnnxGraph, scope: Scope, bound: Attributes = new Map()): void => {
    for (const tensor of graph.initializers) scope.states.set(tensor.name, constantStateOf(tensor))
    for (const { name, dims, elementType } of graph.sparseInitializers)
      scope.states.set(name, constantStateOf({ name, dims, elementType, content: undefined }))
    for (const node of inOrder(graph.nodes)) followNode(node, scope, bound)
  }

  const followNode = (onnxNode: OnnxNode, scope: Scope, bound: Attributes): void => {
    visits += 1
    need(visits <= maxVisits, 'the graph has too many nodes, loops and calls of functions')
    const place = placeOf(onnxNode)
    const inputs = onnxNode.inputs.map((name) => {
      if (name === '') return undefined
      const state = findState(scope, name)
      if (!state)
        throw new Unproven(`${place.operator} '${place.node}' has an input that is not defined: ${name}`)
      return state
    })
    const attributes = boundAttributes(onnxNode, bound)
    const node: RuleNode = {
      operator: onnxNode.operator,
      opset: opsets.get('') ?? 1,
      inputs,
      outputs: onnxNode.outputs,
      attributes,
      numbers,
      place,
      outputsOf: (graph, states) => {
        const inner: Scope = { states: new Map(), around: scope }
        graph.inputs.forEach(({ name }, index) => {
          const state = states[index]
          if (state) inner.states.set(name, state)
        })
        // Where the graph does not run, what it makes sure of need not hold.
        numbers.supposing(() => follow(graph, inner, bound))
        return graph.outputs.map(({ name }) => definedState(inner, name))
      },
    }
    setOutputs(node, outputsOf(node, onnxNode), scope)
  }

  /** Any error in a rule means that nothing is known of the outputs. */
  const outputsOf = (node: RuleNode, onnxNode: OnnxNode): readonly TensorState[] => {
    try {
      const result = apply(node, onnxNode)
      return 'length' in result ? result : [result]
    } catch (error) {
      if (visits > maxVisits) throw error
      const reason = error instanceof Unproven ? error.message : `has an unexpected form (${error})`
      return node.outputs.map(() => unknownState(reason))
    }
  }

  const apply = (node: RuleNode, onnxNode: OnnxNode): TensorState | readonly TensorState[] => {
    const { operator, domain } = onnxNode
    if (operator === 'Constant' && domain === '') return constantOutput(node)
    const definition = functions.get(functionKey({ ...onnxNode, name: operator }))
    if (definition) {
      need(!isDomainOfRuntime(domain), 'the model defines an operator in a domain of the run time')
      return call(definition, node)
    }
    need(domain !== '' || opsets.has(''), 'the model does not say which version of ONNX it is written in')
    need(!isRandom(operator), 'makes random numbers')
    const valued = domain === '' ? (foldedState(node) ?? decidedWhere(node)) : undefined
    return valued ?? applyRule(node, domain)
  }

  const applyRule = (node: RuleNode, domain: string): TensorState | readonly TensorState[] => {
    const rule = ruleOf(domain, node.operator)
    const grouped = domain === '' ? followGroups(node, rule) : undefined
    if (grouped) return grouped
    const refused = refusedEntry(node, domain, rule)
    if (refused) return numberArithmetic(node, refused) ?? node.outputs.map(() => refused)
    const passed = passedOn(node, domain)
    if (passed) return passed
    if (rule) return followRule(node, domain, rule)
    const hasGraph = [...node.attributes.values()].some(({ kind }) => kind === 'graph' || kind === 'graphs')
    need(
      isKnownDomain(domain) && node.inputs.every(isConstant) && !hasGraph,
      `there is no rule for the operator ${node.place.operator}`,
    )
    // A function of constants is constant.
    return node.outputs.map(() => constantState())
  }

  const followRule = (node: RuleNode, domain: string, rule: Rule): TensorState | readonly TensorState[] => {
    if (domain !== '' || !node.inputs[0]) return rule(node)
    if (movesElements(node.operator) && node.inputs[0].kind === 'row-numbers') return movedNumbers(node, rule)
    const result = rule(node)
    return 'length' in result ? result : withBound(node, result)
  }

  const call = (definition: OnnxFunction, node: RuleNode): readonly TensorState[] => {
    need(functionDepth < maxFunctionDepth, 'functions call each other too deep')
    const scope: Scope = { states: new Map(), around: undefined }
    definition.inputs.forEach((name, index) => {
      const state = node.inputs[index]
      if (state) scope.states.set(name, state)
    })
    const defaults = definition.defaults.map((attribute) => [attribute.name, attribute] as const)
    const bound: Attributes = new Map([...defaults, ...node.attributes])
    const outer = opsets
    opsets = new Map([...opsets, ...definition.opsets])
    functionDepth += 1
    try {
      for (const inner of inOrder(definition.nodes)) followNode(inner, scope, bound)
    } finally {
      opsets = outer
      functionDepth -= 1
    }
    return definition.outputs.map((name) => definedState(scope, name))
  }

  return { follow: (graph, scope) => follow(graph, scope) }
}

const functionKey = ({
  domain,
  name,
  overload,
}: Pick<OnnxFunction, 'domain' | 'name' | 'overload'>): string => JSON.stringify([domain, name, overload])

const definedState = (scope: Scope, name: string): TensorState => {
  const state = findState(scope, name)
  if (!state) throw new Unproven(`the output ${name} of a graph is not defined`)
  return state
}

/** Attributes of a node, those taken from the function around it replaced by their values. */
const boundAttributes = (node: OnnxNode, bound: Attributes): Attributes => {
  const attributes = new Map<string, AttributeValue>()
  for (const attribute of node.attributes) {
    const value = attribute.kind === 'reference' ? bound.get(attribute.value) : attribute
    if (value) attributes.set(attribute.name, value)
  }
  return attributes
}

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

/** Broadcasting against the other does not widen the lengths. */
const covers = (lengths: TensorState['lengths'], other: TensorState['lengths']): boolean =>
  lengths !== undefined &&
  other !== undefined &&
  other.length <= lengths.length &&
  other.every((length, axis) => {
    const own = lengths[axis + lengths.length - other.length]
    return isOne(length) || (own !== undefined && same(length, own))
  })

const setOutputs = (node: RuleNode, results: readonly TensorState[], { states }: Scope): void => {
  const scale = node.inputs.find((state) => state?.scale)?.scale
  node.outputs.forEach((name, index) => {
    if (name === '') return
    const state = results[index] ?? unknownState('makes an output that is not followed')
    states.set(name, checked(state, node.place, scale))
  })
}
