/** Tree ensembles as scikit-learn's converters write them, of seeded random trees. */
import { bytes, integer, message } from '../onnx/write.ts'
import { seededRandom } from './random.ts'

const floatField = (field: number, value: number): Buffer => {
  const content = Buffer.alloc(5)
  content.writeUInt8((field << 3) | 5)
  content.writeFloatLE(value, 1)
  return content
}

type Values = readonly number[] | readonly string[]

/** AttributeProto. */
const attribute = (name: string, kind: 'ints' | 'floats' | 'strings' | 'string', values: Values): Buffer => {
  const types = { ints: 7, floats: 6, strings: 8, string: 3 } as const
  const parts = values.map((value) => {
    if (kind === 'ints') return integer(8, Number(value))
    if (kind === 'floats') return floatField(7, Number(value))
    return bytes(kind === 'string' ? 4 : 9, String(value))
  })
  return message(5, [bytes(1, name), ...parts, integer(20, types[kind])])
}

const valueInfo = (field: number, name: string, element: number, width?: number): Buffer => {
  const axes = [[], ...(width === undefined ? [] : [[integer(1, width)]])].map((axis) => message(1, axis))
  return message(field, [bytes(1, name), bytes(2, message(1, [integer(1, element), message(2, axes)]))])
}

/** Branches and leaves of one tree of depth 3, numbered breadth first. */
const branches = 7
const nodes = 15

/**
 * A forest that averages votes: FP32 x [rows, 4] -> INT64 label [rows], FP32 scores [rows, classes].
 * @returns the content of a .onnx file
 */
export const forest = (trees: number, classes: number): Buffer => {
  const random = seededRandom(trees * 10 + classes)
  const all = Array.from({ length: trees * nodes }, (_, index) => ({
    tree: Math.floor(index / nodes),
    node: index % nodes,
  }))
  const isBranch = ({ node }: (typeof all)[number]): boolean => node < branches
  const leaves = all.filter((one) => !isBranch(one))
  const votes = leaves.flatMap((leaf) => Array.from({ length: classes }, (_, label) => ({ ...leaf, label })))
  const attributes = [
    attribute(
      'nodes_treeids',
      'ints',
      all.map(({ tree }) => tree),
    ),
    attribute(
      'nodes_nodeids',
      'ints',
      all.map(({ node }) => node),
    ),
    attribute(
      'nodes_featureids',
      'ints',
      all.map((one) => (isBranch(one) ? Math.floor(random() * 4) : 0)),
    ),
    attribute(
      'nodes_values',
      'floats',
      all.map((one) => (isBranch(one) ? random() * 2 - 1 : 0)),
    ),
    attribute(
      'nodes_modes',
      'strings',
      all.map((one) => (isBranch(one) ? 'BRANCH_LEQ' : 'LEAF')),
    ),
    attribute(
      'nodes_truenodeids',
      'ints',
      all.map((one) => (isBranch(one) ? one.node * 2 + 1 : 0)),
    ),
    attribute(
      'nodes_falsenodeids',
      'ints',
      all.map((one) => (isBranch(one) ? one.node * 2 + 2 : 0)),
    ),
    attribute(
      'class_treeids',
      'ints',
      votes.map(({ tree }) => tree),
    ),
    attribute(
      'class_nodeids',
      'ints',
      votes.map(({ node }) => node),
    ),
    attribute(
      'class_ids',
      'ints',
      votes.map(({ label }) => label),
    ),
    attribute(
      'class_weights',
      'floats',
      votes.map(() => random() / trees),
    ),
    attribute(
      'classlabels_int64s',
      'ints',
      Array.from({ length: classes }, (_, label) => label),
    ),
    attribute('post_transform', 'string', ['NONE']),
  ]
  const ensemble = message(1, [
    ...[bytes(1, 'x'), bytes(2, 'label'), bytes(2, 'scores'), bytes(4, 'TreeEnsembleClassifier')],
    ...attributes,
    bytes(7, 'ai.onnx.ml'),
  ])
  const [float, int64] = [1, 7]
  return Buffer.concat([
    integer(1, 8),
    message(7, [
      ...[ensemble, bytes(2, 'graph'), valueInfo(11, 'x', float, 4)],
      ...[valueInfo(12, 'label', int64), valueInfo(12, 'scores', float, classes)],
    ]),
    message(8, [bytes(1, ''), integer(2, 17)]),
    message(8, [bytes(1, 'ai.onnx.ml'), integer(2, 3)]),
  ])
}
