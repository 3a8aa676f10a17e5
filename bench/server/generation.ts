/**
 * Tokens per second of eight callers at once beside one caller, how long the first token takes, and how long a text stands
 * still while a long prompt is read, on a decoder of 260 MB. GANTRY_BENCH_DECODER names the folder of another one.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { gantryMain } from '../load/gantry.ts'
import { decoderFolder } from '../models/decoder-folder.ts'
import { median, type Row } from '../report.ts'

const port = 9208
const rounds = 5
const callers = 8
const tokens = 96
/** Eight callers should bring at least this many times the tokens of one. */
const wantedGain = 4
/** Tokens of a prompt that arrives while another text is generated. */
const longPrompt = 1500

const start = async (model: string): Promise<ChildProcess> => {
  const flags = ['--model', model, '--task', 'text-generation', '--device', 'cpu', '--grpc-port', 'off']
  const args = [...gantryMain, 'serve', ...flags, '--port', String(port), '--drain-seconds', '0']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('the server ended by itself')))
  await Promise.race([once(child.stdout as NodeJS.ReadableStream, 'data'), ended])
  ended.catch(() => {})
  return child
}

/** Prompts of different lengths, as callers have them. */
const promptOf = (caller: number, length = 8 + 3 * caller): readonly number[] =>
  Array.from({ length }, (_, index) => 1 + ((index * 7 + caller) % 300))

/** One text. @returns the moments of its pieces, in milliseconds since it was asked for; one of the whole answer */
const write = async (
  prompt: readonly number[],
  tokens: number,
  stream: boolean,
): Promise<readonly number[]> => {
  const startedMs = performance.now()
  const response = await fetch(`http://127.0.0.1:${port}/v1/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      prompt,
      max_tokens: tokens,
      min_tokens: tokens,
      temperature: 0,
      stream,
      ...(stream && { stream_options: { include_usage: true } }),
    }),
  })
  if (!response.ok || !response.body) throw new Error(await response.text())
  const moments: number[] = []
  let text = ''
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    moments.push(performance.now() - startedMs)
    text += chunk
  }
  const count = Number(/"completion_tokens":(\d+)/.exec(text)?.[1])
  if (count !== tokens) throw new Error(`${count} tokens instead of ${tokens}: ${text.slice(-300)}`)
  return moments
}

interface Load {
  readonly perSecond: number
  /** Median over the callers. */
  readonly firstMs: number
}

/** @returns the milliseconds to the first piece of each */
const writeAll = (count: number, stream: boolean): Promise<readonly number[]> =>
  Promise.all(
    Array.from({ length: count }, async (_, caller) => {
      const [firstMs = Number.NaN] = await write(promptOf(caller), tokens, stream)
      return firstMs
    }),
  )

/** Longest time between two pieces of a text while a long prompt is read, and how long that takes alone. */
const pauses = async (): Promise<{ readonly besideMs: number; readonly aloneMs: number }> => {
  const prompt = promptOf(1, longPrompt)
  const [aloneMs = Number.NaN] = await write(prompt, 1, true)
  const other = write(promptOf(2), tokens, true)
  await write(prompt, 1, true)
  const moments = await other
  const gaps = moments.slice(1).map((moment, index) => moment - (moments[index] ?? 0))
  return { besideMs: Math.max(...gaps), aloneMs }
}

/** Whole answers for the speed, since a reader of pieces takes the same processors; then pieces for the first of them. */
const together = async (count: number): Promise<Load> => {
  const startedMs = performance.now()
  await writeAll(count, false)
  const seconds = (performance.now() - startedMs) / 1000
  return { perSecond: (count * tokens) / seconds, firstMs: median(await writeAll(count, true)) }
}

export const measure = async (): Promise<readonly Row[]> => {
  const child = await start(process.env['GANTRY_BENCH_DECODER'] ?? (await decoderFolder()))
  try {
    await together(callers)
    const one: Load[] = []
    const many: Load[] = []
    const paused: Awaited<ReturnType<typeof pauses>>[] = []
    for (let round = 0; round < rounds; round++) {
      one.push(await together(1))
      many.push(await together(callers))
      paused.push(await pauses())
    }
    const perSecond = (found: readonly Load[]): number => median(found.map((load) => load.perSecond))
    const firstMs = (found: readonly Load[]): number => median(found.map((load) => load.firstMs))
    return [
      {
        what: `tokens, ${callers} callers`,
        ours: perSecond(many),
        limit: perSecond(one) * wantedGain,
        unit: 'per second',
        against: `${wantedGain} times the tokens of one caller`,
      },
      {
        what: `first token, ${callers} callers`,
        ours: firstMs(many),
        limit: firstMs(one) * callers,
        unit: 'ms',
        against: `${callers} times that of one caller`,
      },
      {
        what: `longest pause beside a prompt of ${longPrompt} tokens`,
        ours: median(paused.map(({ besideMs }) => besideMs)),
        limit: median(paused.map(({ aloneMs }) => aloneMs)),
        unit: 'ms',
        against: 'that prompt alone',
      },
    ]
  } finally {
    child.kill('SIGTERM')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
}
