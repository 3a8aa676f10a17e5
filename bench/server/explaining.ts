/**
 * What explanations cost those who ask for predictions: throughput of eight callers, and latency where requests come at random and
 * leave the server idle for most of the time, without and with explanations one after the other. The rounds are taken in turns.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { ask } from '../load/ask.ts'
import { gantryProgram } from '../load/gantry.ts'
import { jsonRequest, type Request } from '../load/request.ts'
import { start } from '../load/server.ts'
import { load } from '../load/wrk.ts'
import { type ExampleModel, example, exampleModels, predictionOf } from '../models/examples.ts'
import { chosen, type Effort } from '../options.ts'
import { median, percentile, show, type Table } from '../report.ts'

export const models = exampleModels

/** Parts of a picture, fewer than usual, so that explanations end within a round. */
const parameters: Partial<Record<ExampleModel, unknown>> = { 'chest-xray': { patch: 28, stride: 14 } }

const defaults = { rounds: 3, seconds: 8 }
const callers = 8
/** Share of the throughput that the requests at random come with. */
const loadShare = 1 / 5
/** A client in Node takes its part of the same cores, so it sends no more than this. */
const mostPerSecond = 300

/** Sends explanations one after the other, of which one always waits, until it is told to end. @returns how many were answered */
const explaining = (base: string, request: Request) => {
  let ended = false
  let answered = 0
  const send = async (): Promise<void> => {
    while (!ended) {
      const { status } = await ask(base, request)
      if (status === 200) answered += 1
      else await pause(100)
    }
  }
  const all = Promise.all([send(), send()])
  return {
    end: async (): Promise<number> => {
      ended = true
      await all
      return answered
    },
  }
}

/** Requests at random moments, so many a second on average, whether the ones before are answered or not. @returns latencies in ms, ascending */
const atRandom = async (
  base: string,
  request: Request,
  perSecond: number,
  seconds: number,
): Promise<readonly number[]> => {
  const latencies: number[] = []
  const sent: Promise<void>[] = []
  const send = async (): Promise<void> => {
    const startedMs = performance.now()
    const { status, text } = await ask(base, request)
    if (status !== 200) throw new Error(`a prediction failed; measure on a quieter machine: ${text}`)
    latencies.push(performance.now() - startedMs)
  }
  const untilMs = performance.now() + seconds * 1000
  for (let nextMs = performance.now(); nextMs < untilMs; ) {
    nextMs += (-Math.log(1 - Math.random()) * 1000) / perSecond
    await pause(Math.max(0, nextMs - performance.now()))
    sent.push(send())
  }
  await Promise.all(sent)
  return latencies.sort((one, other) => one - other)
}

interface Found {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  readonly explanations: number
}

const measureModel = async (model: ExampleModel, rounds: number, seconds: number) => {
  const subject = await example(model)
  const { folder, task, body, explainPath } = subject
  const prediction = predictionOf(subject)
  const explanation = jsonRequest(explainPath, { ...body, parameters: parameters[model] })
  const server = await start((port) => gantryProgram(folder, port, task), prediction)
  const found: Record<'without' | 'with', Found[]> = { without: [], with: [] }
  try {
    const { base } = server
    const warm = await load(base, prediction, { callers, warmUpSeconds: 2, seconds })
    const rate = Math.min(mostPerSecond, warm.perSecond * loadShare)
    for (let round = 0; round < rounds; round++)
      for (const kind of ['without', 'with'] as const) {
        const beside = kind === 'with' ? explaining(base, explanation) : undefined
        const { perSecond } = await load(base, prediction, { callers, warmUpSeconds: 1, seconds })
        const latencies = await atRandom(base, prediction, rate, seconds)
        const [p50Ms = 0, p95Ms = 0, p99Ms = 0] = [0.5, 0.95, 0.99].map((share) =>
          percentile(latencies, share),
        )
        found[kind].push({ perSecond, p50Ms, p95Ms, p99Ms, explanations: (await beside?.end()) ?? 0 })
      }
    return { found, rate }
  } finally {
    await server.stop()
  }
}

const lineOf = (what: string, values: Record<'without' | 'with', readonly number[]>, unit: string) => {
  const [without, beside] = [median(values.without), median(values.with)]
  return [what, `${show(without)} ${unit}`, `${show(beside)} ${unit}`, (beside / without).toFixed(2)]
}

export const measure = async (effort: Effort): Promise<Table> => {
  const { rounds = defaults.rounds, seconds = defaults.seconds } = effort
  const lines: (readonly string[])[] = []
  for (const model of chosen(models, effort)) {
    const { found, rate } = await measureModel(model, rounds, seconds)
    const of = (pick: (one: Found) => number) => ({
      without: found.without.map(pick),
      with: found.with.map(pick),
    })
    const explanations = median(found.with.map((one) => one.explanations))
    lines.push(
      lineOf(
        `${model}: ${callers} callers`,
        of((one) => one.perSecond),
        'per second',
      ),
      lineOf(
        `${model}: ${show(rate)} per second at random, p50`,
        of((one) => one.p50Ms),
        'ms',
      ),
      lineOf(
        `${model}: p95`,
        of((one) => one.p95Ms),
        'ms',
      ),
      lineOf(
        `${model}: p99`,
        of((one) => one.p99Ms),
        'ms',
      ),
      [`${model}: explanations in ${seconds * 2 + 1} s`, '0', String(explanations), ''],
    )
  }
  return { head: ['what', 'without', 'with explanations', 'ratio'], lines }
}
