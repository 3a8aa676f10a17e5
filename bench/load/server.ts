/** A server under measurement: started, asked until it answers, ended with everything it started. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../e2e/cluster/ports.ts'
import { ask } from './callers.ts'
import { residentMb } from './memory.ts'
import type { Request } from './request.ts'

export interface Program {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

export interface RunningServer {
  readonly base: string
  /** From spawn to the first answer 200. */
  readonly coldMs: number
  readonly residentMb: () => number
  readonly stop: () => Promise<void>
}

const pollMs = 5
const startTimeoutMs = 120_000
const endTimeoutMs = 10_000

const gone = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null

/** No request leaves the machine: neither onnxruntime's usage data nor look-ups of models. */
const environment = (extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv => ({
  ...process.env,
  ORT_DISABLE_TELEMETRY: '1',
  HF_HUB_OFFLINE: '1',
  DO_NOT_TRACK: '1',
  PYTHONDONTWRITEBYTECODE: '1',
  ...extra,
})

const end = async (child: ChildProcess): Promise<void> => {
  if (!gone(child)) {
    child.kill('SIGTERM')
    await Promise.race([once(child, 'exit'), sleep(endTimeoutMs, undefined, { ref: false })])
  }
  try {
    // Its process group: servers of several processes do not always take all of them along.
    process.kill(-(child.pid ?? Number.NaN), 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** @throws Error with the program's last lines when it ends or does not answer 200 in time */
export const start = async (
  program: (port: number) => Program | Promise<Program>,
  request: Request,
): Promise<RunningServer> => {
  const port = await freePort()
  const base = `http://127.0.0.1:${port}`
  const { command, args, env } = await program(port)
  const begunMs = performance.now()
  const child = spawn(command, args, {
    env: environment(env),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  const listen = (chunk: Buffer): void => {
    said = (said + chunk.toString()).slice(-3000)
  }
  child.stdout.on('data', listen)
  child.stderr.on('data', listen)
  child.on('error', (error) => listen(Buffer.from(error.message)))
  let answer = { status: 0, text: '' }
  while (answer.status !== 200) {
    answer = await ask(base, request).catch(() => ({ status: 0, text: '' }))
    const late = performance.now() - begunMs > startTimeoutMs
    if (answer.status !== 200 && (gone(child) || child.pid === undefined || late)) {
      if (child.pid !== undefined) await end(child)
      throw new Error(`${command} ${args.join(' ')} did not answer: ${answer.text}\n${said}`)
    }
    if (answer.status !== 200) await sleep(pollMs)
  }
  return {
    base,
    coldMs: performance.now() - begunMs,
    residentMb: () => residentMb(child.pid ?? 0),
    stop: () => end(child),
  }
}
