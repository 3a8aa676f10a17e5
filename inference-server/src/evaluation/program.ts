/** A program that a search runs: it ends by itself, or is killed when its time is over. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { lastWords } from './serving/server-end.ts'
import { environmentOf } from './serving/server-process.ts'

export interface ProgramEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** The end of what it wrote to the standard error. */
  readonly words: string
  /** Whether it was killed because its time was over. */
  readonly isLate: boolean
}

export interface ProgramOptions {
  /** Credentials in it are not passed on. */
  readonly env: NodeJS.ProcessEnv
  readonly signal: AbortSignal
  /** Most time, in milliseconds. */
  readonly limitMs: number
  /** Has the process while it runs. */
  readonly servers: Set<ChildProcess>
}

/** What is kept of what a program says. */
const keptCharacters = 16_384
/** Longest delay of a timer in Node, in milliseconds; one of a longer delay fires at once. */
const longestTimerMs = 2 ** 31 - 1

/** @throws AbortError where the signal says so; the program is killed then */
export const runProgram = async (
  [program = '', ...args]: readonly string[],
  { env, signal, limitMs, servers }: ProgramOptions,
): Promise<ProgramEnd> => {
  signal.throwIfAborted()
  const child = spawn(program, args, { env: environmentOf(env), stdio: ['ignore', 'ignore', 'pipe'] })
  servers.add(child)
  let words = ''
  let isLate = false
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-keptCharacters)
  })
  const kill = (): void => void child.kill('SIGKILL')
  const timer = setTimeout(
    () => {
      isLate = true
      kill()
    },
    Math.min(limitMs, longestTimerMs),
  )
  signal.addEventListener('abort', kill)
  try {
    const [code, endSignal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
    signal.throwIfAborted()
    return { code, signal: endSignal, words: lastWords(words), isLate }
  } catch (error) {
    signal.throwIfAborted()
    return { code: null, signal: null, words: (error as Error).message, isLate } // it did not start
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', kill)
    servers.delete(child)
  }
}
