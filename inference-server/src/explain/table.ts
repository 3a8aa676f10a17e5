/**
 * How much each feature of a row adds to the model's answer: KernelSHAP (Lundberg and Lee, 2017), which asks the model about rows
 * that keep some of the features and have the others from rows of a background. The weights and the mean answer for the background
 * add up to the answer for the row.
 */
import { Failure } from '../failures/errors.ts'
import { seededRandom } from '../generation/random.ts'
import type { Served } from '../inference/served.ts'
import type { Tensor } from '../tensors/tensor.ts'
import { allCoalitions, type Coalitions, coalitionsOf, usualSamples } from './coalitions.ts'
import type { Brought, Explaining } from './explaining.ts'
import { columnCount, namesOf, valueAt, varyingColumns } from './features.ts'
import { coalitionAnswers, createAsk, firstAnswers } from './table-answers.ts'
import { type AskedTable, askedTable, type Link } from './table-asked.ts'
import { outputOf, targetColumn } from './table-output.ts'
import { weightedRegression } from './weighted-regression.ts'

const linked = (value: number, link: Link): number => {
  if (!Number.isFinite(value))
    throw new Failure(
      'invalid',
      `the model gives ${value} for the row, for the background, or for a mixture of both, so that nothing can be compared; send other numbers`,
      { field: 'inputs' },
    )
  if (link === 'identity') return value
  if (value > 0 && value < 1) return Math.log(value / (1 - value))
  throw new Failure(
    'invalid',
    `parameters.link is logit, which needs numbers between 0 and 1, but the model gives ${value}; take identity`,
    { field: 'parameters.link' },
  )
}

/** What the values of the features have to explain. */
interface Explained {
  readonly features: number
  readonly base: number
  /** The answer for the row, less the base. */
  readonly whole: number
  readonly link: Link
}

/** Adds up the sums of the regression, a coalition in each step. @returns the value of each feature */
function* valuesOf(
  { kept, weights }: Coalitions,
  answers: Float64Array,
  { features, base, whole, link }: Explained,
): Generator<undefined, Float64Array> {
  const regression = weightedRegression(features, whole)
  for (const [index, one] of kept.entries()) {
    regression.add(one, weights[index] as number, linked(answers[index] as number, link) - base)
    yield
  }
  const values = regression.solve()
  if (values) return values
  throw new Failure(
    'invalid',
    `parameters.samples is too small to tell ${features} features apart; ask for ${usualSamples(features)}, which is usual`,
    { field: 'parameters.samples' },
  )
}

/** The value as it was sent, most likely: FP32 holds 10.05 as 10.050000190734863. */
const shortest = (tensor: Tensor, value: number | string): number | string => {
  if (tensor.dtype !== 'FP32' || typeof value === 'string') return value
  const digits = [6, 7, 8, 9].find((count) => Math.fround(Number(value.toPrecision(count))) === value)
  return digits === undefined ? value : Number(value.toPrecision(digits))
}

/** Members of each feature. */
const featuresOf = (
  { row, inputs }: AskedTable,
  names: readonly string[],
  weights: Float64Array,
): readonly object[] =>
  inputs.flatMap(({ name, width, first }) =>
    Array.from({ length: width }, (_, column) => ({
      name: names[first + column],
      value: shortest(row.get(name) as Tensor, valueAt(row.get(name) as Tensor, column)),
      weight: weights[first + column],
    })),
  )

/** @throws Failure naming the member that is wrong */
export const tableExplaining = async (served: Served, brought: Brought): Promise<Explaining> => {
  const asked = await askedTable(served, brought)
  const { row, inputs, background, item, link, seed } = asked
  const output = outputOf(served, item.members['output'], 'parameters.output')
  const others = background.rows.count
  const varying = varyingColumns(inputs, row, background.rows)
  const samples = Math.min(asked.samples ?? usualSamples(varying.length), allCoalitions(varying.length))
  return {
    item,
    explain: async (evaluations) => {
      const count = varying.length < 2 ? 0 : samples
      evaluations.allow(
        1 + others + count * others,
        'background',
        'send fewer rows of a background, or set parameters.samples lower',
      )
      const ask = createAsk(served, asked, output, evaluations)
      const { own, means } = await firstAnswers(ask, asked)
      const target = await targetColumn(served, output, own, item.members['target'])
      const base = linked(means[target.column] as number, link)
      const score = linked(own.at(0, target.column), link)
      const weights = new Float64Array(columnCount(inputs))
      const coalitions = await evaluations.work(coalitionsOf(varying.length, samples, seededRandom(seed)))
      if (varying.length === 1) weights[varying[0] as number] = score - base
      if (varying.length > 1) {
        const at = { varying, column: target.column, others }
        const answers = await coalitionAnswers(ask, coalitions, at)
        const of = { features: varying.length, base, whole: score - base, link }
        const values = await evaluations.work(valuesOf(coalitions, answers, of))
        for (const [place, value] of values.entries()) weights[varying[place] as number] = value
      }
      return {
        members: {
          method: 'kernel-shap',
          output,
          ...(target.name !== undefined && { target: target.name }),
          link,
          base,
          score,
          features: featuresOf(asked, namesOf(inputs, served.model.config['feature_names']), weights),
          samples: coalitions.kept.length,
          exact: coalitions.exact,
          seed,
          background: { rows: others, from: background.from },
        },
      }
    },
  }
}
