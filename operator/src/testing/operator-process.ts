import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { TestContext } from 'node:test'

const main = join(import.meta.dirname, '../main.ts')

export type LogLine = Readonly<Record<string, unknown>> & { readonly message: string }

export interface OperatorProcess {
  readonly pid: number
  /** Resolves with the first line of its log, from its start on, that has this message. */
  readonly logged: (message: string) => Promise<LogLine>
  readonly kill: (signal: NodeJS.Signals) => void
  /** Resolves when it has ended, with its exit code, or null when a signal ended it. */
  readonly ended: Promise<number | null>
  readonly hasEnded: () => boolean
}

/** One API server serves all test files: an operator of all namespaces would act on the models of other tests. */
type Env = Readonly<Record<string, string>> & { readonly WATCH_NAMESPACE: string }

/** The operator as a process of its own. Ends with the test. */
export const startOperator = (t: TestContext, env: Env): OperatorProcess => {
  // Some tests start it dozens of times; without the cache each start strips the types of all its modules.
  const { PATH, NODE_COMPILE_CACHE: cache } = process.env
  const child: ChildProcess & { stdout: NodeJS.ReadableStream | null } = spawn(process.execPath, [main], {
    env: {
      ...{ PATH, HTTP_PORT: '0', SERVER_IMAGE: 'registry.example/server:1' },
      OPTIMIZER_IMAGE: 'registry.example/optimizer:1',
      ...(cache === undefined ? {} : { NODE_COMPILE_CACHE: cache }),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines: LogLine[] = []
  const waiting = new Map<string, PromiseWithResolvers<LogLine>>()
  if (child.stdout) {
    createInterface(child.stdout).on('line', (text) => {
      const line = JSON.parse(text) as LogLine
      lines.push(line)
      waiting.get(line.message)?.resolve(line)
    })
  }
  let exitCode: number | null | undefined
  const ended = new Promise<number | null>((resolve) =>
    child.once('exit', (code) => {
      exitCode = code
      resolve(code)
      for (const [message, { reject }] of waiting) {
        reject(
          new Error(
            `it ended without "${message}":\n${lines.map((line) => JSON.stringify(line)).join('\n')}`,
          ),
        )
      }
    }),
  )
  const logged = (message: string): Promise<LogLine> => {
    const line = lines.find((known) => known.message === message)
    if (line) return Promise.resolve(line)
    const wait = waiting.get(message) ?? Promise.withResolvers<LogLine>()
    waiting.set(message, wait)
    wait.promise.catch(() => {}) // callers that wait for it see the error themselves
    return wait.promise
  }
  t.after(async () => {
    child.kill('SIGKILL')
    await ended
  })
  return {
    pid: child.pid ?? 0,
    logged,
    kill: (signal) => void child.kill(signal),
    ended,
    hasEnded: () => exitCode !== undefined,
  }
}
