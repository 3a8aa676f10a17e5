/**
 * What it costs to compare requests with a reference: throughput of eight callers on two servers, of which one has a reference that
 * it made of the same request. The rounds are taken in turns.
 */
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { driftReferenceFile, driftReferencePath } from '../../contract/drift.ts'
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
  const found: Record<keyof typeof servers, number[]> = { without: [], with: [] }
  try {
    for (let round = 0; round < rounds; round++) {
      const order = round % 2 === 0 ? (['without', 'with'] as const) : (['with', 'without'] as const)
      for (const kind of order) {
        const { perSecond } = await load(servers[kind].base, request, { callers, warmUpSeconds: 1, seconds })
        found[kind].push(perSecond)
      }
    }
    return found
  } finally {
    await Promise.all(Object.values(servers).map((server) => server.stop()))
  }
}

export const measure = async (effort: Effort): Promise<Table> => {
  const { rounds = defaults.rounds, seconds = defaults.seconds } = effort
  const lines: string[][] = []
  for (const model of chosen(models, effort)) {
    const folder = await mkdtemp(join(tmpdir(), 'gantry-drift-'))
    try {
      const found = await measureModel(model, folder, rounds, seconds)
      const [without, compared] = [median(found.without), median(found.with)]
      const ratio = (compared / without).toFixed(3)
      lines.push([model, `${show(without)} per second`, `${show(compared)} per second`, ratio])
    } finally {
      await rm(folder, { recursive: true })
    }
  }
  return { head: ['model', 'without', 'with a reference', 'ratio'], lines }
}
