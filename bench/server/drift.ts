/**
 * What it costs to compare requests with a reference: throughput of eight callers on two servers, of which one has a reference that
 * it made of the same request, and processor time of a request, which a busy machine moves less. The rounds are taken in turns.
 */
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { driftReferenceFile, driftReferencePath } from '../../contract/drift.ts'
import { serverMetrics } from '../../contract/metrics.ts'
import { paths } from '../../contract/server.ts'
import { ask } from '../load/ask.ts'
import { gantryProgram } from '../load/gantry.ts'
import { jsonRequest, type Request } from '../load/request.ts'
import { type Program, start } from '../load/server.ts'
import { load } from '../load/wrk.ts'
import { chosen, type Effort } from '../options.ts'
import { median, show, type Table } from '../report.ts'

const examples = join(import.meta.dirname, '../../examples')

export const models = ['breast-cancer', 'customer-service'] as const
type Model = (typeof models)[number]

interface Subject {
  readonly task: string
  readonly request: Request
}

const subjects: Readonly<Record<Model, Subject>> = {
  'breast-cancer': {
    task: 'tensor',
    request: jsonRequest('/v2/models/model/infer', {
      inputs: [
        {
          ...{ name: 'input', datatype: 'FP32', shape: [1, 30] },
          data: Array.from({ length: 30 }, (_, column) => column),
        },
      ],
    }),
  },
  'customer-service': {
    task: 'text-classification',
    request: jsonRequest('/predict', { text: '上周买的衣服大了一号,想换个小点的,运费谁出?' }),
  },
}

const defaults = { rounds: 8, seconds: 4 }
const callers = 8
/** Rows of the reference. */
const recorded = 200

const withDrift = (program: Program, mode: string): Program => ({
  ...program,
  args: [...program.args, '--drift', mode],
})

/** Leaves a reference in the folder. */
const record = async (folder: string, { task, request }: Subject): Promise<void> => {
  const server = await start((port) => withDrift(gantryProgram(folder, port, task), 'record'), request)
  try {
    for (let row = 0; row < recorded; row++) await ask(server.base, request)
    const response = await fetch(server.base + driftReferencePath)
    if (!response.ok) throw new Error(`there is no reference: ${await response.text()}`)
    await writeFile(join(folder, driftReferenceFile), await response.text())
  } finally {
    await server.stop()
  }
}

/** Processor time and answered requests of a server since its start. */
const spentBy = async (base: string): Promise<{ readonly seconds: number; readonly requests: number }> => {
  const text = await (await fetch(base + paths.metrics)).text()
  const sumOf = (metric: string): number =>
    text
      .split('\n')
      .filter((line) => line.startsWith(`${metric}{`) || line.startsWith(`${metric} `))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0)
  return { seconds: sumOf('process_cpu_seconds_total'), requests: sumOf(serverMetrics.requests) }
}

interface Round {
  readonly perSecond: number
  /** Processor time of a request. */
  readonly cpuMicroseconds: number
}

const takeRound = async (base: string, request: Request, seconds: number): Promise<Round> => {
  const before = await spentBy(base)
  const { perSecond } = await load(base, request, { callers, warmUpSeconds: 1, seconds })
  const after = await spentBy(base)
  const cpuMicroseconds = ((after.seconds - before.seconds) / (after.requests - before.requests)) * 1e6
  return { perSecond, cpuMicroseconds }
}

const measureModel = async (model: Model, folder: string, rounds: number, seconds: number) => {
  const subject = subjects[model]
  await cp(join(examples, model, 'model'), folder, { recursive: true })
  await record(folder, subject)
  const { task, request } = subject
  const programOf = (mode: string) => (port: number) => withDrift(gantryProgram(folder, port, task), mode)
  const servers = {
    without: await start(programOf('off'), request),
    with: await start(programOf('auto'), request),
  }
  const found: Record<keyof typeof servers, Round[]> = { without: [], with: [] }
  try {
    // The first thousand rows are all looked at, by code that is not yet compiled.
    for (const { base } of Object.values(servers)) await takeRound(base, request, seconds)
    for (let round = 0; round < rounds; round++) {
      const order = round % 2 === 0 ? (['without', 'with'] as const) : (['with', 'without'] as const)
      for (const kind of order) found[kind].push(await takeRound(servers[kind].base, request, seconds))
    }
    return found
  } finally {
    await Promise.all(Object.values(servers).map((server) => server.stop()))
  }
}

const figures = [
  ['requests per second', 'perSecond'],
  ['processor time of a request, µs', 'cpuMicroseconds'],
] as const

/** Medians, and the median of the ratios of rounds that followed each other: so what else the machine does counts least. */
const compare = (found: Awaited<ReturnType<typeof measureModel>>, figure: keyof Round): readonly string[] => {
  const [without, compared] = [found.without, found.with].map((rounds) =>
    median(rounds.map((one) => one[figure])),
  )
  const ratios = found.with.map((one, round) => one[figure] / (found.without[round]?.[figure] ?? Number.NaN))
  return [show(without ?? 0), show(compared ?? 0), median(ratios).toFixed(3)]
}

export const measure = async (effort: Effort): Promise<Table> => {
  const { rounds = defaults.rounds, seconds = defaults.seconds } = effort
  const lines: string[][] = []
  for (const model of chosen(models, effort)) {
    const folder = await mkdtemp(join(tmpdir(), 'gantry-drift-'))
    try {
      const found = await measureModel(model, folder, rounds, seconds)
      for (const [what, figure] of figures) lines.push([model, what, ...compare(found, figure)])
    } finally {
      await rm(folder, { recursive: true })
    }
  }
  return { head: ['model', 'what', 'without', 'with a reference', 'ratio of a round, median'], lines }
}
