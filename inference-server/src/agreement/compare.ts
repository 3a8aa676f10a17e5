/** Compares the answers of two graphs in a process of its own, in bounded time. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { shownDuration } from '@gantry/contract/duration.ts'
import type { GraphPair, PairAnswer } from './messages.ts'

const child = fileURLToPath(new URL('./compare-child.ts', import.meta.url))
/** Loading both graphs, and the run that goes on when the time is over. */
const beyondMs = 120_000

/** What the process has of this one's environment. */
const environment = (): NodeJS.ProcessEnv => {
  const { NODE_COMPILE_CACHE: cache } = process.env
  return cache === undefined ? {} : { NODE_COMPILE_CACHE: cache }
}

const unanswered = (code: unknown, killedBy: unknown, limitMs: number): PairAnswer => ({
  kind: 'unknown',
  why:
    killedBy === 'SIGKILL'
      ? `running both took more than ${shownDuration(limitMs)}, or more memory than there is`
      : `the process that runs both ended with ${killedBy ?? `exit code ${code}`}`,
})

/**
 * @param signal ends the process
 * @param moreMs beyond the budget of the pair, after which the process is ended
 * @throws AbortError
 */
export const compareGraphs = async (
  pair: GraphPair,
  signal: AbortSignal,
  moreMs = beyondMs,
): Promise<PairAnswer> => {
  signal.throwIfAborted()
  const one = fork(child, [], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env: environment(),
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const end = (): boolean => one.kill('SIGKILL')
  const timer = setTimeout(end, pair.budgetMs + moreMs)
  signal.addEventListener('abort', end)
  process.once('exit', end)
  try {
    const ended = once(one, 'exit')
    let answer: PairAnswer | undefined
    one.once('message', (message) => {
      answer = message as PairAnswer
    })
    one.send(pair, () => {})
    const [code, killedBy] = await ended
    signal.throwIfAborted()
    return answer ?? unanswered(code, killedBy, pair.budgetMs + moreMs)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', end)
    process.removeListener('exit', end)
  }
}
