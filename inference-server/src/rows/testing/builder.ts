import type { Datatype } from '../../tensors/tensor.ts'
import type {
  Attribute,
  Constant,
  Dimension,
  LocalFunction,
  Model,
  Node,
  Opsets,
  Value,
} from '../../testing/onnx.ts'
import { arrayOf } from './arrays.ts'

export interface NodeOptions {
  readonly domain?: string
  readonly attributes?: Readonly<Record<string, Attribute>>
  /** How many outputs; one unless given. */
  readonly outputs?: number
}

/** A graph that is written down node by node. */
export interface Builder {
  /** @returns the name of the new input; its first axis is `rows` */
  readonly input: (datatype: Datatype, ...rest: readonly Dimension[]) => string
  readonly constant: (datatype: Datatype, shape: readonly number[], numbers: readonly number[]) => string
  /** INT64 [length], or a scalar where one number is given. */
  readonly integers: (value: number | readonly number[]) => string
  /** @returns the names of the node's outputs */
  readonly nodes: (op: string, inputs: readonly string[], options?: NodeOptions) => readonly string[]
  /** @returns the name of the node's first output */
  readonly node: (op: string, inputs: readonly string[], options?: NodeOptions) => string
  /** A name that nothing else has, for tensors of graphs within the graph. */
  readonly fresh: () => string
  readonly model: (outputs: readonly string[]) => Model
  /** The graph with every tensor of it as an output, so that each can be looked at. */
  readonly whole: () => Model
}

const rowAxis = 'rows'
export const contrib = 'com.microsoft'
export const ml = 'ai.onnx.ml'

/** Newest versions of the other domains that this onnxruntime implements. */
const otherDomains: Opsets = { [ml]: 3, [contrib]: 1 }

export interface BuilderOptions {
  readonly functions?: readonly LocalFunction[]
  /** Versions of domains that differ from those above. */
  readonly domains?: Opsets
}

export const buildGraph = (opset = 17, { functions = [], domains = {} }: BuilderOptions = {}): Builder => {
  const inputs: Value[] = []
  const constants: Constant[] = []
  const nodes: Node[] = []
  let tensors = 0
  let inner = 0
  const add = (op: string, from: readonly string[], options: NodeOptions = {}): readonly string[] => {
    const outputs = Array.from({ length: options.outputs ?? 1 }, () => {
      tensors += 1
      return `t${tensors}`
    })
    const { domain, attributes } = options
    nodes.push({
      op,
      inputs: from,
      outputs,
      ...(domain === undefined ? {} : { domain }),
      ...(attributes === undefined ? {} : { attributes }),
    })
    return outputs
  }
  const constant: Builder['constant'] = (datatype, shape, numbers) => {
    const name = `c${constants.length}`
    constants.push({
      name,
      datatype,
      shape,
      data: arrayOf(datatype, shape, numbers).data as Constant['data'],
    })
    return name
  }
  const model: Builder['model'] = (outputs) => ({
    opsets: {
      '': opset,
      ...otherDomains,
      ...domains,
      ...Object.fromEntries(functions.map(({ domain }) => [domain, 1])),
    },
    inputs,
    constants,
    nodes,
    functions,
    outputs: outputs.map((name) => ({ name })),
  })
  return {
    input: (datatype, ...rest) => {
      const name = `x${inputs.length}`
      inputs.push({ name, datatype, shape: [rowAxis, ...rest] })
      return name
    },
    constant,
    integers: (value) =>
      typeof value === 'number'
        ? constant('INT64', [], [value])
        : constant('INT64', [value.length], value.length > 0 ? value : [0]),
    nodes: add,
    fresh: () => {
      inner += 1
      return `i${inner}`
    },
    node: (op, from, options) => add(op, from, options)[0] as string,
    model,
    whole: () => model(nodes.flatMap((each) => each.outputs)),
  }
}
