import type { Comparison } from '@gantry/contract/evaluation.ts'
import { findEvaluation, findModel } from '../cluster/find.ts'
import { clusterFailure } from '../cluster/refusals.ts'
import type { Evaluation, ModelVersion } from '../cluster/resources.ts'
import type { Session } from '../cluster/session.ts'
import type { Command, Invocation } from '../command-line/command.ts'
import { suggestion } from '../command-line/suggestions.ts'
import { type Compared, compare, signed, withUnit } from '../evaluations/comparison.ts'
import { type Measured, measuredResult, measuredVersion } from '../evaluations/measured.ts'
import { reportsOf } from '../evaluations/reports.ts'
import { exitCodes, failed, notFound, wrongUsage } from '../failure.ts'
import { activeOf, findVersion, versionName } from '../models/versions.ts'
import { figure } from '../terminal/figures.ts'
import { table } from '../terminal/table.ts'

interface Side {
  readonly name: string
  readonly measured: Measured
}

const unmeasured = (name: string): Error =>
  failed(
    `${name} was not measured.`,
    'spec.evaluate of a ModelDeployment measures its versions; a ModelEvaluation measures candidates.',
  )

const candidate = (evaluation: Evaluation, name: string): Side => {
  const results = evaluation.status?.results ?? []
  const result = results.find((one) => one.name === name)
  if (result) return { name, measured: measuredResult(evaluation, result) }
  const why = evaluation.status?.ineligible?.find((one) => one.name === name)?.reasons[0]
  if (why) throw failed(`${name} is not eligible: ${why}`)
  const next = suggestion(
    name,
    results.map((one) => one.name),
  )
  throw notFound(`${evaluation.metadata.name} has no result of a candidate ${name}.`, next)
}

/** The paired test that the gate made of a version and the one that served. */
const pairedVersion = ({ id: name, evaluation }: ModelVersion, other: string): Paired | undefined =>
  evaluation?.comparison?.with === other
    ? { name, metric: evaluation.metric, ...evaluation.comparison }
    : undefined

const versionSides = async (session: Session, name: string, a: string, b: string): Promise<Found> => {
  const model = await findModel(session, name)
  const [one, other] = [findVersion(model, a), findVersion(model, b)]
  return {
    sides: [versionSide(name, one), versionSide(name, other)],
    paired: pairedVersion(one, other.id) ?? pairedVersion(other, one.id),
  }
}

const versionSide = (model: string, found: ModelVersion): Side => {
  const measured = measuredVersion(found)
  if (!measured) throw unmeasured(`${model} ${versionName(found)}`)
  return { name: found.id, measured }
}

/** The version of a model that serves. */
const serving = async (session: Session, name: string): Promise<Side> => {
  const model = await findModel(session, name)
  const active = activeOf(model)
  const measured = active && measuredVersion(active)
  if (!measured) throw unmeasured(active ? `${name} ${versionName(active)}` : name)
  return { name, measured }
}

/** As a report has it, or status.versions of a ModelDeployment. */
type Paired = Omit<Comparison, 'interval' | 'metric'> & {
  readonly metric: string
  readonly interval: readonly number[]
}

interface Found {
  readonly sides: readonly [Side, Side]
  /** The paired test of the two, where the report has it. */
  readonly paired?: Paired | undefined
}

/** A report that cannot be read has no test; what status has of the candidates is compared without it. */
const pairedOf = async (
  { note, noteStyle }: Invocation,
  session: Session,
  evaluation: string,
  a: string,
  b: string,
) => {
  const reports = await reportsOf(session, evaluation).catch((error: unknown) => {
    const failure = clusterFailure(error)
    if (!failure) throw error
    note(`${noteStyle('yellow', 'warning:')} ${failure.message}`)
    return []
  })
  const all = reports.flatMap(({ comparisons = [] }) => comparisons)
  return all.find((one) => (one.name === a && one.with === b) || (one.name === b && one.with === a))
}

const find = async (invocation: Invocation): Promise<Found> => {
  const { given, session: open } = invocation
  const [a = '', b = ''] = given.arguments
  const evaluation = given.text('evaluation')
  const model = given.text('model')
  if (evaluation !== undefined && model !== undefined)
    throw wrongUsage('--evaluation and --model exclude each other.')
  const session = await open()
  if (evaluation !== undefined) {
    const live = await findEvaluation(session, evaluation)
    return {
      sides: [candidate(live, a), candidate(live, b)],
      paired: await pairedOf(invocation, session, evaluation, a, b),
    }
  }
  if (model !== undefined) return versionSides(session, model, a, b)
  return { sides: [await serving(session, a), await serving(session, b)] }
}

const row = ({ name, a, b, difference, better }: Compared) => [
  name,
  better === 'a' ? ({ text: withUnit(name, a) ?? '', colour: 'green' } as const) : withUnit(name, a),
  better === 'b' ? ({ text: withUnit(name, b) ?? '', colour: 'green' } as const) : withUnit(name, b),
  signed(name, difference),
]

const pairedLine = ({ name, with: other, metric, difference, interval, pValue, samples }: Paired): string =>
  `Paired test on ${samples} samples: ${metric} of ${name} less that of ${other} is ${figure(difference)} [${figure(interval[0])}, ${figure(interval[1])}], p = ${figure(pValue)}.`

export const compareCommand: Command = {
  name: 'compare',
  summary: 'shows two candidates, versions or models side by side',
  about:
    'Without options A and B are models, by the versions that serve. What was measured on different data, or on different machines, says little about which one is better.',
  arguments: [
    { name: 'A', required: true, about: 'a model, a candidate or a version', completes: 'models' },
    { name: 'B', required: true, about: 'the other one', completes: 'models' },
  ],
  options: {
    evaluation: {
      type: 'string',
      short: 'e',
      value: 'NAME',
      about: 'A and B are candidates of this evaluation',
      completes: 'evaluations',
    },
    model: {
      type: 'string',
      short: 'm',
      value: 'NAME',
      about: 'A and B are versions of this model',
      completes: 'models',
    },
  },
  usesCluster: true,
  hasDocument: true,
  examples: [
    ['compare base small --evaluation which-intents', 'two candidates'],
    ['compare 2026-10 2026-11 --model support', 'two versions, by id or label'],
  ],
  run: async (invocation) => {
    const { form, print, note, noteStyle, printDocument, style } = invocation
    const { sides, paired } = await find(invocation)
    const [a, b] = sides
    const rows = compare(a.measured, b.measured)
    const isSameData = a.measured.dataset === b.measured.dataset
    if (form) {
      await printDocument({ a: a.name, b: b.name, sameData: isSameData, rows, ...(paired ? { paired } : {}) })
      return exitCodes.done
    }
    if (!isSameData) note(`${noteStyle('yellow', 'warning:')} they were measured on different data.`)
    const columns = [
      { title: '' },
      { title: a.name, isNumber: true },
      { title: b.name, isNumber: true },
      { title: 'DIFFERENCE', isNumber: true },
    ]
    print(...table(columns, rows.map(row), style), ...(paired ? ['', pairedLine(paired)] : []))
    return exitCodes.done
  },
}
