/**
 * Grows a random graph node by node: a node stays when onnxruntime runs it on three made-up rows, so that most of what grows is
 * valid at any number of rows, and the growing needs no knowledge of the operators' rules about shapes.
 */
import type { Datatype, Tensor } from '../../tensors/tensor.ts'
import { type Dimension, type Node, onnxFile } from '../../testing/onnx.ts'
import { arrayOf } from './arrays.ts'
import { type Builder, buildGraph, type NodeOptions } from './builder.ts'
import { type Draws, drawsOf } from './draws.ts'
import { openGraph, runOrRefusal } from './runtime.ts'

const growingRows = 3
/** Elements of the largest tensor that is kept. */
const mostElements = 4000
const mostNodes = 20

export type Filter = (value: Tensor) => boolean

export interface Growth {
  readonly draws: Draws
  readonly opset: number
  readonly tensorOf: (name: string) => Tensor
  readonly rankOf: (name: string) => number
  /** A tensor that is no constant; recent ones are likelier. */
  readonly pick: (filter?: Filter) => string | undefined
  readonly float: () => string | undefined
  readonly constant: Builder['constant']
  readonly integers: Builder['integers']
  /** Appends a node if it runs. @returns its outputs */
  readonly tryNodes: (
    op: string,
    inputs: readonly (string | undefined)[],
    options?: NodeOptions,
  ) => Promise<readonly string[] | undefined>
  /** `tryNodes` for the first output. */
  readonly tryNode: (
    op: string,
    inputs: readonly (string | undefined)[],
    options?: NodeOptions,
  ) => Promise<string | undefined>
  readonly builder: Builder
  readonly full: () => boolean
}

/** Name of axes of one length in grown graphs. */
export const lengthAxis = 'length'

export const isFloat: Filter = ({ dtype }) => dtype === 'FP32'
export const isInteger: Filter = ({ dtype }) => dtype === 'INT64'

/** Names of the enclosing graph that the graphs in the node's attributes read. */
const captured = (node: Pick<Node, 'attributes'>): readonly string[] =>
  Object.values(node.attributes ?? {}).flatMap((attribute) =>
    typeof attribute === 'object' && 'graph' in attribute
      ? [
          ...attribute.graph.nodes.flatMap((inner) => [...inner.inputs, ...captured(inner)]),
          ...attribute.graph.outputs.map(({ name }) => name),
        ]
      : [],
  )

const inputShape = (draws: Draws): readonly Dimension[] =>
  Array.from({ length: draws.pick([0, 1, 1, 2, 2, 2, 3, 3]) }, () => draws.pick([1, 2, 3, 4, lengthAxis, '']))

const inputTypes: readonly Datatype[] = [
  'FP32',
  'FP32',
  'FP32',
  'INT64',
  'INT64',
  'BOOL',
  'INT32',
  'FP64',
  'UINT8',
]

/** Runs one node on the values that there are. */
const valuesOfNode = async (
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  options: NodeOptions,
  opset: number,
  values: ReadonlyMap<string, Tensor>,
) => {
  const single = buildGraph(opset)
  const used = [...new Set([...inputs, ...captured(options)])].filter((name) => values.has(name))
  const feeds = new Map(used.map((name) => [name, values.get(name) as Tensor] as const))
  const isConstant = (name: string): boolean => name.startsWith('c')
  const model = {
    ...single.model([]),
    inputs: used
      .filter((name) => !isConstant(name))
      .map((name) => ({ name, datatype: (feeds.get(name) as Tensor).dtype })),
    constants: used.filter(isConstant).map((name) => {
      const { dtype, shape, data } = feeds.get(name) as Tensor
      return { name, datatype: dtype, shape, data }
    }),
    nodes: [{ op, inputs, outputs, ...options } as Node],
    outputs: outputs.map((name) => ({ name })),
  }
  const session = await openGraph(onnxFile(model))
  const given = new Map([...feeds].filter(([name]) => !isConstant(name)))
  return runOrRefusal(session, given)
}

/** @param length of the axes called `length`; those without a name have one of their own each */
export const realLength = (axis: Dimension, length: number, draws: Draws): number => {
  if (typeof axis === 'number') return axis
  return axis === lengthAxis ? length : draws.between(1, 4)
}

const seed = (builder: Builder, draws: Draws, length: number, values: Map<string, Tensor>): void => {
  for (let index = 0; index < draws.pick([1, 1, 2, 2, 3]); index += 1) {
    const datatype = index === 0 ? 'FP32' : draws.pick(inputTypes)
    const shape = inputShape(draws)
    const name = builder.input(datatype, ...shape)
    const real = [growingRows, ...shape.map((each) => realLength(each, length, draws))]
    const least = datatype === 'FP32' ? -3 : 0
    const most = datatype === 'FP32' ? 3 : 2
    values.set(
      name,
      arrayOf(
        datatype,
        real,
        Array.from({ length: 97 }, () => draws.between(least, most)),
      ),
    )
  }
}

const opsets = [9, 11, 12, 13, 13, 17, 17, 18, 21, 23] as const

/** @param length of the axes called `length` */
export const startGrowth = (graphSeed: number, length: number): Growth => {
  const draws = drawsOf(graphSeed)
  const opset = draws.pick(opsets)
  const builder = buildGraph(opset)
  const values = new Map<string, Tensor>()
  let kept = 0
  seed(builder, draws, length, values)
  const tensorOf = (name: string): Tensor => values.get(name) as Tensor
  const constant: Builder['constant'] = (datatype, shape, numbers) => {
    const name = builder.constant(datatype, shape, numbers)
    values.set(name, arrayOf(datatype, shape, numbers))
    return name
  }
  const tryNodes: Growth['tryNodes'] = async (op, wanted, options = {}) => {
    if (wanted.includes(undefined) || kept >= mostNodes) return undefined
    const inputs = wanted as readonly string[]
    const names = Array.from({ length: options.outputs ?? 1 }, (_, index) => `y${index}`)
    const results = await valuesOfNode(op, inputs, names, options, opset, values).catch(() => undefined)
    if (!results || [...results.values()].some(({ data }) => data.length > mostElements)) return undefined
    kept += 1
    const outputs = builder.nodes(op, inputs, options)
    for (const [index, output] of outputs.entries()) values.set(output, results.get(`y${index}`) as Tensor)
    return outputs
  }
  const pick: Growth['pick'] = (filter = () => true) => {
    const fitting = [...values].filter(([name, value]) => !name.startsWith('c') && filter(value))
    const likely = draws.chance(0.6) ? fitting.slice(-4) : fitting
    return likely.length > 0 ? draws.pick(likely)[0] : undefined
  }
  return {
    draws,
    opset,
    builder,
    constant,
    tensorOf,
    pick,
    tryNodes,
    rankOf: (name) => tensorOf(name).shape.length,
    float: () => pick(isFloat),
    integers: (value) =>
      typeof value === 'number' ? constant('INT64', [], [value]) : constant('INT64', [value.length], value),
    tryNode: async (op, inputs, options) => (await tryNodes(op, inputs, options))?.[0],
    full: () => kept >= mostNodes,
  }
}
