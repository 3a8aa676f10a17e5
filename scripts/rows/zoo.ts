/** The folder of exported models that bench/exporters fills: EXPORTER/ARCHITECTURE/VARIANT.onnx. */
import { execFileSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readModel } from '../../inference-server/src/onnx/read-model.ts'
import type { RowProof } from '../../inference-server/src/rows/proof.ts'
import { proveSteps } from '../../inference-server/src/sharing/step-proof.ts'

/** What onnxruntime said of a model: rows alone against rows in mixtures, or why it was not run. */
export type Run = { readonly difference: number; readonly same_bits: boolean } | { readonly error: string }

export interface Exported {
  readonly exporter: string
  readonly architecture: string
  readonly variant: string
  /** Nodes of the graph and of the functions in the file. */
  readonly nodes: number
  readonly proof: RowProof
  readonly run: Run | undefined
}

/** A variant that its tool could not write, with the tool's words. */
export interface Failure {
  readonly name: string
  readonly said: string
}

export interface ProofTime {
  readonly name: string
  readonly nodes: number
  /** The first proof of a new process, reading of the file included: the shortest of 3 processes. */
  readonly firstMs: number
  /** The shortest of 20 further proofs in the same process. */
  readonly warmMs: number
}

const namesIn = (root: string, suffix: string): readonly string[] =>
  globSync(`*/*/*${suffix}`, { cwd: root }).sort()

const nodesOf = (path: string): number => {
  const { graph, functions } = readModel(path)
  return functions.reduce((count, { nodes }) => count + nodes.length, graph.nodes.length)
}

const runsOf = (root: string): Readonly<Record<string, Run>> => {
  const path = join(root, 'runs.json')
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}
}

export const exportedModels = (root: string): readonly Exported[] => {
  const runs = runsOf(root)
  return namesIn(root, '.onnx').map((name) => {
    const [exporter = '', architecture = '', file = ''] = name.split('/')
    const path = join(root, name)
    const variant = file.replace(/\.onnx$/, '')
    return { exporter, architecture, variant, nodes: nodesOf(path), proof: proveSteps(path), run: runs[name] }
  })
}

export const failures = (root: string): readonly Failure[] =>
  namesIn(root, '.failed').map((name) => ({
    name: name.replace(/\.failed$/, ''),
    said: readFileSync(join(root, name), 'utf8').trim(),
  }))

type Times = Pick<ProofTime, 'firstMs' | 'warmMs'>

/** Measures in a process of its own, since the first proof also compiles the prover. */
const timesOf = (path: string): Times => {
  const script = join(import.meta.dirname, 'proof-time.ts')
  return JSON.parse(execFileSync(process.execPath, [script, path], { encoding: 'utf8' }))
}

export const proofTimes = (root: string, models: readonly Exported[]): readonly ProofTime[] =>
  models.map(({ exporter, architecture, variant, nodes }) => {
    const name = `${exporter}/${architecture}/${variant}`
    const rounds = Array.from({ length: 3 }, () => timesOf(join(root, `${name}.onnx`)))
    const shortest = (part: keyof Times): number => Math.min(...rounds.map((round) => round[part]))
    return { name, nodes, firstMs: shortest('firstMs'), warmMs: shortest('warmMs') }
  })
