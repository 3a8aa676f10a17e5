/** Runs a command line as main.ts does, in this process. */
import { run } from '../command-line/run.ts'

export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

export interface Machine {
  readonly env?: NodeJS.ProcessEnv
  readonly input?: string
  /** Columns of a terminal; without it, the output goes to a pipe. */
  readonly terminal?: number
  readonly signal?: AbortSignal
  readonly program?: string
  /** Called with all that was written so far. */
  readonly onOutput?: (out: string) => void
}

/** @param args what follows the name of the program */
export const gantry = async (args: readonly string[], machine: Machine = {}): Promise<Ran> => {
  const written = { out: '', err: '' }
  const tty = machine.terminal === undefined ? {} : { isTTY: true, columns: machine.terminal }
  const stream = (name: 'out' | 'err') => ({
    ...tty,
    write: (text: string) => {
      written[name] += text
      if (name === 'out') machine.onOutput?.(written.out)
    },
  })
  const world = {
    env: machine.env ?? {},
    stdout: stream('out'),
    stderr: stream('err'),
    readInput: async () => machine.input ?? '',
    now: () => Date.now(),
    elapsed: () => performance.now(),
    signal: machine.signal ?? new AbortController().signal,
  }
  const code = await run(world, machine.program ?? 'gantry', args)
  return { code, ...written }
}
