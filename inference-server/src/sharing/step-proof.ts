/** Whether texts may share the steps of a decoder. */
import { readModel } from '../onnx/read-model.ts'
import type { RowProof } from '../rows/proof.ts'
import { proveRows } from '../rows/prove.ts'

/** BOOL [1] of a merged decoder: false in the first step, whose caches are empty. All rows of a step share it. */
const cacheSwitch = 'use_cache_branch'

/** Caches of the encoder's output (cross-attention): filled in the first step, and from then on kept; later outputs are ignored. */
const isSourceCache = (output: string): boolean => /^present\..*\.encoder\./.test(output)

/** @param onnxPath of a graph that writes, or of the encoder that it listens to @throws MalformedMessage */
export const proveSteps = (onnxPath: string): RowProof => {
  const model = readModel(onnxPath)
  if (!model.graph.inputs.some(({ name }) => name === cacheSwitch)) return proveRows(model)
  const first = proveRows(model, { switches: new Map([[cacheSwitch, 0]]) })
  if (first.verdict !== 'independent') return first
  return proveRows(model, { switches: new Map([[cacheSwitch, 1]]), unread: isSourceCache })
}
