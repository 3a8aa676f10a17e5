/** The features of a model of tables: the columns of its inputs, and rows that are put together of several ones. */
import { Failure } from '../failures/errors.ts'
import { fromHalf } from '../tensors/half.ts'
import { allocate, type Datatype, elementCount, type NamedTensors, type Tensor } from '../tensors/tensor.ts'
import { tensorFromJson } from '../tensors/tensor-json.ts'

/** Most features: the regression takes time with the square of them. */
const mostFeatures = 256

/** An input of the model and its columns. */
export interface Input {
  readonly name: string
  readonly dtype: Datatype
  /** Columns. */
  readonly width: number
  /** Whether the columns are an axis: [rows, width] and not [rows]. */
  readonly isWide: boolean
  /** The first of its columns, counted over all inputs. */
  readonly first: number
}

/** Rows of all columns, by input. */
export interface Rows {
  readonly count: number
  readonly tensors: NamedTensors
}

const refused = (message: string, field: string): Failure => new Failure('invalid', message, { field })

const inputOf = (name: string, { dtype, shape }: Tensor, first: number): Input => {
  const [rows, width = 1] = shape
  if (shape.length < 1 || shape.length > 2)
    throw refused(
      `input "${name}" has shape [${shape.join(', ')}], but tables are explained: inputs of [1, features] or [1]`,
      name,
    )
  if (rows !== 1) throw refused(`input "${name}" has ${rows} rows; an explanation is of one row`, name)
  return { name, dtype, width, isWide: shape.length === 2, first }
}

/** @param row of the request, of one row @throws Failure where it is no row of a table */
export const inputsOf = (row: NamedTensors): readonly Input[] => {
  let first = 0
  const inputs = Array.from(row, ([name, tensor]) => {
    const input = inputOf(name, tensor, first)
    first += input.width
    return input
  })
  if (first > mostFeatures)
    throw refused(`the row has ${first} features, but at most ${mostFeatures} are explained`, 'inputs')
  return inputs
}

export const columnCount = (inputs: readonly Input[]): number =>
  inputs.reduce((sum, { width }) => sum + width, 0)

/** An element as a number or a text. */
export const valueAt = ({ dtype, data }: Tensor, index: number): number | string => {
  const value = data[index]
  if (value instanceof Uint8Array) return Buffer.from(value).toString()
  if (typeof value === 'string') return value
  return dtype === 'FP16' ? fromHalf(Number(value)) : Number(value)
}

/** @throws Failure where one of the numbers is none */
export const refuseNaN = (rows: NamedTensors, where: string, field: string): void => {
  for (const [name, { dtype, data }] of rows) {
    if (dtype !== 'FP16' && dtype !== 'FP32' && dtype !== 'FP64') continue
    for (let index = 0; index < data.length; index++) {
      const value = dtype === 'FP16' ? fromHalf(Number(data[index])) : Number(data[index])
      if (Number.isFinite(value)) continue
      throw refused(
        `${where} holds ${value} for input "${name}"; an explanation needs numbers, so send others or leave the row out`,
        field,
      )
    }
  }
}

/**
 * Rows of JSON as tensors.
 * @param list rows, each with a value for every column in the order of the model's inputs
 * @param field its name, for errors @throws Failure naming it
 */
export const rowsFromJson = (list: unknown, inputs: readonly Input[], field: string): Rows => {
  const columns = columnCount(inputs)
  if (!Array.isArray(list) || list.length === 0)
    throw refused(`${field} has to be a list of rows such as [[1, 2], [3, 4]]`, field)
  for (const [index, row] of list.entries()) {
    if (Array.isArray(row) && row.length === columns) continue
    const found = Array.isArray(row) ? `${row.length} values` : 'no list'
    throw refused(`${field}[${index}] has ${found}, but the model has ${columns} features`, field)
  }
  const rows = list as readonly (readonly unknown[])[]
  const tensors = inputs.map(({ name, dtype, width, isWide, first }): readonly [string, Tensor] => {
    const shape = isWide ? [rows.length, width] : [rows.length]
    const values = rows.flatMap((row) => row.slice(first, first + width))
    try {
      return [name, tensorFromJson(name, dtype, shape, elementCount(shape), values)]
    } catch (error) {
      throw refused(`${field}: ${(error as Error).message}`, field)
    }
  })
  const named = new Map(tensors)
  refuseNaN(named, field, field)
  return { count: rows.length, tensors: named }
}

/** Columns in which the row differs from any of the others: what is the same everywhere has no part in a difference. */
export const varyingColumns = (
  inputs: readonly Input[],
  row: NamedTensors,
  others: Rows,
): readonly number[] =>
  inputs.flatMap(({ name, width, first }) => {
    const own = row.get(name) as Tensor
    const theirs = others.tensors.get(name) as Tensor
    const varies = (column: number): boolean => {
      const value = valueAt(own, column)
      for (let other = 0; other < others.count; other++)
        if (valueAt(theirs, other * width + column) !== value) return true
      return false
    }
    return Array.from({ length: width }, (_, column) => column)
      .filter(varies)
      .map((column) => first + column)
  })

/** A row that is made of two: these columns of the one that is explained, the others of one of the background. */
export interface Mixed {
  /** Ascending, counted over all inputs. */
  readonly columns: ArrayLike<number>
  readonly other: number
}

/** Rows of an input. */
const mixedInput = (
  { dtype, width, isWide, first }: Input,
  own: Tensor,
  theirs: Tensor,
  mixed: readonly Mixed[],
): Tensor => {
  const length = mixed.length * width
  const data: { [index: number]: unknown } =
    dtype === 'BYTES' ? new Array<unknown>(length) : allocate(dtype, length)
  for (const [index, { columns, other }] of mixed.entries()) {
    for (let column = 0; column < width; column++)
      data[index * width + column] = theirs.data[other * width + column]
    for (let place = 0; place < columns.length; place++) {
      const column = Number(columns[place]) - first
      if (column >= 0 && column < width) data[index * width + column] = own.data[column]
    }
  }
  const shape = isWide ? [mixed.length, width] : [mixed.length]
  return { dtype, shape, data: data as never }
}

export const mixedRows = (
  inputs: readonly Input[],
  row: NamedTensors,
  others: Rows,
  mixed: readonly Mixed[],
): NamedTensors =>
  new Map(
    inputs.map((input) => [
      input.name,
      mixedInput(input, row.get(input.name) as Tensor, others.tensors.get(input.name) as Tensor, mixed),
    ]),
  )

/** Names of the columns: `feature_names` of config.json where there is one for each, else those of the inputs. */
export const namesOf = (inputs: readonly Input[], known: unknown): readonly string[] => {
  const count = columnCount(inputs)
  if (Array.isArray(known) && known.length === count && known.every((name) => typeof name === 'string'))
    return known
  return inputs.flatMap(({ name, width, isWide }) =>
    Array.from({ length: width }, (_, column) => (isWide && width > 1 ? `${name}[${column}]` : name)),
  )
}
