/**
 * Sends requests to one model at a steady rate, in a thread of its own: kubectl holds the thread of a test while it runs.
 * Half of the requests go over connections that are kept, half over a new one each. None is sent twice.
 */
import { Agent, type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { parentPort, workerData } from 'node:worker_threads'
import { emptyTallies, type Order, type Stream, type Tallies, type TrafficOptions } from './traffic.ts'

const port = parentPort
if (!port) throw new Error('traffic-thread.ts is started by startTraffic')
const { url, model, apiKey, perSecond, patienceMs = 10_000 } = workerData as TrafficOptions

/** Each connection is asked every `keptConnections / perSecond` seconds, so that they spread over the model's pods. */
const keptConnections = 8
/** The request's number is the model's input; FP32 adds a summand to it without rounding. */
const numbers = 1000

const kept = Array.from({ length: keptConnections }, () => new Agent({ keepAlive: true, maxSockets: 1 }))
let summands: ReadonlySet<number> = new Set(workerData.summands as readonly number[])
let tallies = emptyTallies()
let inFlight = new Set<Promise<void>>()
let sequence = 0

type Outcome =
  | { readonly kind: 'answered'; readonly summand: number }
  | { readonly kind: 'lost'; readonly why: string; readonly detail: string }

const lost = (why: string, detail: string): Outcome => ({ kind: 'lost', why, detail })

const losses: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  EHOSTUNREACH: 'unreachable',
  ABORT_ERR: 'timeout',
}

const judge = (
  number: number,
  status: number | undefined,
  body: string,
  may: ReadonlySet<number>,
): Outcome => {
  if (status !== 200) return lost(`HTTP ${status}`, body.slice(0, 200))
  const [output] = (JSON.parse(body) as { outputs: readonly { data: readonly number[] }[] }).outputs
  const summand = (output?.data[0] ?? Number.NaN) - number
  return may.has(summand)
    ? { kind: 'answered', summand }
    : lost('wrong answer', `${number}: ${body.slice(0, 200)}`)
}

const ask = async (agent: Agent | false): Promise<Outcome> => {
  const number = sequence % numbers
  const may = summands
  const body = JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 1], data: [number] }] })
  try {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
    const call = request(`${url}/v2/models/${model}/infer`, {
      agent,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
      },
      signal: AbortSignal.timeout(patienceMs),
    })
    call.on('response', resolve).on('error', reject)
    call.end(body)
    const response = await promise
    return judge(number, response.statusCode, await text(response), new Set([...may, ...summands]))
  } catch (error) {
    const { code = 'unknown', message } = error as NodeJS.ErrnoException
    return lost(losses[code] ?? code, message)
  }
}

const count = async (stream: Stream, agent: Agent | false, window: Tallies): Promise<void> => {
  const startedMs = performance.now()
  window[stream].sent += 1
  const outcome = await ask(agent)
  const tally = window[stream]
  tally.slowestMs = Math.max(tally.slowestMs, performance.now() - startedMs)
  if (outcome.kind === 'answered') {
    tally.answered[outcome.summand] = (tally.answered[outcome.summand] ?? 0) + 1
  } else {
    tally.lost[outcome.why] = (tally.lost[outcome.why] ?? 0) + 1
    tally.details.push(`${new Date().toISOString()} ${outcome.why}: ${outcome.detail}`)
  }
}

const send = (stream: Stream, agent: Agent | false): void => {
  const one = count(stream, agent, tallies)
  const mine = inFlight
  mine.add(one)
  void one.finally(() => mine.delete(one))
}

/** Sends both requests at the same time, so that neither finds the connection state that the other one left. */
const tick = (): void => {
  sequence += 1
  const agent = kept[sequence % kept.length]
  if (agent) send('kept', agent)
  send('fresh', false)
}

const ticksOf = (rate: number): NodeJS.Timeout | undefined =>
  rate > 0 ? setInterval(tick, 1000 / rate) : undefined

let ticking = ticksOf(perSecond)

const pace = (rate: number): void => {
  clearInterval(ticking)
  ticking = ticksOf(rate)
}

/** What was sent since the last time, once all of it has come to an end. */
const take = async (): Promise<Tallies> => {
  const [window, open] = [tallies, inFlight]
  tallies = emptyTallies()
  inFlight = new Set()
  await Promise.all(open)
  return window
}

port.on('message', async (order: Order) => {
  if (order.kind === 'expect') summands = new Set(order.summands)
  if (order.kind === 'pace') pace(order.perSecond)
  if (order.kind === 'stop') pace(0)
  const isAsked = order.kind === 'take' || order.kind === 'stop'
  const answer = isAsked ? await take() : emptyTallies()
  port.postMessage(answer)
  if (order.kind === 'stop') {
    for (const agent of kept) agent.destroy()
    port.close()
  }
})
