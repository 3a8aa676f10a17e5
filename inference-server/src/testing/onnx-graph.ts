/** Graphs as the reader of model files gives them, for tests of what is proven of them. */
import {
  elementTypes,
  type OnnxAttribute,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
} from '../onnx/model.ts'

type Lengths = readonly (number | string)[]
type ElementType = keyof typeof elementTypes

/** `'Add(a, b) -> c'`, the domain in front where it is not ONNX's own: `'com.microsoft.BiasGelu(a, b) -> c'`. */
type NodeText = string

type Attribute = number | readonly number[] | OnnxGraph

export interface GraphText {
  /** Floats, unless the name has another type behind it: `'ids:int64'`. A name as length is a free axis. */
  readonly inputs: Readonly<Record<string, Lengths>>
  /** Whole numbers: one alone is a scalar, a list is a vector. */
  readonly constants?: Readonly<Record<string, number | readonly number[]>>
  /** Constants of floats whose elements are not known. */
  readonly weights?: Readonly<Record<string, readonly number[]>>
  readonly nodes: readonly (NodeText | readonly [NodeText, Readonly<Record<string, Attribute>>])[]
  readonly outputs: readonly string[]
}

const value = (text: string, lengths: Lengths): OnnxValue => {
  const [name = '', type = 'float32'] = text.split(':')
  const shape = lengths.map((length) =>
    typeof length === 'number' ? { length, name: undefined } : { length: undefined, name: length },
  )
  return { name, type: { kind: 'tensor', elementType: elementTypes[type as ElementType], shape } }
}

const constant = (name: string, numbers: number | readonly number[]): OnnxTensor => ({
  name,
  dims: typeof numbers === 'number' ? [] : [numbers.length],
  elementType: elementTypes.int64,
  content: { kind: 'numbers', numbers: typeof numbers === 'number' ? [numbers] : numbers },
})

const attribute = (name: string, of: Attribute): OnnxAttribute => {
  if (typeof of === 'number') return { name, kind: 'int', value: of }
  return 'nodes' in of ? { name, kind: 'graph', value: of } : { name, kind: 'ints', value: of }
}

const names = (text: string): readonly string[] => text.split(',').map((name) => name.trim())

const node = (text: NodeText, attributes: Readonly<Record<string, Attribute>> = {}): OnnxNode => {
  const [, domain = '', operator = '', inputs = '', outputs = ''] =
    /^(?:(.+)\.)?(\w+)\((.*)\) -> (.+)$/.exec(text) ?? []
  if (operator === '') throw new Error(`'${text}' is no node`)
  return {
    name: '',
    operator,
    domain,
    overload: '',
    inputs: names(inputs),
    outputs: names(outputs),
    attributes: Object.entries(attributes).map(([name, of]) => attribute(name, of)),
  }
}

export const graphOf = ({ inputs, constants = {}, weights = {}, nodes, outputs }: GraphText): OnnxGraph => ({
  inputs: Object.entries(inputs).map(([name, lengths]) => value(name, lengths)),
  outputs: outputs.map((name) => value(name, [])),
  initializers: [
    ...Object.entries(constants).map(([name, numbers]) => constant(name, numbers)),
    ...Object.entries(weights).map(([name, dims]) => ({
      name,
      dims,
      elementType: elementTypes.float32,
      content: undefined,
    })),
  ],
  sparseInitializers: [],
  nodes: nodes.map((item) => (typeof item === 'string' ? node(item) : node(...item))),
})

/** A model of ONNX's own operators of version 18. */
export const modelOf = (text: GraphText): OnnxModel => ({
  opsets: new Map([
    ['', 18],
    ['com.microsoft', 1],
  ]),
  functions: [],
  graph: graphOf(text),
})
