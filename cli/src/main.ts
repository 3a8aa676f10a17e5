/** `gantry`, and `kubectl gantry` where it is called as a plugin of kubectl. */
import module from 'node:module'
import { basename } from 'node:path'
import { text } from 'node:stream/consumers'
import { run } from './command-line/run.ts'
import { exitCodes } from './failure.ts'

/** How long a command may take to end after Ctrl-C. */
const graceMs = 1_000

const interrupted = (): AbortSignal => {
  const controller = new AbortController()
  process.once('SIGINT', () => {
    controller.abort()
    setTimeout(() => process.exit(exitCodes.interrupted), graceMs).unref()
    process.once('SIGINT', () => process.exit(exitCodes.interrupted))
  })
  return controller.signal
}

/** A reader that has enough, such as `head`, is no failure. */
const endWithReader = (stream: NodeJS.WriteStream): void => {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitCodes.done)
    throw error
  })
}

/** Names of the program by the name of the file that was called. */
const calls: Readonly<Record<string, { readonly program: string; readonly first: readonly string[] }>> = {
  'kubectl-gantry': { program: 'kubectl gantry', first: [] },
  'kubectl_complete-gantry': { program: 'kubectl gantry', first: ['__complete', '--kubectl', '--'] },
}

const main = async ([, path = '', ...args]: readonly string[]): Promise<void> => {
  module.enableCompileCache?.() // from Node 22 on: a second start needs less time
  endWithReader(process.stdout)
  endWithReader(process.stderr)
  const name = basename(path).replace(/\.[cm]?[jt]s$/, '')
  const { program, first } = calls[name] ?? { program: 'gantry', first: [] }
  const world = {
    env: process.env,
    stdout: process.stdout,
    stderr: process.stderr,
    readInput: () => text(process.stdin),
    now: () => Date.now(),
    elapsed: () => performance.now(),
    signal: interrupted(),
  }
  process.exitCode = await run(world, program, [...first, ...args])
}

await main(process.argv)
