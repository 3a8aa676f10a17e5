/** Finds the function that a graph applies last to an output: a task may not apply it once more. */

/** A function that makes probabilities of scores. */
export type Ending = 'softmax' | 'sigmoid'

/** A node, or a call of one of the model's functions. */
export interface GraphNode {
  readonly operator: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
}

/** A function of the model, by whose name nodes call it. */
export interface GraphFunction {
  readonly name: string
  readonly outputs: readonly string[]
  readonly nodes: readonly GraphNode[]
}

/** Operators that hand on what their first input holds, in another shape or type or a little rounded. */
const handsOn = new Set([
  'Identity',
  'Cast',
  'CastLike',
  'Squeeze',
  'Unsqueeze',
  'Reshape',
  'Flatten',
  'Transpose',
  'Dropout',
  'Clip',
  'QuantizeLinear',
  'DequantizeLinear',
])

/** ONNX's own, and those of onnxruntime's optimized and quantized graphs. LogSoftmax is none: softmax undoes it exactly. */
const endings: Readonly<Record<string, Ending>> = {
  Softmax: 'softmax',
  BiasSoftmax: 'softmax',
  QLinearSoftmax: 'softmax',
  Sigmoid: 'sigmoid',
  QLinearSigmoid: 'sigmoid',
}

/** Functions call each other no deeper than this in any real model, and a malformed one might go in circles. */
const maxSteps = 64

type Makers = ReadonlyMap<string, GraphNode>

const makersOf = (nodes: readonly GraphNode[]): Makers =>
  new Map(nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)))

/** Exp divided by its own sum: a softmax in parts, as exporters write that have no operator for it. */
const isSoftmaxInParts = ({ inputs: [exponents = '', sums = ''] }: GraphNode, makers: Makers): boolean => {
  const sum = makers.get(sums)
  return (
    makers.get(exponents)?.operator === 'Exp' && sum?.operator === 'ReduceSum' && sum.inputs[0] === exponents
  )
}

const endingOf = (
  name: string,
  makers: Makers,
  functions: ReadonlyMap<string, GraphFunction>,
  steps = maxSteps,
): Ending | undefined => {
  const node = makers.get(name)
  if (!node || steps === 0) return undefined
  const { operator, inputs, outputs } = node
  const called = functions.get(operator)
  if (called) {
    const result = called.outputs[outputs.indexOf(name)] ?? ''
    return endingOf(result, makersOf(called.nodes), functions, steps - 1)
  }
  if (handsOn.has(operator)) return endingOf(inputs[0] ?? '', makers, functions, steps - 1)
  if (operator === 'Div' && isSoftmaxInParts(node, makers)) return 'softmax'
  // Models of one probability p write two classes: 1 - p beside p.
  if (operator === 'Concat')
    return inputs.map((input) => endingOf(input, makers, functions, steps - 1)).find((found) => found)
  return endings[operator]
}

/**
 * @param outputs of the graph
 * @returns the last function of each output that ends in one
 */
export const endingsOf = (
  outputs: readonly string[],
  nodes: readonly GraphNode[],
  functions: readonly GraphFunction[],
): ReadonlyMap<string, Ending> => {
  const makers = makersOf(nodes)
  const byName = new Map(functions.map((one) => [one.name, one]))
  return new Map(
    outputs.flatMap((output) => {
      const ending = endingOf(output, makers, byName)
      return ending ? [[output, ending] as const] : []
    }),
  )
}
