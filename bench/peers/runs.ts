/** One run of one server with one model, or of the limit that it is compared with. */
import { join } from 'node:path'
import { threads } from '../load/gantry.ts'
import { oipJson } from '../load/request.ts'
import { start } from '../load/server.ts'
import { best, sessionAlone } from '../load/session.ts'
import { type Load, load } from '../load/wrk.ts'
import { modelFolder } from '../models/folder.ts'
import { type ModelName, rowOf } from '../models/rows.ts'
import type { Competitor } from './servers.ts'

export interface Run extends Load {
  /** Time from spawn to the first response. */
  readonly coldMs: number
  /** Resident memory of all processes, after the load. */
  readonly residentMb: number
}

/** Duration of the load in one run, by model size. */
export interface Seconds {
  readonly heavy: number
  readonly tiny: number
}

const warmUpSeconds = 2

/** Whether the network costs nothing, so that the run measures the server around it. */
const isTiny = (model: ModelName): boolean => model === 'perceptron'

/** @throws Error when the server does not start or does not answer every request with 200 */
export const runServer = async (server: Competitor, model: ModelName, seconds: Seconds): Promise<Run> => {
  const folder = await modelFolder(model)
  const request = server.request(rowOf(model))
  const running = await start((port) => server.program(folder, port), request)
  const { base, coldMs } = running
  try {
    const pace = isTiny(model)
      ? { callers: 32, seconds: seconds.tiny }
      : { callers: 8, seconds: seconds.heavy }
    const found = await load(base, request, { ...pace, warmUpSeconds })
    return { ...found, coldMs, residentMb: running.residentMb() }
  } finally {
    await running.stop()
  }
}

/** The smallest HTTP server that answers for the tiny network. */
const bare: Competitor = {
  name: 'node:http and the session on one thread',
  prepare: async () => {},
  program: async (folder, port) => {
    const script = join(import.meta.dirname, '../server/bare.ts')
    return { command: process.execPath, args: [script, folder, String(port)] }
  },
  request: (tensors) => oipJson('/', tensors),
}

export const ceilingName = (model: ModelName): string => (isTiny(model) ? bare.name : 'the session alone')

export const runCeiling = async (model: ModelName, seconds: Seconds): Promise<Run> => {
  if (isTiny(model)) return runServer(bare, model, seconds)
  const rows = [1, 4, 8]
  const found = await sessionAlone(model, { threads, seconds: seconds.heavy / 2 / rows.length, rows })
  const [single] = found.batches
  const { coldMs, residentMb } = found
  return {
    perSecond: best([found]).perSecond,
    p50Ms: single?.p50Ms ?? Number.NaN,
    p95Ms: single?.p95Ms ?? Number.NaN,
    p99Ms: single?.p99Ms ?? Number.NaN,
    coldMs,
    residentMb,
  }
}
