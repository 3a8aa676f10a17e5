import type { AttributeValue, OnnxFunction, OnnxModel, OnnxNode } from '../onnx/model.ts'
import type { RuleNode } from './node.ts'
import { inOrder } from './node-order.ts'
import { outputState, type Scope, scopeOf } from './scope.ts'
import type { TensorState } from './tensor-state.ts'
import { need } from './unproven.ts'

/** Attributes of the function around a node, by name. */
export type Attributes = ReadonlyMap<string, AttributeValue>

export type FollowNode = (node: OnnxNode, scope: Scope, bound: Attributes) => void

/** Functions call each other no deeper in any real model. */
const maxFunctionDepth = 20

/** The functions that a model defines, and the versions of ONNX where the prover is. */
export interface FunctionCalls {
  readonly opsets: () => ReadonlyMap<string, number>
  /** The function that a node calls. */
  readonly definitionOf: (node: OnnxNode) => OnnxFunction | undefined
  /** Follows the nodes of the function. */
  readonly call: (definition: OnnxFunction, node: RuleNode) => readonly TensorState[]
}

const keyOf = ({ domain, name, overload }: Pick<OnnxFunction, 'domain' | 'name' | 'overload'>): string =>
  JSON.stringify([domain, name, overload])

/** Attributes of a node, those taken from the function around it replaced by their values. */
export const boundAttributes = (node: OnnxNode, bound: Attributes): Attributes => {
  const attributes = new Map<string, AttributeValue>()
  for (const attribute of node.attributes) {
    const value = attribute.kind === 'reference' ? bound.get(attribute.value) : attribute
    if (value) attributes.set(attribute.name, value)
  }
  return attributes
}

export const createFunctionCalls = (model: OnnxModel, followNode: FollowNode): FunctionCalls => {
  const functions = new Map(model.functions.map((definition) => [keyOf(definition), definition]))
  let opsets = model.opsets
  let depth = 0

  const call = (definition: OnnxFunction, node: RuleNode): readonly TensorState[] => {
    need(depth < maxFunctionDepth, 'functions call each other too deep')
    const scope = scopeOf(definition.inputs, node.inputs)
    const defaults = definition.defaults.map((attribute) => [attribute.name, attribute] as const)
    const bound: Attributes = new Map([...defaults, ...node.attributes])
    const outer = opsets
    opsets = new Map([...opsets, ...definition.opsets])
    depth += 1
    try {
      for (const inner of inOrder(definition.nodes)) followNode(inner, scope, bound)
    } finally {
      opsets = outer
      depth -= 1
    }
    return definition.outputs.map((name) => outputState(scope, name))
  }

  return {
    opsets: () => opsets,
    definitionOf: (node) => functions.get(keyOf({ ...node, name: node.operator })),
    call,
  }
}
