import type { OnnxNode } from '../onnx/model.ts'

/**
 * The nodes, each behind those whose outputs it uses. ONNX asks files to have them so, but onnxruntime runs those that do
 * not: its own conversion to float16 writes the casts of the inputs last. Nodes of a circle are left out.
 */
export const inOrder = (nodes: readonly OnnxNode[]): readonly OnnxNode[] => {
  const makers = new Map(nodes.flatMap((node, index) => node.outputs.map((name) => [name, index] as const)))
  makers.delete('')
  const needed = nodes.map((node) => makersOf(node, makers))
  if (needed.every((indices, index) => indices.every((maker) => maker < index))) return nodes
  return sorted(nodes, needed)
}

/** Positions of the nodes whose outputs this one uses, without doubles. */
const makersOf = (node: OnnxNode, makers: ReadonlyMap<string, number>): readonly number[] => {
  const found = new Set<number>()
  for (const name of namesUsed(node)) {
    const maker = makers.get(name)
    if (maker !== undefined) found.add(maker)
  }
  return [...found]
}

/** Inputs, and what the graphs inside the node use and do not make. */
const namesUsed = (node: OnnxNode): readonly string[] => {
  const names = [...node.inputs]
  for (const attribute of node.attributes) {
    if (attribute.kind !== 'graph') continue
    const { inputs, initializers, nodes, outputs } = attribute.value
    const own = new Set([...inputs, ...initializers].map(({ name }) => name))
    for (const inner of nodes) for (const name of inner.outputs) own.add(name)
    const used = [...nodes.flatMap(namesUsed), ...outputs.map(({ name }) => name)]
    names.push(...used.filter((name) => !own.has(name)))
  }
  return names
}

const sorted = (nodes: readonly OnnxNode[], needed: readonly (readonly number[])[]): readonly OnnxNode[] => {
  const users = nodes.map((): number[] => [])
  for (const [index, makers] of needed.entries()) for (const maker of makers) users[maker]?.push(index)
  const missing = needed.map(({ length }) => length)
  const ready = [...nodes.keys()].filter((index) => missing[index] === 0)
  // The list grows while it is read.
  for (const index of ready)
    for (const user of users[index] ?? []) {
      missing[user] = (missing[user] ?? 0) - 1
      if (missing[user] === 0) ready.push(user)
    }
  return ready.flatMap((index) => nodes[index] ?? [])
}
