/** What a graph says of the values of its inputs: rows of tables that they index, and texts that it knows. */
import { elementTypes, type OnnxGraph, type OnnxModel, type OnnxNode } from '../onnx/model.ts'

/** What an input may be; a member is left out where the graph does not say. */
export interface InputRange {
  /** Rows of the smallest table that the input indexes. */
  readonly rows?: number
  readonly texts?: readonly string[]
  /** Mean and deviation of each feature that the graph takes off itself. */
  readonly features?: readonly { readonly mean: number; readonly deviation: number }[]
  /** Whether whole numbers are turned to floats and calculated with, or compared by trees. */
  readonly isNumber?: boolean
}

/** Operators that hand values on as they are. */
const passing: ReadonlySet<string> = new Set([
  ...['Cast', 'Identity', 'Unsqueeze', 'Squeeze', 'Reshape', 'Flatten', 'Slice', 'Expand', 'Transpose'],
  ...['Concat', 'FeatureVectorizer', 'Imputer'],
])
const ofTables: ReadonlySet<string> = new Set(['DequantizeLinear', 'Cast', 'Identity'])
const floats: ReadonlySet<number> = new Set([
  elementTypes.float32,
  elementTypes.float64,
  elementTypes.float16,
])
/** Values that are followed for one input; an index is a few nodes away. */
const mostSteps = 64

interface Known {
  readonly users: ReadonlyMap<string, readonly OnnxNode[]>
  readonly producers: ReadonlyMap<string, OnnxNode>
  /** Shape of each constant. */
  readonly constants: ReadonlyMap<string, readonly number[]>
}

const graphsOf = function* (graph: OnnxGraph): Generator<OnnxGraph> {
  yield graph
  for (const { attributes } of graph.nodes)
    for (const attribute of attributes) {
      if (attribute.kind === 'graph') yield* graphsOf(attribute.value)
      if (attribute.kind === 'graphs') for (const one of attribute.value) yield* graphsOf(one)
    }
}

const constantOf = ({ operator, outputs: [name = ''], attributes }: OnnxNode) => {
  const value = operator === 'Constant' ? attributes.find((one) => one.name === 'value') : undefined
  return value?.kind === 'tensor' ? ([[name, value.value.dims]] as const) : []
}

const knownOf = ({ graph }: OnnxModel): Known => {
  const graphs = [...graphsOf(graph)]
  const nodes = graphs.flatMap((one) => one.nodes)
  const users = new Map<string, OnnxNode[]>()
  for (const node of nodes)
    for (const name of new Set(node.inputs)) {
      const known = users.get(name)
      if (known) known.push(node)
      else users.set(name, [node])
    }
  return {
    users,
    producers: new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const))),
    constants: new Map([
      ...graphs.flatMap(({ initializers }) => initializers.map(({ name, dims }) => [name, dims] as const)),
      ...nodes.flatMap(constantOf),
    ]),
  }
}

/** (value, node that reads it) for the values that equal an input. */
const reached = function* (name: string, { users }: Known): Generator<readonly [string, OnnxNode]> {
  const [todo, seen] = [[name], new Set([name])]
  for (let current = todo.pop(); current !== undefined && seen.size < mostSteps; current = todo.pop())
    for (const user of users.get(current) ?? []) {
      yield [current, user]
      const [output = ''] = user.outputs
      if (!passing.has(user.operator) || seen.has(output)) continue
      seen.add(output)
      todo.push(output)
    }
}

/** Name of the table that a value indexes. */
const tableOf = (name: string, { operator, inputs }: OnnxNode): string | undefined => {
  const [first, second, third, , fifth] = inputs
  if (operator === 'Gather' || operator === 'GatherBlockQuantized') return second === name ? first : undefined
  if (operator !== 'EmbedLayerNormalization') return undefined
  return first === name ? third : second === name ? fifth : undefined
}

const tableRows = (name: string, user: OnnxNode, { producers, constants }: Known): number | undefined => {
  let table = tableOf(name, user)
  for (let steps = 0; table !== undefined && steps < mostSteps; steps++) {
    const producer = producers.get(table)
    if (!producer || !ofTables.has(producer.operator)) break
    table = producer.inputs[0]
  }
  const dims = table === undefined ? undefined : constants.get(table)
  return dims && dims.length > 1 ? dims[0] : undefined
}

const attribute = (node: OnnxNode, name: string) => node.attributes.find((one) => one.name === name)

const textsOf = (node: OnnxNode): readonly string[] | undefined => {
  for (const name of ['keys_strings', 'cats_strings', 'pool_strings']) {
    const found = attribute(node, name)
    if (found?.kind === 'strings' && found.value.length > 0)
      return found.value.map((text) => text.toString('utf8'))
  }
  return undefined
}

const featuresOf = (node: OnnxNode): InputRange['features'] => {
  const [offset, scale] = [attribute(node, 'offset'), attribute(node, 'scale')]
  if (node.operator !== 'Scaler' || offset?.kind !== 'floats' || scale?.kind !== 'floats') return undefined
  return scale.value.map((by, index) => ({
    mean: offset.value[index] ?? 0,
    deviation: by === 0 ? 1 : 1 / by,
  }))
}

const isCalculatedWith = (node: OnnxNode): boolean => {
  if (node.operator.startsWith('TreeEnsemble')) return true
  const to = node.operator === 'Cast' ? attribute(node, 'to') : undefined
  return to?.kind === 'int' && floats.has(Number(to.value))
}

const narrowed = (range: InputRange, name: string, user: OnnxNode, known: Known): InputRange => {
  const rows = tableRows(name, user, known)
  if (rows !== undefined) return { ...range, rows: Math.min(rows, range.rows ?? rows) }
  const [features, texts] = [featuresOf(user), textsOf(user)]
  if (features) return { ...range, features }
  if (texts) return { ...range, texts }
  return isCalculatedWith(user) ? { ...range, isNumber: true } : range
}

export const inputRanges = (model: OnnxModel): ReadonlyMap<string, InputRange> => {
  const known = knownOf(model)
  return new Map(
    model.graph.inputs.map(({ name }) => {
      let range: InputRange = {}
      for (const [value, user] of reached(name, known)) range = narrowed(range, value, user, known)
      return [name, range]
    }),
  )
}
