/**
 * Callers of one row each beside the session alone: whether the server finds by itself how many rows share a run, and whether
 * runs go side by side. What cannot be surpassed is the best of batches of 1 to 32 rows, by one session with all threads or by
 * as many sessions as there are threads.
 */
import { resolve } from 'node:path'
import { gantryProgram, threads } from '../load/gantry.ts'
import { oipBinary } from '../load/request.ts'
import { type RunningServer, start } from '../load/server.ts'
import { best, type SessionAlone, sessionAlone } from '../load/session.ts'
import { type Load, load } from '../load/wrk.ts'
import { modelFolder } from '../models/folder.ts'
import { type ModelName, rowOf } from '../models/rows.ts'
import { chosen, type Effort } from '../options.ts'
import { median, type Row } from '../report.ts'

export const models: readonly ModelName[] = [
  'perceptron',
  'ocr-classifier',
  'detector-320',
  'detector-640',
  'resnet-50',
  'minilm',
  'minilm-int8',
]

const defaults = { rounds: 3, seconds: 8 }
/** Duration of the first load, in which the server measures the modes that it chooses from. */
const warmUpSeconds = 10
const crowd = 16
const callers = [crowd, 4, 1]
const batchRows = [1, 4, 8, 16, 32]

type Loads = ReadonlyMap<number, Load>

interface Round {
  readonly together: SessionAlone
  readonly sideBySide: SessionAlone
  readonly ours: Loads
  readonly before: Loads | undefined
}

/** @param checkout whose server it is; this one unless given */
const measureServer = async (model: ModelName, seconds: number, checkout?: string): Promise<Loads> => {
  const folder = await modelFolder(model)
  const request = oipBinary('/v2/models/model/infer', rowOf(model))
  const running: RunningServer = await start(
    (port) => gantryProgram(folder, port, 'tensor', checkout),
    request,
  )
  try {
    const loads = new Map<number, Load>()
    for (const count of callers) {
      const pace = { callers: count, seconds, warmUpSeconds: count === crowd ? warmUpSeconds : 1 }
      loads.set(count, await load(running.base, request, pace))
    }
    return loads
  } finally {
    await running.stop()
  }
}

const measureRound = async (model: ModelName, seconds: number, baseline?: string): Promise<Round> => {
  const effort = { seconds: seconds / batchRows.length, rows: batchRows }
  return {
    together: await sessionAlone(model, { ...effort, threads }),
    sideBySide: await sessionAlone(model, { ...effort, threads: 1, sessions: threads }),
    ours: await measureServer(model, seconds),
    before: baseline === undefined ? undefined : await measureServer(model, seconds, resolve(baseline)),
  }
}

/** The better figures of both ways to run the session alone. */
const limitOf = (rounds: readonly Round[]): { readonly perSecond: number; readonly against: string } => {
  const together = best(rounds.map((round) => round.together))
  const sideBySide = best(rounds.map((round) => round.sideBySide))
  return together.perSecond >= sideBySide.perSecond
    ? { ...together, against: `the session alone, batches of ${together.rows}` }
    : { ...sideBySide, against: `${threads} sessions side by side, batches of ${sideBySide.rows}` }
}

const rowsOf = (model: ModelName, rounds: readonly Round[]): readonly Row[] => {
  const { perSecond, against } = limitOf(rounds)
  const throughput = (who: 'ours' | 'before', count: number): readonly Row[] => {
    const measured = rounds.flatMap((round) => round[who]?.get(count) ?? [])
    if (measured.length === 0) return []
    const what = `${model}, ${count} ${count === 1 ? 'caller' : 'callers'}${who === 'before' ? ', baseline' : ''}`
    return [
      {
        what,
        ours: median(measured.map((each) => each.perSecond)),
        limit: perSecond,
        unit: 'per second',
        against,
      },
    ]
  }
  return callers.flatMap((count) => [...throughput('ours', count), ...throughput('before', count)])
}

export const measure = async (effort: Effort): Promise<readonly Row[]> => {
  const wanted = chosen(models, effort)
  const rounds = new Map<ModelName, Round[]>(wanted.map((model) => [model, []]))
  for (let round = 0; round < (effort.rounds ?? defaults.rounds); round += 1) {
    for (const [model, found] of rounds)
      found.push(await measureRound(model, effort.seconds ?? defaults.seconds, effort.baseline))
  }
  return [...rounds].flatMap(([model, found]) => rowsOf(model, found))
}
