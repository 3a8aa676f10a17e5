import { elementCount, type NamedTensors } from '../../tensors/tensor.ts'
import type { Model, Value } from '../../testing/onnx.ts'
import { rowsOfData } from './agreement.ts'
import { arrayOf } from './arrays.ts'
import { type Draws, drawsOf } from './draws.ts'
import { lengthAxis, realLength, startGrowth } from './growth.ts'
import { anyStep } from './steps/index.ts'

export interface Grown {
  /** Every tensor of it is an output. */
  readonly model: Model
  readonly data: readonly GrownData[]
}

interface GrownData {
  /** `rowsOfData` rows of each. */
  readonly inputs: NamedTensors
  /** Lengths of the named axes but the rows'. */
  readonly lengths: Readonly<Record<string, number>>
}

const wholeNumbers = (draws: Draws, { datatype }: Value, count: number): readonly number[] =>
  Array.from({ length: count }, () => (datatype === 'FP32' ? draws.between(-3, 3) : draws.between(0, 2)))

const rowScales = [1, 0.01, 30, 1, 0.3]

const realNumbers = (draws: Draws, { datatype }: Value, count: number): readonly number[] => {
  const perRow = count / rowsOfData
  return Array.from({ length: count }, (_, index) =>
    datatype === 'FP32'
      ? (draws.number() * 4 - 2) * (rowScales[Math.floor(index / perRow)] ?? 1)
      : draws.between(0, 1),
  )
}

/** @param seed of the graph; equal ones give equal graphs and data */
export const growGraph = async (seed: number): Promise<Grown> => {
  const draws = drawsOf(-seed - 1)
  const length = draws.pick([2, 3, 4])
  const growth = startGrowth(seed, length)
  for (let steps = draws.between(4, 16); steps > 0 && !growth.full(); steps -= 1)
    await anyStep(growth.draws)(growth)
  const model = growth.builder.whole()
  const grownLengths = (name: string): readonly number[] => growth.tensorOf(name).shape.slice(1)
  const other = draws.pick([1, 2, 3, 4, 5])
  const otherLengths = (_: string, shape: Value['shape']): readonly number[] =>
    shape.slice(1).map((axis) => realLength(axis, other, draws))
  const dataOf = (
    numbers: typeof wholeNumbers,
    lengthsOf: (name: string, shape: Value['shape']) => readonly number[],
  ): NamedTensors =>
    new Map(
      (model.inputs as readonly Value[]).map((input) => {
        const shape = [rowsOfData, ...lengthsOf(input.name, input.shape)]
        return [input.name, arrayOf(input.datatype, shape, numbers(draws, input, elementCount(shape)))]
      }),
    )
  return {
    model,
    data: [
      { inputs: dataOf(wholeNumbers, grownLengths), lengths: { [lengthAxis]: length } },
      { inputs: dataOf(realNumbers, grownLengths), lengths: { [lengthAxis]: length } },
      { inputs: dataOf(wholeNumbers, otherLengths), lengths: { [lengthAxis]: other } },
    ],
  }
}
