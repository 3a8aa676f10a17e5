import { elementCount, type NamedTensors } from '../../tensor.ts'
import type { Model, Value } from '../../testing/onnx.ts'
import { rowsOfData } from './agreement.ts'
import { arrayOf } from './arrays.ts'
import { type Draws, drawsOf } from './draws.ts'
import { lengthAxis, startGrowth } from './growth.ts'
import { anyStep } from './steps/index.ts'

export interface Grown {
  /** Every tensor of it is an output. */
  readonly model: Model
  readonly lengths: Readonly<Record<string, number>>
  /** Inputs of `rowsOfData` rows: small whole numbers first, then real ones whose rows differ in scale. */
  readonly data: readonly NamedTensors[]
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
  const dataOf = (numbers: typeof wholeNumbers): NamedTensors =>
    new Map(
      (model.inputs as readonly Value[]).map((input) => {
        const rest = input.shape.slice(1).map((each) => (typeof each === 'number' ? each : length))
        const shape = [rowsOfData, ...rest]
        return [input.name, arrayOf(input.datatype, shape, numbers(draws, input, elementCount(shape)))]
      }),
    )
  return { model, lengths: { [lengthAxis]: length }, data: [dataOf(wholeNumbers), dataOf(realNumbers)] }
}
