/** The server of a candidate: `serve` as a process of its own, as a pod runs it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { commands, serveArguments } from '@gantry/contract/commands.ts'
import type { EvaluationCandidate, EvaluationRequest } from '@gantry/contract/evaluation.ts'
import type { ServerSettings } from '@gantry/contract/server.ts'
import { allSecretKeys, datasetVariable, sourceVariable } from '@gantry/contract/source.ts'
import { type Ended, lastWords, whyEnded } from './server-end.ts'

/** How all candidates are served. */
export type Serving = Pick<EvaluationRequest, 'device' | 'threads' | 'batching' | 'timeoutSeconds'>

export interface ServerProcess {
  readonly pid: number
  readonly port: number
  /** Time from spawn to the line that says it is ready: Node, the model, its first run. */
  readonly loadMs: number
  /** Settles when the process ends by itself. */
  readonly ended: Promise<Ended>
  /** What the process ended with, where it has. */
  readonly end: () => Ended | undefined
  /** Ends the process, and waits for that. */
  readonly stop: () => Promise<void>
}

export interface ServerOptions {
  readonly candidate: Pick<EvaluationCandidate, 'task' | 'labels' | 'encryptionKeys'>
  /** Absolute. */
  readonly folder: string
  /** Whether it makes a reference for drift. */
  readonly records: boolean
  /** Absolute folder for the settings. */
  readonly workspace: string
  readonly serving: Serving
  readonly env: NodeJS.ProcessEnv
  /** Most time to get ready, in milliseconds. */
  readonly loadLimitMs: number
  readonly signal: AbortSignal
  /** Has the process while it runs. */
  readonly servers: Set<ChildProcess>
}

/** Name of the model in URLs. */
export const servedName = 'model'

const main = fileURLToPath(new URL('../../main.ts', import.meta.url))
const readyLine = /^serving .* at http:\/\/localhost:(\d+)$/m
/** Time to end after SIGTERM, in milliseconds: nothing is in flight, so a server that takes longer is stuck. */
const endMs = 5000
/** What is kept of what a server says. */
const keptCharacters = 16_384

/** Longest delay of a timer in Node, in milliseconds; one of a longer delay fires at once. */
const longestTimerMs = 2 ** 31 - 1

/** The kernel's killer takes the server of a model before the program that measures it. */
const killFirst = '800'

/** The environment, but for credentials, which are no business of what reads a model, and for a collector of traces. */
export const environmentOf = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => {
  const secret = new Set(allSecretKeys.flatMap((key) => [sourceVariable(key), datasetVariable(key)]))
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !secret.has(name) && !name.startsWith('OTEL_')),
  )
}

const settingsOf = ({
  candidate,
  folder,
  records,
  serving,
}: ServerOptions): Partial<Record<keyof ServerSettings, unknown>> => {
  const { device, threads, batching, timeoutSeconds } = serving
  return {
    name: servedName,
    model: folder,
    task: candidate.task,
    drift: records ? 'record' : 'off',
    ...(candidate.encryptionKeys !== undefined && { encryptionKeys: candidate.encryptionKeys }),
    ...(candidate.labels && { labels: candidate.labels }),
    ...(device && { device }),
    ...(threads !== undefined && { threads }),
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
    ...(batching && { batching }),
  }
}

const hasEnded = ({ exitCode, signalCode, pid }: ChildProcess): boolean =>
  pid === undefined || exitCode !== null || signalCode !== null

const stopProcess = async (child: ChildProcess, gone: Promise<unknown>): Promise<void> => {
  if (hasEnded(child)) return
  child.kill('SIGTERM')
  await Promise.race([gone, sleep(endMs, undefined, { ref: false })])
  if (!hasEnded(child)) child.kill('SIGKILL')
  await gone
}

const launch = ({ env }: ServerOptions, settings: string): ChildProcess => {
  const args = serveArguments({ settings, 'drain-seconds': 0 })
  return spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      ...[main, commands.serve, ...args],
      ...['--host', '127.0.0.1', '--port', '0', '--grpc-port', 'off', '--log-level', 'warn'],
    ],
    { env: environmentOf(env), stdio: ['ignore', 'pipe', 'pipe'] },
  )
}

/**
 * Starts the server of a candidate and waits until it is ready.
 * @throws CandidateError LoadFailed or OutOfMemory with the end of its log
 */
export const startServer = async (options: ServerOptions): Promise<ServerProcess> => {
  options.signal.throwIfAborted()
  const settings = join(options.workspace, 'settings.json')
  await writeFile(settings, JSON.stringify(settingsOf(options)))
  const startedMs = performance.now()
  // A process may end at once, so nothing is awaited until its events are listened to.
  const child = launch(options, settings)
  const said = { stdout: '', stderr: '' }
  let stopped = false
  let end: Ended | undefined
  const ended = once(child, 'close').then(([code, signal]): Ended => {
    end = { code, signal, asked: stopped, words: lastWords(said.stderr) }
    return end
  })
  // A program that does not start has no other end.
  const failed = once(child, 'error').then(([error]): Ended => {
    end = { code: null, signal: null, asked: false, words: (error as Error).message }
    return end
  })
  options.servers.add(child)
  const gone = Promise.race([ended, failed]).finally(() => options.servers.delete(child))
  const ready = new Promise<number>((resolve) => {
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream]?.setEncoding('utf8').on('data', (text: string) => {
        said[stream] = (said[stream] + text).slice(-keptCharacters)
        const port = readyLine.exec(said.stdout)?.[1]
        if (stream === 'stdout' && port !== undefined) resolve(Number(port))
      })
  })
  const stop = async (): Promise<void> => {
    stopped = true
    await stopProcess(child, gone)
  }
  const late = new AbortController()
  try {
    if (child.pid !== undefined)
      await writeFile(`/proc/${child.pid}/oom_score_adj`, killFirst).catch(() => undefined) // other systems have no such file
    const limitMs = Math.min(options.loadLimitMs, longestTimerMs)
    const limit = sleep(limitMs, 'late' as const, { signal: late.signal })
    const interrupted = once(options.signal, 'abort', { signal: late.signal }).then(() => 'late' as const)
    const first = await Promise.race([ready, gone, limit, interrupted])
    options.signal.throwIfAborted()
    if (typeof first === 'number') {
      const loadMs = performance.now() - startedMs
      return { pid: child.pid ?? 0, port: first, loadMs, ended: gone, end: () => end, stop }
    }
    throw whyEnded(first === 'late' ? { kind: 'slow', limitMs } : { kind: 'ended', ...first }, 'load')
  } catch (error) {
    await stop()
    throw error
  } finally {
    late.abort()
  }
}
