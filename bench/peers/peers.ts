/**
 * Gantry beside the servers of others, on the same models with the same session options, threads and load, in turns.
 * Triton is not among them: it comes as a container only, and no registry of containers can be relied on here.
 */
import { modelFolder } from '../models/folder.ts'
import type { ModelName } from '../models/rows.ts'
import { chosen, type Effort } from '../options.ts'
import { median, show, type Table } from '../report.ts'
import { ceilingName, type Run, runCeiling, runServer } from './runs.ts'
import { competitors } from './servers.ts'

export const models: readonly ModelName[] = [
  'perceptron',
  'minilm-pooled',
  'minilm-pooled-int8',
  'bert-base-pooled',
  'bert-base-pooled-int8',
  'resnet-50',
]

const defaults = { rounds: 3, seconds: { heavy: 16, tiny: 4 } }

interface Series {
  readonly model: ModelName
  readonly server: string
  readonly run: () => Promise<Run>
  /** Runs without an error, one for each round. */
  readonly runs: Run[]
}

const head = ['model', 'server', 'requests/s', 'ratio', 'p50 ms', 'p99 ms', 'cold start s', 'MB']

const line = ({ model, server, runs }: Series, ceiling: number): readonly string[] => {
  if (runs.length === 0) return [model, server, 'failed', '', '', '', '', '']
  const of = (value: (run: Run) => number): number => median(runs.map(value))
  const perSecond = of((run) => run.perSecond)
  return [
    model,
    server,
    show(perSecond),
    (perSecond / ceiling).toFixed(2),
    show(of((run) => run.p50Ms)),
    show(of((run) => run.p99Ms)),
    show(of((run) => run.coldMs) / 1000),
    show(of((run) => run.residentMb)),
  ]
}

/** The series of a model: the limit first, then the servers. */
const seriesOf = (model: ModelName, effort: Effort): readonly Series[] => {
  const { seconds } = effort
  const lengths = seconds === undefined ? defaults.seconds : { heavy: seconds, tiny: seconds }
  return [
    { model, server: ceilingName(model), run: () => runCeiling(model, lengths), runs: [] },
    ...competitors.map((server): Series => {
      return { model, server: server.name, run: () => runServer(server, model, lengths), runs: [] }
    }),
  ]
}

/** Makes one run and prints it at once, so that an interrupted measurement still has figures. */
const turn = async (round: number, series: Series): Promise<void> => {
  try {
    const run = await series.run()
    series.runs.push(run)
    console.log(`round ${round}: ${line({ ...series, runs: [run] }, run.perSecond).join(' | ')}`)
  } catch (error) {
    // A failed server does not end the measurement; the table names it.
    console.log(`round ${round}: ${series.model} | ${series.server} failed: ${(error as Error).message}`)
    process.exitCode = 1
  }
}

/** Measures all servers; each ratio is to the requests per second of the limit. */
export const measure = async (effort: Effort): Promise<Table> => {
  const wanted = chosen(models, effort)
  for (const { prepare } of competitors) await prepare()
  for (const model of wanted) await modelFolder(model)
  const all = wanted.map((model) => seriesOf(model, effort))
  for (let round = 1; round <= (effort.rounds ?? defaults.rounds); round += 1) {
    for (const series of all.flat()) await turn(round, series)
  }
  const lines = all.flatMap((ofModel) => {
    const ceiling = median(ofModel[0]?.runs.map(({ perSecond }) => perSecond) ?? [])
    return ofModel.map((series) => line(series, ceiling))
  })
  return { head, lines }
}
