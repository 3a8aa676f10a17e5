/** Spawn to the first prediction, and resident memory after it: the inference server against a bare one, interleaved. */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { infer } from '../e2e/requests.ts'
import { freePort } from '../local-cluster/machine/ports.ts'
import { gantryMain } from './load/gantry.ts'
import { residentMb } from './load/memory.ts'
import { median, type Row } from './report.ts'

const rounds = 9
const root = join(import.meta.dirname, '..')
const model = join(root, 'examples/breast-cancer/model')
const bareServer = join(root, 'bench/server/bare.ts')

interface Start {
  readonly ms: number
  readonly residentMb: number
}

const untilAnswered = async (port: number, child: ChildProcess): Promise<void> => {
  for (;;) {
    const status = await infer(`http://127.0.0.1:${port}`, 'model').then(
      (answer) => answer.status,
      () => 0,
    )
    if (status === 200) return
    if (child.exitCode !== null) throw new Error(`a server ended with ${child.exitCode} before it answered`)
    await sleep(5)
  }
}

const start = async (args: (port: number) => readonly string[]): Promise<Start> => {
  const port = await freePort()
  const begun = performance.now()
  const child = spawn(process.execPath, args(port), {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ORT_DISABLE_TELEMETRY: '1', LOG_LEVEL: 'error' },
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  try {
    await untilAnswered(port, child)
    return { ms: performance.now() - begun, residentMb: residentMb(child.pid ?? 0) }
  } finally {
    child.kill('SIGTERM')
    await ended
  }
}

export const measure = async (): Promise<readonly Row[]> => {
  const ours: Start[] = []
  const bare: Start[] = []
  for (let round = 0; round < rounds; round += 1) {
    bare.push(await start((port) => [bareServer, model, String(port)]))
    ours.push(
      await start((port) => [
        ...gantryMain,
        ...['serve', '--model', model, '--name', 'model', '--task', 'tensor'],
        ...['--port', String(port), '--drain-seconds', '0'],
      ]),
    )
  }
  const against = 'node:http and a session inline, nothing else'
  const row = (what: string, unit: 'ms' | 'MB', of: (run: Start) => number): Row => {
    return { what, ours: median(ours.map(of)), limit: median(bare.map(of)), unit, against }
  }
  return [
    row('spawn to the first prediction', 'ms', ({ ms }) => ms),
    row('resident memory after it', 'MB', ({ residentMb }) => residentMb),
  ]
}
