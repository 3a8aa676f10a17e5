/**
 * Gantry on an encoder of the size of MiniLM beside the session alone: what HTTP, batching and the way to the worker cost
 * where the network itself takes milliseconds. Texts of 128 tokens, as binary tensors (answers are the states of all
 * tokens, 196 kB each) and as texts for which a caller gets vectors.
 */
import { gantryProgram, threads } from '../load/gantry.ts'
import { jsonRequest, oipBinary, type Request } from '../load/request.ts'
import { start } from '../load/server.ts'
import { best, type SessionAlone, sessionAlone } from '../load/session.ts'
import { type Load, load } from '../load/wrk.ts'
import { modelFolder, text, withTokenizer } from '../models/folder.ts'
import { type ModelName, rowOf } from '../models/rows.ts'
import { chosen, type Effort } from '../options.ts'
import { median, type Row } from '../report.ts'

export const models: readonly ModelName[] = ['minilm', 'minilm-int8']

const defaults = { rounds: 3, seconds: 12 }
const warmUpSeconds = 2
const manyCallers = 32
const batchRows = [1, 2, 4, 8, 16, 32]

const requestOf = (model: ModelName): Readonly<Record<'tensors' | 'texts', Request>> => ({
  tensors: oipBinary('/v2/models/model/infer', rowOf(model)),
  texts: jsonRequest('/v1/embeddings', { model: 'model', input: text }),
})
type Form = keyof ReturnType<typeof requestOf>

interface Round {
  readonly alone: SessionAlone
  readonly many: Readonly<Record<Form, Load>>
  readonly one: Readonly<Record<Form, Load>>
}

const measureRound = async (model: ModelName, seconds: number): Promise<Round> => {
  const alone = await sessionAlone(model, { threads, seconds: seconds / batchRows.length, rows: batchRows })
  const folder = await withTokenizer(await modelFolder(model))
  const { tensors, texts } = requestOf(model)
  const running = await start((port) => gantryProgram(folder, port, 'feature-extraction'), tensors)
  const ask = (request: Request, callers: number): Promise<Load> =>
    load(running.base, request, { callers, warmUpSeconds, seconds: seconds / 2 })
  try {
    return {
      alone,
      many: { tensors: await ask(tensors, manyCallers), texts: await ask(texts, manyCallers) },
      one: { tensors: await ask(tensors, 1), texts: await ask(texts, 1) },
    }
  } finally {
    await running.stop()
  }
}

const rowsOf = (model: ModelName, rounds: readonly Round[]): readonly Row[] => {
  const of = (value: (round: Round) => number): number => median(rounds.map(value))
  const { rows, perSecond } = best(rounds.map(({ alone }) => alone))
  const throughput = (form: Form): Row => ({
    what: `${model}, ${form}, ${manyCallers} callers`,
    ours: of(({ many }) => many[form].perSecond),
    limit: perSecond,
    unit: 'per second',
    against: `the session alone, in its best batch of ${rows}`,
  })
  const latency = (form: Form): Row => ({
    what: `${model}, ${form}, latency of 1 caller`,
    ours: of(({ one }) => one[form].p50Ms),
    limit: of(({ alone }) => alone.batches[0]?.p50Ms ?? Number.NaN),
    unit: 'ms',
    against: 'the session alone, one row',
  })
  return [throughput('tensors'), throughput('texts'), latency('tensors'), latency('texts')]
}

export const measure = async (effort: Effort): Promise<readonly Row[]> => {
  const wanted = chosen(models, effort)
  const rounds = new Map<ModelName, Round[]>(wanted.map((model) => [model, []]))
  for (let round = 0; round < (effort.rounds ?? defaults.rounds); round += 1) {
    for (const [model, found] of rounds)
      found.push(await measureRound(model, effort.seconds ?? defaults.seconds))
  }
  return [...rounds].flatMap(([model, found]) => rowsOf(model, found))
}
