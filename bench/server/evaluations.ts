/**
 * The client that `evaluate` loads candidates with, beside wrk on the same server: requests per second, and the 95th percentile of the
 * latency. The rounds are taken in turns.
 */
import { evaluateClient } from '../load/evaluate-client.ts'
import { gantryProgram } from '../load/gantry.ts'
import { start } from '../load/server.ts'
import { type Load, load } from '../load/wrk.ts'
import { type ExampleModel, example, exampleModels, predictionOf } from '../models/examples.ts'
import { chosen, type Effort } from '../options.ts'
import { median, show, type Table } from '../report.ts'

export const models = exampleModels

const defaults = { rounds: 9, seconds: 2 }
const warmUpSeconds = 1

interface Pair {
  readonly evaluate: Load
  readonly wrk: Load
}

const measureModel = async (
  model: ExampleModel,
  rounds: number,
  seconds: number,
): Promise<ReadonlyMap<number, readonly Pair[]>> => {
  const subject = await example(model)
  const request = predictionOf(subject)
  const server = await start((port) => gantryProgram(subject.folder, port, subject.task), request)
  const found = new Map<number, Pair[]>([1, 8].map((callers) => [callers, []]))
  try {
    await using client = evaluateClient(server.base, request)
    await load(server.base, request, { callers: 8, warmUpSeconds, seconds: 5 })
    for (let round = 0; round < rounds; round += 1)
      for (const [callers, pairs] of found) {
        await client.load(callers, warmUpSeconds)
        const evaluate = await client.load(callers, seconds)
        pairs.push({ evaluate, wrk: await load(server.base, request, { callers, warmUpSeconds, seconds }) })
      }
  } finally {
    await server.stop()
  }
  return found
}

const figures = [
  ['per second', (one: Load): number => one.perSecond],
  ['p95 ms', (one: Load): number => one.p95Ms],
] as const

/** The ratio is that of the medians; how far the rounds' own ratios lie apart says how quiet the machine was. */
const lineOf = (what: string, pairs: readonly Pair[], value: (one: Load) => number): readonly string[] => {
  const [ours, theirs] = [pairs.map(({ evaluate }) => value(evaluate)), pairs.map(({ wrk }) => value(wrk))]
  const ratios = pairs.map(({ evaluate, wrk }) => value(evaluate) / value(wrk)).sort((a, b) => a - b)
  const quarter = Math.floor(ratios.length / 4)
  const range = [ratios[quarter], ratios.at(-1 - quarter)].map((ratio) => (ratio ?? Number.NaN).toFixed(2))
  const [median1, median2] = [median(ours), median(theirs)]
  return [what, show(median1), show(median2), (median1 / median2).toFixed(2), range.join(' to ')]
}

export const measure = async (effort: Effort): Promise<Table> => {
  const { rounds = defaults.rounds, seconds = defaults.seconds } = effort
  const lines: (readonly string[])[] = []
  for (const model of chosen(models, effort))
    for (const [callers, pairs] of await measureModel(model, rounds, seconds))
      for (const [unit, value] of figures)
        lines.push(
          lineOf(`${model}, ${callers} ${callers === 1 ? 'caller' : 'callers'}: ${unit}`, pairs, value),
        )
  return { head: ['what', 'evaluate', 'wrk', 'ratio', 'middle half of the rounds'], lines }
}
