/**
 * Requests per second and latency of the inference server on a tiny model, beside the bare server of bare.ts, in turns.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { gantryMain } from '../load/gantry.ts'
import { jsonRequest } from '../load/request.ts'
import { type Load, load } from '../load/wrk.ts'
import { median, type Row } from '../report.ts'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const model = at('../../examples/breast-cancer/model')
const name = 'tiny'
const port = 9207
const base = `http://127.0.0.1:${port}`
/** FP32 [1, 30]: what the example's model takes. */
const request = jsonRequest(`/v2/models/${name}/infer`, {
  inputs: [
    {
      name: 'input',
      datatype: 'FP32',
      shape: [1, 30],
      data: Array.from({ length: 30 }, (_, index) => index + 0.5),
    },
  ],
  outputs: [{ name: 'probabilities' }],
})

const servers = {
  bare: [at('./bare.ts'), model, String(port)],
  ours: [
    ...gantryMain,
    ...['serve', '--model', model, '--name', name, '--drain-seconds', '0'],
    ...['--port', String(port), '--grpc-port', 'off'],
  ],
} as const
type ServerName = keyof typeof servers

const rounds = 3
const warmUpSeconds = 1
const seconds = 4

const start = async (server: ServerName): Promise<ChildProcess> => {
  const child = spawn(process.execPath, [...servers[server]], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit').then(() =>
    Promise.reject(new Error(`the ${server} server ended by itself`)),
  )
  // Both servers say one line when they are ready.
  await Promise.race([once(child.stdout as NodeJS.ReadableStream, 'data'), ended])
  ended.catch(() => {})
  return child
}

/** Throughput of 32 callers, then latency of one. */
const round = async (server: ServerName): Promise<readonly [Load, Load]> => {
  const child = await start(server)
  try {
    return [
      await load(base, request, { callers: 32, warmUpSeconds, seconds }),
      await load(base, request, { callers: 1, warmUpSeconds, seconds }),
    ]
  } finally {
    child.kill('SIGTERM')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
}

export const measure = async (): Promise<readonly Row[]> => {
  const found: Record<ServerName, (readonly [Load, Load])[]> = { bare: [], ours: [] }
  for (let turn = 0; turn < rounds; turn++) {
    for (const server of ['bare', 'ours'] as const) found[server].push(await round(server))
  }
  const many = (server: ServerName): number => median(found[server].map(([most]) => most.perSecond))
  const single = (server: ServerName): number => median(found[server].map(([, one]) => one.p50Ms))
  const against = 'node:http and the session on one thread'
  return [
    { what: 'requests, 32 callers', ours: many('ours'), limit: many('bare'), unit: 'per second', against },
    { what: 'latency, 1 caller', ours: single('ours'), limit: single('bare'), unit: 'ms', against },
  ]
}
