/** Values that the trees of a model compare its features with. */
import { readMessageFile } from './message-file.ts'
import { attributesOf, integersOf, type NodeSpan, nodesOf } from './nodes.ts'
import type { Field, MessageReader } from './protobuf.ts'
import { floatsOf } from './read-tensor.ts'

/** Finite thresholds by feature. */
export type Thresholds = ReadonlyMap<number, readonly number[]>

/** Splits that are read: inputs are drawn around them, and a forest has millions. */
const mostSplits = 20_000
/** Thresholds of a feature that are kept, the last ones. */
const mostOfFeature = 64
const inAttribute = { floats: 7 } as const

const numbersIn = function* (reader: MessageReader, attribute: Field | undefined): Generator<number> {
  if (!attribute) return
  for (const field of reader.fields(attribute.start, attribute.end))
    if (field.number === inAttribute.floats) yield* floatsOf(reader, field, 4)
}

const thresholdsOf = (reader: MessageReader, node: NodeSpan): Thresholds => {
  const attributes = attributesOf(reader, node)
  const features = attributes.get('nodes_featureids')
  const values = numbersIn(reader, attributes.get('nodes_values'))
  const found = new Map<number, number[]>()
  let splits = 0
  for (const feature of features ? integersOf(reader, features) : []) {
    const { value } = values.next()
    if (value === undefined || ++splits > mostSplits) break
    if (value === 0 || !Number.isFinite(value)) continue // a leaf, or a question whether a number is missing
    found.set(Number(feature), [...(found.get(Number(feature)) ?? []).slice(1 - mostOfFeature), value])
  }
  return found
}

/**
 * Those of the first ensemble, in constant memory. Ensembles that keep them in tensors have none here.
 * @throws MalformedMessage
 */
export const readThresholds = (path: string): Thresholds =>
  readMessageFile(path, (reader, size) => {
    for (const node of nodesOf(reader, size))
      if (node.domain === 'ai.onnx.ml' && node.operator.startsWith('TreeEnsemble'))
        return thresholdsOf(reader, node)
    return new Map()
  })
