import { elementCount, type NamedTensors } from '../../tensors/tensor.ts'
import type { LocalFunction, Model, Value } from '../../testing/onnx.ts'
import { rowsOfData } from './agreement.ts'
import { arrayOf } from './arrays.ts'
import { type Builder, buildGraph } from './builder.ts'
import { drawsOf } from './draws.ts'

/** A graph written down for one promise about rows. */
export interface HandBuilt {
  /** What the graph does, as the end of a sentence. */
  readonly name: string
  readonly opset?: number
  readonly functions?: readonly LocalFunction[]
  /** @returns the outputs, which have the rows on axis 0 where they stay apart */
  readonly build: (builder: Builder) => string | readonly string[]
  /** Lengths of named axes; 3 unless given. */
  readonly lengths?: Readonly<Record<string, number>>
  /** Why onnxruntime never runs it in parts and whole. */
  readonly neverRuns?: string
  /** Largest number of inputs of whole numbers; 1 unless given. */
  readonly most?: number
}

/** Graphs whose rows stay apart, and ones that look like them and whose rows meet. */
export interface Twins {
  readonly apart: readonly HandBuilt[]
  readonly meeting: readonly HandBuilt[]
}

export const modelOf = ({ build, opset, functions }: HandBuilt): Model => {
  const builder = buildGraph(opset, functions ? { functions } : {})
  const outputs = build(builder)
  return builder.model(typeof outputs === 'string' ? [outputs] : outputs)
}

/** The same graph with all its tensors as outputs. */
export const wholeOf = ({ build, opset, functions }: HandBuilt): Model => {
  const builder = buildGraph(opset, functions ? { functions } : {})
  build(builder)
  return builder.whole()
}

/** Real numbers of both signs, each row in another scale; weak coupling between rows moves the small ones by a lot. */
const scales = [1, 1e-3, 200, 0.2, 5]

const lengthOf = ({ lengths = {} }: HandBuilt, name: string): number => lengths[name] ?? 3

/** Lengths of all named axes of the inputs but the rows. */
export const lengthsOf = (graph: HandBuilt): Readonly<Record<string, number>> => ({
  length: lengthOf(graph, 'length'),
})

/** @returns `rowsOfData` rows of every input */
export const dataOf = (graph: HandBuilt, model: Model, seed: number): NamedTensors => {
  const { most = 1 } = graph
  const draws = drawsOf(seed)
  const numbers = ({ datatype }: Value, count: number): readonly number[] =>
    Array.from({ length: count }, (_, index) => {
      if (datatype !== 'FP32') return draws.between(0, most)
      const scale = scales[Math.floor((index * rowsOfData) / count)] ?? 1
      return (draws.number() * 2 - 1) * scale
    })
  return new Map(
    (model.inputs as readonly Value[]).map((input) => {
      const rest = input.shape
        .slice(1)
        .map((each) => (typeof each === 'number' ? each : lengthOf(graph, each)))
      const shape = [rowsOfData, ...rest]
      return [input.name, arrayOf(input.datatype, shape, numbers(input, elementCount(shape)))]
    }),
  )
}
