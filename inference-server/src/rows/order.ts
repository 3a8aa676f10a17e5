import type { OnnxGraph, OnnxNode } from '../onnx/model.ts'
import { Unproven } from './unproven.ts'

/** Names that a node takes from around it: its inputs, and what graphs inside it take from outside. */
const neededBy = (node: OnnxNode): readonly string[] => [
  ...node.inputs,
  ...node.attributes.flatMap((attribute) => {
    if (attribute.kind === 'graph') return capturedBy(attribute.value)
    return attribute.kind === 'graphs' ? attribute.value.flatMap(capturedBy) : []
  }),
]

const capturedBy = (graph: OnnxGraph): readonly string[] => {
  const own = new Set<string>([
    ...graph.inputs.map(({ name }) => name),
    ...graph.initializers.map(({ name }) => name),
    ...graph.nodes.flatMap(({ outputs }) => outputs),
  ])
  const used = [...graph.nodes.flatMap(neededBy), ...graph.outputs.map(({ name }) => name)]
  return used.filter((name) => !own.has(name))
}

/**
 * The nodes in an order in which each comes after those that it needs: that of the file, where it is one.
 * Converters append the casts of inputs at the end, and runtimes sort the nodes themselves.
 * @throws Unproven where nodes need each other
 */
export const ordered = (nodes: readonly OnnxNode[]): readonly OnnxNode[] => {
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)))
  makers.delete('')
  const needs = nodes.map((node) => new Set(neededBy(node).flatMap((name) => makers.get(name) ?? [])))
  const done = new Set<OnnxNode>()
  const isOrdered = nodes.every((node, index) => {
    done.add(node)
    return [...(needs[index] ?? [])].every((maker) => done.has(maker) && maker !== node)
  })
  return isOrdered ? nodes : sorted(nodes, needs)
}

/** Each node as soon as all that it needs are there. */
const sorted = (nodes: readonly OnnxNode[], needs: readonly ReadonlySet<OnnxNode>[]): readonly OnnxNode[] => {
  const followers = new Map<OnnxNode, number[]>(nodes.map((node) => [node, []]))
  const waits = needs.map((makers) => makers.size)
  needs.forEach((makers, index) => {
    for (const maker of makers) followers.get(maker)?.push(index)
  })
  const ready = nodes.filter((_, index) => waits[index] === 0)
  // The list grows while it is gone through.
  for (const node of ready)
    for (const index of followers.get(node) ?? []) {
      const left = (waits[index] ?? 0) - 1
      waits[index] = left
      const follower = nodes[index]
      if (left === 0 && follower) ready.push(follower)
    }
  if (ready.length < nodes.length) throw new Unproven('nodes of the graph need each other')
  return ready
}
