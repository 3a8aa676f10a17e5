/** A server under measurement: started, asked until it answers, ended with everything it started. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../local-cluster/machine/ports.ts'
import { ask } from './ask.ts'
import { cpuSeconds, residentMb } from './memory.ts'
import type { Request } from './request.ts'

export interface Program {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

export interface RunningServer {
  readonly base: string
  /** Time from spawn to the first response with status 200. */
  readonly coldMs: number
  readonly residentMb: () => number
  /** Processor time of the process and all its threads so far. */
  readonly cpuSeconds: () => number
  readonly stop: () => Promise<void>
}

const pollMs = 5
const startTimeoutMs = 120_000
const endTimeoutMs = 10_000

/** Whether the process has ended, or never started. */
const gone = ({ pid, exitCode, signalCode }: ChildProcess): boolean =>
  pid === undefined || exitCode !== null || signalCode !== null

/** No request leaves the machine: neither onnxruntime's usage data nor look-ups of models. */
const environment = (extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv => ({
  ...process.env,
  ORT_DISABLE_TELEMETRY: '1',
  HF_HUB_OFFLINE: '1',
  DO_NOT_TRACK: '1',
  PYTHONDONTWRITEBYTECODE: '1',
  ...extra,
})

/** Its process group: servers of several processes do not always take all of them along. */
const killGroup = ({ pid }: ChildProcess): void => {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

const end = async (child: ChildProcess): Promise<void> => {
  if (!gone(child)) {
    child.kill('SIGTERM')
    await Promise.race([once(child, 'exit'), sleep(endTimeoutMs, undefined, { ref: false })])
  }
  killGroup(child)
}

/** Asks until the answer is 200. @returns what else was answered when there is no hope of it any more, undefined when all is well */
const untilAnswered = async (
  base: string,
  request: Request,
  child: ChildProcess,
): Promise<string | undefined> => {
  const untilMs = performance.now() + startTimeoutMs
  for (;;) {
    const { status, text } = await ask(base, request).catch((error: Error) => ({
      status: 0,
      text: error.message,
    }))
    if (status === 200) return undefined
    if (gone(child) || performance.now() > untilMs) return text
    await sleep(pollMs)
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
    // MLServer leaves folders where it starts.
    cwd: tmpdir(),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  // Ends the processes of a measurement that is interrupted.
  const killAtExit = (): void => killGroup(child)
  process.once('exit', killAtExit)
  const stop = async (): Promise<void> => {
    await end(child)
    process.off('exit', killAtExit)
  }
  let said = ''
  const listen = (chunk: Buffer | string): void => {
    said = `${said}${chunk}`.slice(-3000)
  }
  child.stdout.on('data', listen)
  child.stderr.on('data', listen)
  child.on('error', ({ message }) => listen(message))
  const refusal = await untilAnswered(base, request, child)
  const coldMs = performance.now() - begunMs
  if (refusal !== undefined) {
    await stop()
    throw new Error(`${command} ${args.join(' ')} did not answer: ${refusal}\n${said}`)
  }
  return {
    base,
    coldMs,
    residentMb: () => residentMb(child.pid ?? 0),
    cpuSeconds: () => cpuSeconds(child.pid ?? 0),
    stop,
  }
}
