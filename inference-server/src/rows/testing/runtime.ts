/** onnxruntime for tests of the prover. Unless told, it optimizes nothing, so that each node of a graph is what runs. */
import { createRequire } from 'node:module'
import { runSession, type Session } from '../../sessions/session.ts'
import type { NamedTensors } from '../../tensors/tensor.ts'

const require = createRequire(import.meta.url)
const ort: typeof import('onnxruntime-node') = require('onnxruntime-node')

/** @param file content of a .onnx file @throws Error what onnxruntime says */
export const openGraph = (file: Uint8Array, level: 'disabled' | 'all' = 'disabled'): Promise<Session> =>
  ort.InferenceSession.create(file, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    graphOptimizationLevel: level,
    logSeverityLevel: 4,
  })

/** Undefined where onnxruntime refuses the graph or the inputs. */
export const runOrRefusal = async (
  session: Session,
  inputs: NamedTensors,
): Promise<NamedTensors | undefined> => {
  try {
    return await runSession(session, inputs)
  } catch {
    return undefined
  }
}
