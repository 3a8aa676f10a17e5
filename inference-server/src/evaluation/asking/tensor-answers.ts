/** Answers of tensor models as predictions: which output is the prediction, and what its numbers mean. */
import { CandidateError } from '../../accuracy/candidate-error.ts'
import type { Prediction } from '../../accuracy/prediction.ts'
import { isObject } from '../../json/json-object.ts'
import { shown } from '../../tensors/signature.ts'
import type { TensorSpec } from '../../tensors/tensor.ts'

/** What labels say that a prediction is. */
export type Wanted = 'class' | 'number'

export interface AnswerRules {
  readonly outputs: readonly TensorSpec[]
  /** The output that the user chose. */
  readonly chosen: string | undefined
  readonly wanted: Wanted
  /** Names of the columns of outputs, by output. */
  readonly columns: ReadonlyMap<string, readonly string[]>
  /** Names of the classes in output order; undefined where labels are the numbers of the classes. */
  readonly names: readonly string[] | undefined
}

interface Output {
  readonly name: string
  readonly shape: readonly number[]
  readonly data: readonly unknown[]
}

const isFloating = ({ datatype }: TensorSpec): boolean => datatype.startsWith('FP')
const isNamed = ({ datatype }: TensorSpec): boolean => datatype === 'INT64' || datatype === 'BYTES'
/** Whether the declared shape has one value for each row. */
const isSingle = ({ shape }: TensorSpec): boolean =>
  shape.length === 1 || (shape.length === 2 && shape[1] === 1)

const wrong = (what: string): CandidateError => new CandidateError('ShapeMismatch', what)

/** @throws CandidateError naming the outputs that there are */
export const predictionOutput = ({
  outputs,
  chosen,
  wanted,
}: Omit<AnswerRules, 'columns' | 'names'>): TensorSpec => {
  const there = `the model has ${shown(outputs)}`
  if (chosen !== undefined) {
    const output = outputs.find(({ name }) => name === chosen)
    if (output) return output
    throw wrong(`output "${chosen}" does not exist: ${there}; correct spec.output`)
  }
  const found =
    wanted === 'number'
      ? (outputs.find((output) => isFloating(output) && isSingle(output)) ?? outputs.find(isFloating))
      : (outputs.find((output) => isNamed(output) && isSingle(output)) ?? outputs.find(isFloating))
  if (found) return found
  throw wrong(`no output gives a ${wanted}: ${there}; name one with spec.output`)
}

const outputsIn = (answer: unknown): readonly Output[] =>
  isObject(answer) && Array.isArray(answer['outputs']) ? (answer['outputs'] as Output[]) : []

/** The values of each row. @throws CandidateError where the first axis does not count the rows */
const rowsIn = (output: Output, count: number): readonly (readonly unknown[])[] => {
  const { name, shape, data } = output
  const hasRows = count === 1 ? shape[0] === 1 || shape.length === 0 : shape[0] === count
  if (count > 1 && !hasRows)
    throw wrong(
      `output "${name}" has the shape [${shape.join(', ')}] for ${count} rows, so it has no answer for each`,
    )
  const width = data.length / count
  return Array.from({ length: count }, (_, index) => data.slice(index * width, (index + 1) * width))
}

/** Columns by their value, the largest first; NaN, which JSON has as null, is last. */
const ranked = (scores: readonly unknown[], nameOf: (column: number) => string): readonly string[] =>
  scores
    .map((score, column) => ({ score: typeof score === 'number' ? score : Number.NEGATIVE_INFINITY, column }))
    .toSorted((one, other) => other.score - one.score)
    .map(({ column }) => nameOf(column))

const numberIn = (values: readonly unknown[], name: string): number => {
  const [value] = values
  if (values.length !== 1)
    throw wrong(
      `output "${name}" has ${values.length} values a row, so it is not one number; name another one with spec.output`,
    )
  return typeof value === 'number' ? value : Number.NaN
}

const classNamer =
  (names: readonly string[] | undefined) =>
  (value: unknown): string =>
    (typeof value === 'number' ? names?.[value] : undefined) ?? String(value)

/** The ranking of a classifier that also has scores: those agree with the class that it names, or are left out. */
const withScores = (named: string, scores: readonly string[] | undefined): Prediction => ({
  kind: 'classes',
  ranking: scores?.[0] === named ? scores : [named],
})

/**
 * Reads one prediction a row.
 * @throws CandidateError ShapeMismatch
 */
export const readTensors = (rules: AnswerRules, answer: unknown, count: number): readonly Prediction[] => {
  const spec = predictionOutput(rules)
  const answered = outputsIn(answer)
  const outputOf = ({ name }: TensorSpec): Output => {
    const output = answered.find((one) => one.name === name)
    if (output) return output
    throw wrong(`the answer has no output "${name}"`)
  }
  const rows = rowsIn(outputOf(spec), count)
  if (rules.wanted === 'number')
    return rows.map((values) => ({ kind: 'number', value: numberIn(values, spec.name) }))
  const nameOf = classNamer(rules.names)
  const rankingsOf = (output: TensorSpec): readonly (readonly string[])[] => {
    const columns = rules.columns.get(output.name)
    return rowsIn(outputOf(output), count).map((scores) =>
      ranked(scores, (column) => columns?.[column] ?? nameOf(column)),
    )
  }
  if (isFloating(spec)) {
    if (rows.some(({ length }) => length < 2))
      throw wrong(
        `output "${spec.name}" has one value a row, from which no class follows; name another one with spec.output`,
      )
    return rankingsOf(spec).map((ranking) => ({ kind: 'classes', ranking }))
  }
  const scores = rules.outputs.find((output) => isFloating(output) && !isSingle(output))
  const rankings = scores && rankingsOf(scores)
  return rows.map((values, row) => {
    if (values.length !== 1)
      throw wrong(
        `output "${spec.name}" has ${values.length} values a row, so it is not one class; name another one with spec.output`,
      )
    return withScores(nameOf(values[0]), rankings?.[row])
  })
}
