/** Which number of the model's answer is explained: an output, and a class where it has several. */
import { Failure, quoted } from '../failures/errors.ts'
import type { Served } from '../inference/served.ts'
import { readLabels } from '../tasks/labels.ts'
import type { NamedTensors, TensorSpec } from '../tensors/tensor.ts'
import { valueAt } from './features.ts'

const refused = (message: string, field: string): Failure => new Failure('invalid', message, { field })

const isFloating = ({ datatype }: TensorSpec): boolean => /^FP/.test(datatype)

/** @param wanted its name; undefined: the only one of floating numbers @throws Failure where that does not say which */
export const outputOf = ({ model }: Served, wanted: unknown, field: string): string => {
  const numeric = model.outputs.filter(({ datatype }) => datatype !== 'BYTES')
  const names = numeric.map(({ name }) => name)
  if (wanted !== undefined) {
    const found = names.find((name) => name === wanted)
    if (found !== undefined) return found
    throw refused(
      `${field} is ${JSON.stringify(wanted)}, but the outputs of numbers are ${quoted(names)}`,
      field,
    )
  }
  const [only, ...others] = numeric.filter(isFloating)
  if (only && others.length === 0) return only.name
  throw refused(`the model has several outputs of numbers; name one of ${quoted(names)} in ${field}`, field)
}

/** Numbers of one output, row by row. */
export interface Answers {
  readonly rows: number
  readonly width: number
  /** @param row and column from 0 */
  readonly at: (row: number, column: number) => number
}

/** @throws Failure where the output has no row for each row that was asked about */
export const answersOf = (outputs: NamedTensors, output: string, rows: number): Answers => {
  const tensor = outputs.get(output)
  const [found, width = 1, ...further] = tensor?.shape ?? []
  if (!tensor || found !== rows || further.length > 0)
    throw refused(
      `output "${output}" has shape [${tensor?.shape.join(', ') ?? ''}] for ${rows} rows, but [${rows}] or [${rows}, classes] is explained; name another output`,
      'parameters.output',
    )
  return { rows, width, at: (row, column) => Number(valueAt(tensor, row * width + column)) }
}

export interface Target {
  readonly column: number
  /** Name of the class, its number where it has none; undefined where the output is one number. */
  readonly name: string | number | undefined
}

const classNames = async ({ model }: Served, output: string, width: number) => {
  const own = model.classes?.get(output)
  const names = own ?? (await readLabels(model).catch(() => undefined))
  return names?.length === width ? names : undefined
}

const likeliest = (answers: Answers): number => {
  let best = 0
  for (let column = 1; column < answers.width; column++)
    if (answers.at(0, column) > answers.at(0, best)) best = column
  return best
}

/** @param answers of the row that is explained @param wanted name or number of a class @throws Failure where there is no such class */
export const targetColumn = async (
  served: Served,
  output: string,
  answers: Answers,
  wanted: unknown,
): Promise<Target> => {
  const field = 'parameters.target'
  const { width } = answers
  if (width === 1 && wanted === undefined) return { column: 0, name: undefined }
  const names = await classNames(served, output, width)
  const nameOf = (column: number): Target => ({ column, name: names?.[column] ?? column })
  if (wanted === undefined) return nameOf(likeliest(answers))
  const named = names?.indexOf(wanted as string) ?? -1
  if (named >= 0) return nameOf(named)
  if (Number.isInteger(wanted) && Number(wanted) >= 0 && Number(wanted) < width) return nameOf(Number(wanted))
  const classes = names ? `${quoted(names.map(String))}, or their numbers from 0` : `0 to ${width - 1}`
  throw refused(`${field} is ${JSON.stringify(wanted)}, but the classes of "${output}" are ${classes}`, field)
}
