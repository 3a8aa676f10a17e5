/** Asks the model about rows of a table that are mixed of the one that is explained and a background. */
import { shapeRefusal } from '../failures/shape-refusal.ts'
import type { Served } from '../inference/served.ts'
import type { Caller } from '../requests/caller.ts'
import type { Coalitions } from './coalitions.ts'
import type { Evaluations } from './evaluations.ts'
import { columnCount, type Mixed, mixedRows } from './features.ts'
import type { AskedTable } from './table-asked.ts'
import { type Answers, answersOf } from './table-output.ts'

/** Asks the model about rows that are mixed, and hands each answer on. */
export const createAsk = (served: Served, asked: AskedTable, output: string, evaluations: Evaluations) => {
  const { row, inputs, background } = asked
  const { batched, rows } = served.batching
  // Rows of one run may have part in each other's answers otherwise.
  const atOnce = batched && rows === 'independent' ? Number.POSITIVE_INFINITY : 1
  const ask = async (mixed: readonly Mixed[], caller: Caller): Promise<Answers> => {
    const tensors = mixedRows(inputs, row, background.rows, mixed)
    const outputs = await served.predictor.tensors(tensors, caller).catch((error: unknown) => {
      throw shapeRefusal(error) ?? error
    })
    return answersOf(outputs, output, mixed.length)
  }
  return (
    total: number,
    mix: (index: number) => Mixed,
    take: (answers: Answers, from: number) => void,
  ): Promise<void> =>
    evaluations.run(
      total,
      async (from, to, caller) => {
        const mixed = Array.from({ length: to - from }, (_, index) => mix(from + index))
        take(await ask(mixed, caller), from)
        return mixed.length
      },
      { atOnce },
    )
}
export type Ask = ReturnType<typeof createAsk>

/** Answers for the row, and their mean for the background, by column of the output. */
export const firstAnswers = async (ask: Ask, { inputs, background }: AskedTable) => {
  const all = Array.from({ length: columnCount(inputs) }, (_, column) => column)
  const { count } = background.rows
  let own: Answers | undefined
  let means = new Float64Array()
  const take = (answers: Answers, from: number): void => {
    if (!own) {
      const values = Float64Array.from({ length: answers.width }, (_, column) => answers.at(0, column))
      own = { rows: 1, width: answers.width, at: (_row, column) => values[column] as number }
      means = new Float64Array(answers.width)
    }
    for (let row = from === 0 ? 1 : 0; row < answers.rows; row++)
      for (let column = 0; column < means.length; column++)
        means[column] = (means[column] as number) + answers.at(row, column) / count
  }
  await ask(
    count + 1,
    (index) => (index === 0 ? { columns: all, other: 0 } : { columns: [], other: index - 1 }),
    take,
  )
  return { own: own as unknown as Answers, means }
}

/** Mean answers of each coalition. */
export const coalitionAnswers = async (
  ask: Ask,
  { kept }: Coalitions,
  {
    varying,
    column,
    others,
  }: { readonly varying: readonly number[]; readonly column: number; readonly others: number },
): Promise<Float64Array> => {
  const means = new Float64Array(kept.length)
  let latest = -1
  let columns = new Uint16Array()
  /** Rows of one coalition come one after the other. */
  const columnsOf = (coalition: number): Uint16Array => {
    if (coalition === latest) return columns
    latest = coalition
    columns = (kept[coalition] as Uint16Array).map((place) => varying[place] as number)
    return columns
  }
  await ask(
    kept.length * others,
    (index) => ({ columns: columnsOf(Math.floor(index / others)), other: index % others }),
    (answers, from) => {
      for (let row = 0; row < answers.rows; row++) {
        const coalition = Math.floor((from + row) / others)
        means[coalition] = (means[coalition] as number) + answers.at(row, column) / others
      }
    },
  )
  return means
}
