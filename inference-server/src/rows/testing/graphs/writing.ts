/** Nodes that most of the graphs need. */
import type { Node } from '../../../testing/onnx.ts'
import type { Builder } from '../builder.ts'

/** FP32 [rows, 4] */
export const table = (b: Builder): string => b.input('FP32', 4)

export const number = (b: Builder, value: number): string => b.constant('FP32', [], [value])

export const shapeOf = (b: Builder, x: string): string => b.node('Shape', [x])

/** INT64 [1] */
export const lengthAt = (b: Builder, x: string, axis: number): string =>
  b.node('Gather', [shapeOf(b, x), b.integers([axis])])

/** One after the other along axis 0. */
export const joined = (b: Builder, ...parts: readonly string[]): string =>
  b.node('Concat', parts, { attributes: { axis: 0 } })

export const turned = (b: Builder, x: string, ...perm: readonly number[]): string =>
  b.node('Transpose', [x], { attributes: { perm } })

/** A node of a graph within the graph, or of a function. */
export const call = (
  op: string,
  inputs: readonly string[],
  output: string,
  attributes: Node['attributes'] = {},
): Node => ({ op, inputs, outputs: [output], attributes })
