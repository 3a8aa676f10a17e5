/**
 * Tokens per second of eight callers at once beside one caller, and how long the first token takes, on a decoder.
 * GANTRY_BENCH_DECODER names the folder of one that is large enough for its weights to count (20 MB or more); without it
 * a tiny one of the reference models shows what the steps themselves cost.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { median, type Row } from '../report.ts'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const model =
  process.env['GANTRY_BENCH_DECODER'] ?? at('../../inference-server/golden/models/text-generation-gpt2')
const port = 9208
const rounds = 5
const callers = 8
const tokens = 96
/** Eight callers should bring at least this many times the tokens of one. */
const wantedGain = 4

const start = async (): Promise<ChildProcess> => {
  const program = at('../../inference-server/src/main.ts')
  const flags = ['--model', model, '--task', 'text-generation', '--device', 'cpu', '--grpc-port', 'off']
  const args = [program, 'serve', ...flags, '--port', String(port)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('the server ended by itself')))
  await Promise.race([once(child.stdout as NodeJS.ReadableStream, 'data'), ended])
  ended.catch(() => {})
  return child
}

/** One text. @returns the milliseconds to its first piece, or to the whole answer */
const write = async (caller: number, stream: boolean): Promise<number> => {
  const startedMs = performance.now()
  const response = await fetch(`http://127.0.0.1:${port}/v1/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      // Prompts of different lengths, as callers have them.
      prompt: Array.from({ length: 8 + 3 * caller }, (_, index) => 1 + ((index * 7 + caller) % 300)),
      max_tokens: tokens,
      min_tokens: tokens,
      temperature: 0,
      stream,
      ...(stream && { stream_options: { include_usage: true } }),
    }),
  })
  if (!response.ok || !response.body) throw new Error(await response.text())
  let firstMs: number | undefined
  let text = ''
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    firstMs ??= performance.now() - startedMs
    text += chunk
  }
  const count = Number(/"completion_tokens":(\d+)/.exec(text)?.[1])
  if (count !== tokens || firstMs === undefined)
    throw new Error(`${count} tokens instead of ${tokens}: ${text.slice(-300)}`)
  return firstMs
}

interface Load {
  readonly perSecond: number
  /** Median over the callers. */
  readonly firstMs: number
}

const writeAll = (count: number, stream: boolean): Promise<readonly number[]> =>
  Promise.all(Array.from({ length: count }, (_, caller) => write(caller, stream)))

/** Whole answers for the speed, since a reader of pieces takes the same processors; then pieces for the first of them. */
const together = async (count: number): Promise<Load> => {
  const startedMs = performance.now()
  await writeAll(count, false)
  const seconds = (performance.now() - startedMs) / 1000
  return { perSecond: (count * tokens) / seconds, firstMs: median(await writeAll(count, true)) }
}

export const measure = async (): Promise<readonly Row[]> => {
  const child = await start()
  try {
    await together(callers)
    const one: Load[] = []
    const many: Load[] = []
    for (let round = 0; round < rounds; round++) {
      one.push(await together(1))
      many.push(await together(callers))
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
    ]
  } finally {
    child.kill('SIGTERM')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
}
