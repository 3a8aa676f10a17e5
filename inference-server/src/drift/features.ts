/** What is looked at in a row of tensors: one number, value or vector each. */
import { type NamedTensors, type Tensor, type TensorSpec, textsOf } from '../tensors/tensor.ts'
import { numbersAt } from './numbers.ts'

/** A row of tensors. */
export interface Row {
  readonly tensors: NamedTensors
  /** Which row of axis 0, of so many. */
  readonly at: number
  readonly rows: number
}

export type Seen = number | string | ArrayLike<number> | undefined

export interface Feature<From = Row> {
  readonly name: string
  readonly kind: 'number' | 'category' | 'vector'
  /** @returns undefined where the row does not have it */
  readonly read: (row: From) => Seen
}

/** Most columns that are looked at one by one; what is wider is summarised. */
const mostColumns = 32
/** Outputs of more columns are vectors, others scores of classes. */
const mostClasses = 100
/** Members of a vector, at most. */
const mostMembers = 4096

/** Elements of the row of a tensor: where they begin, and how many there are. */
const placeOf = ({ tensors, at, rows }: Row, name: string) => {
  const tensor = tensors.get(name)
  if (!tensor || tensor.shape[0] !== rows) return undefined
  const width = tensor.data.length / rows
  return { tensor, from: at * width, width }
}

const widthOf = ({ shape, anyRank }: TensorSpec): number | undefined => {
  if (anyRank || shape.length === 0) return undefined
  let width = 1
  for (const length of shape.slice(1)) {
    if (length < 0) return undefined
    width *= length
  }
  return width
}

const textAt = (tensor: Tensor, index: number): string | undefined => {
  try {
    return textsOf({ ...tensor, data: tensor.data.slice(index, index + 1) as Tensor['data'] })[0]
  } catch {
    return undefined // bytes that are no text
  }
}

const columnsOf = (
  { name, datatype }: TensorSpec,
  width: number,
  kind: 'number' | 'category',
): readonly Feature[] =>
  Array.from({ length: width }, (_, column) => ({
    name: width === 1 ? name : `${name}[${column}]`,
    kind,
    read: (row) => {
      const place = placeOf(row, name)
      if (!place) return undefined
      if (datatype === 'BYTES') return textAt(place.tensor, place.from + column)
      const [value] = numbersAt(place.tensor, place.from + column, 1)
      return kind === 'category' ? String(value) : value
    },
  }))

const summarised = (name: string): readonly Feature[] => {
  const momentsOf = (row: Row): readonly [mean: number, deviation: number] | undefined => {
    const place = placeOf(row, name)
    if (!place || place.width === 0) return undefined
    const values = numbersAt(place.tensor, place.from, place.width)
    let sum = 0
    let squares = 0
    for (const value of values) {
      sum += value
      squares += value * value
    }
    const mean = sum / values.length
    return [mean, Math.sqrt(Math.max(0, squares / values.length - mean * mean))]
  }
  return [
    { name: `${name}.mean`, kind: 'number', read: (row) => momentsOf(row)?.[0] },
    { name: `${name}.deviation`, kind: 'number', read: (row) => momentsOf(row)?.[1] },
  ]
}

/** Ids of any number, such as tokens: how many, and one of them, since those of one row are not independent. */
const sequenceOf = (name: string, random: () => number): readonly Feature[] => [
  { name: `${name}.length`, kind: 'number', read: (row) => placeOf(row, name)?.width },
  {
    name: `${name}.element`,
    kind: 'number',
    read: (row) => {
      const place = placeOf(row, name)
      if (!place || place.width === 0) return undefined
      return numbersAt(place.tensor, place.from + Math.floor(random() * place.width), 1)[0]
    },
  },
]

export const isFloating = ({ datatype }: TensorSpec): boolean => datatype.startsWith('FP')

/** Features of the inputs of a model, or of those that are named. @param random from 0 to 1 */
export const inputFeatures = (specs: readonly TensorSpec[], random: () => number): readonly Feature[] => {
  let left = mostColumns
  return specs.flatMap((spec) => {
    const width = widthOf(spec)
    if (width !== undefined && width <= left) {
      left -= width
      return columnsOf(spec, width, spec.datatype === 'BYTES' ? 'category' : 'number')
    }
    if (spec.datatype === 'BYTES') return []
    return isFloating(spec) || width !== undefined ? summarised(spec.name) : sequenceOf(spec.name, random)
  })
}

const scoresOf = (name: string): readonly Feature[] => {
  const best = (row: Row): readonly [column: number, score: number] | undefined => {
    const place = placeOf(row, name)
    if (!place || place.width === 0) return undefined
    const scores = numbersAt(place.tensor, place.from, place.width)
    let column = 0
    for (let at = 1; at < scores.length; at++)
      if ((scores[at] as number) > (scores[column] as number)) column = at
    return [column, scores[column] as number]
  }
  return [
    { name: `${name}.class`, kind: 'category', read: (row) => best(row)?.[0].toString() },
    { name: `${name}.score`, kind: 'number', read: (row) => best(row)?.[1] },
  ]
}

const vectorOf = (name: string): readonly Feature[] => {
  const membersOf = (row: Row): ArrayLike<number> | undefined => {
    const place = placeOf(row, name)
    return place && numbersAt(place.tensor, place.from, place.width, mostMembers)
  }
  return [
    { name, kind: 'vector', read: membersOf },
    {
      name: `${name}.norm`,
      kind: 'number',
      read: (row) => {
        const members = membersOf(row)
        return members && Math.hypot(...Array.from(members))
      },
    },
  ]
}

/** Whether it is a vector; its members have no declared number where a task makes it. */
const isVector = (spec: TensorSpec, width: number | undefined): boolean =>
  isFloating(spec) && (width === undefined ? spec.shape.length === 2 : width <= mostMembers)

const featuresOfOutput = (spec: TensorSpec): readonly Feature[] => {
  const width = widthOf(spec)
  if (width === 1) return columnsOf(spec, 1, isFloating(spec) ? 'number' : 'category')
  if (spec.datatype === 'BYTES') return []
  if (width !== undefined && width <= mostClasses) return scoresOf(spec.name)
  if (isVector(spec, width)) return vectorOf(spec.name)
  return isFloating(spec) ? summarised(spec.name) : []
}

/** Features of the outputs of a model: of classes the likeliest and its score, of numbers their values, of long vectors their mean. */
export const outputFeatures = (specs: readonly TensorSpec[]): readonly Feature[] =>
  specs.slice(0, mostColumns / 4).flatMap(featuresOfOutput)
