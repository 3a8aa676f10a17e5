/** A picture's tensor, float32 [1, 3, 224, 224], as binary and as JSON: what the form of a request costs, since the network costs nothing. */
import { gantryProgram } from '../load/gantry.ts'
import { oipBinary, oipJson, type Request } from '../load/request.ts'
import { start } from '../load/server.ts'
import { type Load, load } from '../load/wrk.ts'
import { modelFolder } from '../models/folder.ts'
import { type ModelName, rowOf } from '../models/rows.ts'
import type { Effort } from '../options.ts'
import { median, type Row } from '../report.ts'

export const models: readonly ModelName[] = ['channel-maxima']

const defaults = { rounds: 3, seconds: 5 }
/** Binary tensors should bring at least this many times the requests of JSON. */
const wantedGain = 2

const path = '/v2/models/model/infer'
const row = rowOf('channel-maxima')
const requests = { binary: oipBinary(path, row), json: oipJson(path, row) } as const

interface Round {
  readonly many: Load
  readonly one: Load
}

export const measure = async ({
  rounds = defaults.rounds,
  seconds = defaults.seconds,
}: Effort): Promise<readonly Row[]> => {
  const folder = await modelFolder('channel-maxima')
  const running = await start((port) => gantryProgram(folder, port), requests.binary)
  const ask = async (request: Request): Promise<Round> => ({
    many: await load(running.base, request, { callers: 8, warmUpSeconds: 1, seconds }),
    one: await load(running.base, request, { callers: 1, warmUpSeconds: 1, seconds }),
  })
  const found: Record<keyof typeof requests, Round[]> = { binary: [], json: [] }
  try {
    for (let round = 0; round < rounds; round += 1) {
      found.json.push(await ask(requests.json))
      found.binary.push(await ask(requests.binary))
    }
  } finally {
    await running.stop()
  }
  const of = (form: keyof typeof requests, value: (round: Round) => number): number =>
    median(found[form].map(value))
  return [
    {
      what: 'binary tensors [1, 3, 224, 224], 8 callers',
      ours: of('binary', ({ many }) => many.perSecond),
      limit: of('json', ({ many }) => many.perSecond) * wantedGain,
      unit: 'per second',
      against: `${wantedGain} times the requests with JSON`,
    },
    {
      what: 'the same, latency of 1 caller',
      ours: of('binary', ({ one }) => one.p50Ms),
      limit: of('json', ({ one }) => one.p50Ms) / wantedGain,
      unit: 'ms',
      against: `1/${wantedGain} of the latency with JSON`,
    },
  ]
}
