import type { OnnxGraph, OnnxModel, OnnxNode } from '../onnx/model.ts'
import { constantOutput, constantStateOf } from './constants.ts'
import { type Attributes, boundAttributes, createFunctionCalls } from './function-calls.ts'
import { checked } from './invariants.ts'
import type { RuleNode } from './node.ts'
import { inOrder } from './node-order.ts'
import type { Numbers } from './numbers.ts'
import { applyRule } from './rule-application.ts'
import { isDomainOfRuntime, isRandom } from './rules.ts'
import { findState, outputState, type Scope, scopeOf } from './scope.ts'
import { type Place, type TensorState, unknownState } from './tensor-state.ts'
import { need, Unproven } from './unproven.ts'

/** Loops read their graphs several times, and functions theirs at every call. */
const maxVisits = 200_000

/** Follows states through the nodes of a graph. */
export interface Prover {
  /** Adds the states of all tensors of the graph. @throws Unproven where the graph is not well formed */
  readonly follow: (graph: OnnxGraph, scope: Scope) => void
}

const placeOf = ({ name, operator, domain, outputs }: OnnxNode): Place => ({
  node: name || outputs[0] || '',
  operator: domain === '' ? operator : `${domain}.${operator}`,
})

const setConstants = ({ initializers, sparseInitializers }: OnnxGraph, { states }: Scope): void => {
  for (const tensor of initializers) states.set(tensor.name, constantStateOf(tensor))
  for (const { name, dims, elementType } of sparseInitializers)
    states.set(name, constantStateOf({ name, dims, elementType, content: undefined }))
}

/** States of a node's inputs, undefined where an optional one is left out. */
const inputStates = (
  { inputs }: OnnxNode,
  scope: Scope,
  place: Place,
): readonly (TensorState | undefined)[] =>
  inputs.map((name) => {
    if (name === '') return undefined
    const state = findState(scope, name)
    if (!state)
      throw new Unproven(`${place.operator} '${place.node}' has an input that is not defined: ${name}`)
    return state
  })

const setOutputs = (node: RuleNode, results: readonly TensorState[], { states }: Scope): void => {
  const scale = node.inputs.find((state) => state?.scale)?.scale
  node.outputs.forEach((name, index) => {
    if (name === '') return
    const state = results[index] ?? unknownState('makes an output that is not followed')
    states.set(name, checked(state, node.place, scale))
  })
}

export const createProver = (model: OnnxModel, numbers: Numbers): Prover => {
  let visits = 0

  const follow = (graph: OnnxGraph, scope: Scope, bound: Attributes = new Map()): void => {
    setConstants(graph, scope)
    for (const node of inOrder(graph.nodes)) followNode(node, scope, bound)
  }

  const followNode = (onnxNode: OnnxNode, scope: Scope, bound: Attributes): void => {
    visits += 1
    need(visits <= maxVisits, 'the graph has too many nodes, loops and calls of functions')
    const place = placeOf(onnxNode)
    const node: RuleNode = {
      operator: onnxNode.operator,
      opset: functions.opsets().get('') ?? 1,
      inputs: inputStates(onnxNode, scope, place),
      outputs: onnxNode.outputs,
      attributes: boundAttributes(onnxNode, bound),
      numbers,
      place,
      outputsOf: (graph, states) => graphOutputs(graph, states, scope, bound),
    }
    setOutputs(node, outputsOf(node, onnxNode), scope)
  }

  const functions = createFunctionCalls(model, followNode)

  const graphOutputs = (
    graph: OnnxGraph,
    states: readonly TensorState[],
    around: Scope,
    bound: Attributes,
  ): readonly TensorState[] => {
    const names = graph.inputs.map(({ name }) => name)
    const inner = scopeOf(names, states, around)
    // Where the graph does not run, what it makes sure of need not hold.
    numbers.supposing(() => follow(graph, inner, bound))
    return graph.outputs.map(({ name }) => outputState(inner, name))
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
    const definition = functions.definitionOf(onnxNode)
    if (definition) {
      need(!isDomainOfRuntime(domain), 'the model defines an operator in a domain of the run time')
      return functions.call(definition, node)
    }
    const hasVersion = domain !== '' || functions.opsets().has('')
    need(hasVersion, 'the model does not say which version of ONNX it is written in')
    need(!isRandom(operator), 'makes random numbers')
    return applyRule(node, domain)
  }

  return { follow: (graph, scope) => follow(graph, scope) }
}
