/**
 * Trees of a model, as far as onnxruntime shares them among threads. It adds the scores of an ensemble up tree by tree, and where
 * it does so on several threads the sums come in another order and round differently: decision 28.
 */
import { readMessageFile } from './message-file.ts'
import { attributesOf, integersOf, type NodeSpan, nodesOf } from './nodes.ts'
import type { MessageReader } from './protobuf.ts'

export interface TreeEnsembles {
  /** Number of trees in the largest ensemble with several outputs; 0 where every ensemble has one. */
  readonly treesOfMany: number
}

/** Thresholds of onnxruntime 1.30: beyond so many rows, and for one row beyond so many trees, threads share the trees. */
const sequentialRows = 50
const sequentialTrees = 80

/**
 * Reads a model file in constant memory.
 * @returns undefined for a model without trees
 * @throws MalformedMessage
 */
export const readTreeEnsembles = (path: string): TreeEnsembles | undefined =>
  readMessageFile(path, (reader, size) => {
    const ensembles = [...nodesOf(reader, size)].filter(isEnsemble)
    if (ensembles.length === 0) return undefined
    const trees = ensembles.map((node) => treesOf(reader, node))
    return { treesOfMany: Math.max(0, ...trees) }
  })

const operators = new Set(['TreeEnsemble', 'TreeEnsembleClassifier', 'TreeEnsembleRegressor'])
const isEnsemble = ({ operator, domain }: NodeSpan): boolean =>
  domain === 'ai.onnx.ml' && operators.has(operator)

/** 0 for an ensemble of one output, whose trees are added up in their order even where threads share them. */
const treesOf = (reader: MessageReader, node: NodeSpan): number => {
  const attributes = attributesOf(reader, node)
  const numbers = (name: string): Iterable<bigint> => {
    const attribute = attributes.get(name)
    return attribute ? integersOf(reader, attribute) : []
  }
  const [targets] = numbers('n_targets')
  if (node.operator !== 'TreeEnsembleClassifier' && (targets ?? 1n) === 1n) return 0
  return node.operator === 'TreeEnsemble'
    ? [...numbers('tree_roots')].length
    : new Set(numbers('nodes_treeids')).size
}

/** How requests of a model with trees may share batches, so that each gets the numbers that it would get alone. */
export interface TreeBatching {
  /** Most rows in one batch. */
  readonly maxRows: number
  /** Whether a request of so many rows has to run alone and whole. */
  readonly runsAlone: (rows: number) => boolean
}

/**
 * @param threads of one run
 * @param maxRows most rows in one batch, as configured
 * @returns undefined where every row has the same numbers in any company: without trees, or on one thread
 */
export const treeBatching = (
  ensembles: TreeEnsembles | undefined,
  threads: number,
  maxRows: number,
): TreeBatching | undefined => {
  if (!ensembles || threads === 1) return undefined
  const most = Math.min(maxRows, sequentialRows)
  // A row alone would be added up in another order than rows together, and a piece of a request may have one row.
  const isSharedAlone = ensembles.treesOfMany > sequentialTrees
  return { maxRows: most, runsAlone: (rows) => isSharedAlone || rows > most }
}

/** @returns whether one of these operators adds trees up, so that reading them is worth the time */
export const hasTrees = (names: ReadonlySet<string>): boolean =>
  [...operators].some((name) => names.has(name))
